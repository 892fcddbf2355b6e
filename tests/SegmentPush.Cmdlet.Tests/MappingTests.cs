using System.Management.Automation;

namespace SegmentPush.Cmdlet.Tests;

public sealed class MappingTests
{
    [Fact]
    public void A_mapping_kept_as_a_table_can_be_piped_in()
    {
        using var session = new ModuleSession(connected: false);

        var entries = session.Run("""
            [pscustomobject]@{ Source = 'mail'; Target = 'email'; Identity = 'Email' },
            [pscustomobject]@{ Source = 'person.name.firstName'; Target = 'firstName'; Identity = '' } | New-SegmentMapping
            """);

        Assert.Equal(["mail", "person.name.firstName"], entries.Select(entry => (string)entry.Properties["Source"].Value));
        Assert.Equal(["Email", null], entries.Select(entry => (string?)entry.Properties["Identity"].Value));
    }

    [Theory]
    [InlineData("@{ email = 'email'; first = 'firstName' }")]
    [InlineData("@((New-SegmentMapping email email -Identity Email), (New-SegmentMapping first firstName))")]
    [InlineData("@([pscustomobject]@{ Source = 'email'; Target = 'email' }, @{ Source = 'first'; Target = 'firstName' })")]
    public void A_push_takes_a_mapping_in_every_form(string mapping)
    {
        using var session = new ModuleSession();

        var status = session.One($"$input | Invoke-SegmentPush -StaticList 1021 -Mapping {mapping}", ModuleSession.People(3));

        Assert.Equal(3L, status.Added);
    }

    [Theory]
    [InlineData("@{ email = 'emial' }", "FieldNotFound", "email")]
    [InlineData("@{ email = 'email'; first = 'createdAt' }", "FieldNotUpdateable", "createdAt")]
    [InlineData("@{ email = 'email'; mial = 'firstName' }", "SourceColumnNotFound", "email")]
    [InlineData("@((New-SegmentMapping email firstName -Identity Name))", "IdentityNotSearchable", "firstName")]
    [InlineData("@((New-SegmentMapping email email), (New-SegmentMapping first email))", "TargetMappedTwice", "email")]
    [InlineData("@{ first = 'firstName' }", "IdentityMissing", "email")]
    public void A_mistake_in_a_mapping_is_named_before_anything_is_sent(string mapping, string id, string names)
    {
        using var session = new ModuleSession();

        var error = session.Fail($"$input | Invoke-SegmentPush -StaticList 1021 -Mapping {mapping}", ModuleSession.People(1));

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(names, error + error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(session.Run("Get-PushStatus"));
    }

    [Fact]
    public void What_is_no_mapping_is_refused()
    {
        using var session = new ModuleSession();

        var error = session.Fail("Invoke-SegmentPush -Path x.csv -StaticList 1021 -Mapping 'email'");

        Assert.Contains("New-SegmentMapping", error.ToString(), StringComparison.Ordinal);
    }
}
