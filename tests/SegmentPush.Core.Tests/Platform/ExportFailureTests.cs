using SegmentPush.Platform;

namespace SegmentPush.Core.Tests.Platform;

/// <summary>What is said of export jobs that Adobe lets fail without a reason.</summary>
public sealed class ExportFailureTests
{
    private static readonly string[] s_fields = ["person.name.firstName", "workEmail.address", "identityMap"];

    [Fact]
    public async Task A_job_that_fails_for_a_field_names_the_fields_that_no_export_has_brought()
    {
        using var fixture = new PlatformFixture(options => options with { FailsUnknownFields = true });
        using var connection = await fixture.ConnectAsync();
        await ExportAsync(connection, s_fields);

        var error = await Assert.ThrowsAsync<PlatformException>(() => ExportAsync(connection, [.. s_fields, "workAdress.city"]));

        Assert.Equal("PlatformExportFailed", error.ErrorId);
        Assert.EndsWith("may lack one of them: workAdress.city.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Profiles > Union schema", error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("-IgnoreConsent", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(2, fixture.Platform.ExportJobs.Count);
    }

    [Fact]
    public async Task A_job_that_fails_for_consents_alone_leads_to_IgnoreConsent()
    {
        using var fixture = new PlatformFixture(options => options with { FailsUnknownFields = true, HasConsents = false });
        using var connection = await fixture.ConnectAsync();
        await ExportAsync(connection, s_fields);

        var error = await Assert.ThrowsAsync<PlatformException>(() => ExportAsync(connection, AudienceFields.Of(s_fields, isForPush: true)));

        Assert.Equal("PlatformExportFailed", error.ErrorId);
        Assert.Contains("consents.marketing.email.val", error.Message, StringComparison.Ordinal);
        Assert.Contains("-IgnoreConsent", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_somebody_has_cancelled_blames_no_field()
    {
        var job = new ExportJob("7", ExportJobState.Failed, "CANCELLED");

        var error = ExportFailure.Of(job, "Webinar EMEA", s_fields);

        Assert.EndsWith("ended as CANCELLED.", error.Message, StringComparison.Ordinal);
    }

    private static async Task ExportAsync(PlatformConnection connection, IReadOnlyList<string> fields)
    {
        var audience = (await connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop))!;
        using var export = new AudienceExport(connection, new AudienceExportOptions(audience, fields));
        await export.RunAsync(PlatformFixture.Stop);
    }
}
