using SegmentPush.Journal;
using SegmentPush.Platform;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Sandbox.Platform;
using static SegmentPush.Core.Tests.Pushes.AudienceFixture;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Consent to marketing by email in the profiles of an audience, with any parts of it in the union schema.</summary>
public sealed class AudienceConsentTests
{
    [Fact]
    public async Task Consent_of_one_address_excludes_that_address_alone()
    {
        await using var fixture = await StartAsync();
        fixture.Identities = AudienceIdentities.All;
        fixture.Add(Profile("Ann", ["ann@example.com", "a@example.com"], consent: "y") with
        {
            EmailConsents = new Dictionary<string, string> { ["A@example.com"] = "n", ["other@example.com"] = "n" },
        });

        var status = await fixture.PushAsync();

        Assert.Equal(["ann@example.com"], fixture.Marketo.Push.Members());
        Assert.Equal((2, 1, 1), (status.Received, status.Added, status.NoConsent));
    }

    [Fact]
    public async Task A_union_schema_without_consents_of_addresses_is_exported_without_them()
    {
        await using var fixture = await StartAsync(adjust: options => options with { HasConsentsOfAddresses = false });
        fixture.Add(Profile("Ann", ["ann@example.com"]));

        var status = await fixture.PushAsync();

        Assert.Equal(1, status.Added);
        Assert.Single(fixture.Platform.Platform.ExportJobs);
    }

    [Fact]
    public async Task A_union_schema_without_any_consent_is_exported_without_it()
    {
        await using var fixture = await StartAsync(adjust: options => options with { HasConsents = false });
        fixture.Add(Profile("Ann", ["ann@example.com"]));

        var status = await fixture.PushAsync();

        Assert.Equal((1, 0), (status.Added, status.NoConsent));
        Assert.Single(fixture.Platform.Platform.ExportJobs);
    }

    [Fact]
    public async Task Consent_to_emails_holds_where_the_union_schema_lacks_the_other_consents()
    {
        await using var fixture = await StartAsync(adjust: options => options with { HasConsentToAny = false, HasConsentsOfAddresses = false });
        fixture.Add(Profile("Ann", ["ann@example.com"]), Profile("No", ["no@example.com"], consent: "n"));

        var status = await fixture.PushAsync();

        Assert.Equal((1, 1), (status.Added, status.NoConsent));
        Assert.Single(fixture.Platform.Platform.ExportJobs);
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    public async Task A_push_of_people_whose_consent_nobody_knows_says_so(bool hasConsents, bool ignoresConsent, bool isTold)
    {
        await using var fixture = await StartAsync(adjust: options => options with { HasConsents = hasConsents });
        fixture.Add(Profile("Ann", ["ann@example.com"]));
        var warnings = new List<string>();

        await fixture.PushAsync(e => AddTo(warnings, e), ignoresConsent);

        Assert.Equal(isTold, warnings.Any(warning => warning.Contains("has no field of consent", StringComparison.Ordinal)));
    }

    private static void AddTo(List<string> warnings, PushEvent happened)
    {
        if (happened is PushWarned warned) warnings.Add(warned.Message.ToString());
    }
}
