using SegmentPush.Platform;
using SegmentPush.Sandbox.Platform;

namespace SegmentPush.Core.Tests.Platform;

public sealed class PlatformAudienceTests
{
    [Fact]
    public async Task All_audiences_come_once_over_many_pages()
    {
        using var fixture = new PlatformFixture(options => options with { AudiencesPerPage = 7 });
        for (int i = 0; i < 50; i++) fixture.Platform.AddAudience(new PlatformSandboxAudience(Guid.NewGuid().ToString(), $"Audience {i}"));
        using var connection = await fixture.ConnectAsync();

        var audiences = await connection.Audiences.GetAsync(null, PlatformFixture.Stop).ToListAsync(PlatformFixture.Stop);

        Assert.Equal(54, audiences.Count);
        Assert.Equal(54, audiences.DistinctBy(audience => audience.Id).Count());
    }

    [Fact]
    public async Task An_audience_tells_what_the_platform_knows_of_it()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();

        var audience = await connection.Counts.FillAsync((await connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop))!, PlatformFixture.Stop);

        Assert.Equal("Webinar EMEA", audience.Name);
        Assert.Equal("published", audience.State);
        Assert.Equal("Batch", audience.Evaluation);
        Assert.Equal("REAL_TIME_CUSTOMER_PROFILE", audience.Origin);
        Assert.Equal(["core/C2"], audience.Labels);
        Assert.Equal(112, audience.Size);
        Assert.NotNull(audience.LastEvaluated);
        Assert.Equal("Registered for the webinar", audience.Description);
    }

    [Theory]
    [InlineData("Webinar EMEA")]
    [InlineData(" webinar emea ")]
    [InlineData(PlatformFixture.Webinar)]
    public async Task A_name_or_an_id_means_one_audience(string text)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();

        Assert.Equal(PlatformFixture.Webinar, (await AudienceReference.ResolveAsync(connection.Audiences, text, PlatformFixture.Stop)).Id);
    }

    [Fact]
    public async Task Two_audiences_of_a_name_are_refused_with_their_ids()
    {
        using var fixture = new PlatformFixture();
        fixture.Platform.AddAudience(new PlatformSandboxAudience("a2", "Webinar EMEA"));
        using var connection = await fixture.ConnectAsync();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => AudienceReference.ResolveAsync(connection.Audiences, "Webinar EMEA", PlatformFixture.Stop));

        Assert.Equal("AudienceAmbiguous", error.ErrorId);
        Assert.Contains(PlatformFixture.Webinar, error.Message, StringComparison.Ordinal);
        Assert.Contains("a2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Webinar APAC", "a draft")]
    [InlineData("Customers of 2019", "inactive")]
    [InlineData("Key accounts", "an audience of accounts")]
    public async Task An_audience_that_can_t_be_used_is_refused_with_the_reason(string name, string reason)
    {
        using var fixture = new PlatformFixture();
        fixture.Platform.AddAudience(new PlatformSandboxAudience("a3", "Key accounts") { SchemaName = "_xdm.context.account" });
        using var connection = await fixture.ConnectAsync();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => AudienceReference.ResolveAsync(connection.Audiences, name, PlatformFixture.Stop));

        Assert.Equal("AudienceNotUsable", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_audience_is_an_error()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => AudienceReference.ResolveAsync(connection.Audiences, "Nobody", PlatformFixture.Stop));

        Assert.Equal("AudienceNotFound", error.ErrorId);
    }

    [Fact]
    public void Fields_are_the_places_that_paths_lead_to()
    {
        var fields = AudienceFields.Of(["person_name_firstName", "identityMap.Email", "segmentMembership.ups.x.status", "organizations[0].name", "workEmail.address", "workEmail"], isForPush: false);

        Assert.Equal(["identityMap", "organizations", "person.name.firstName", "segmentMembership", "workEmail"], fields);
    }

    [Theory]
    [InlineData("_tenant_level")]
    [InlineData("a,b")]
    [InlineData("a..b")]
    public void A_text_that_is_no_path_is_refused(string path) =>
        Assert.Equal("FieldPathInvalid", Assert.Throws<SegmentPushException>(() => AudienceFields.Of([path], isForPush: false)).ErrorId);
}
