using System.Collections.ObjectModel;
using System.Management.Automation;

namespace SegmentPush.Cmdlet.Tests;

public sealed class ConnectTests
{
    [Fact]
    public void A_connection_shows_where_it_leads_and_no_secret()
    {
        using var session = new ModuleSession(connected: false);

        var connection = session.One("Connect-MarketoLaunchpoint -Sandbox -PassThru");

        Assert.Equal("000-SBX-000", connection.MunchkinId);
        Assert.Equal("sandbox@example.com", connection.ApiUser);
        Assert.True(connection.Expires > DateTimeOffset.UtcNow);
        Assert.Equal(0L, connection.Calls);
        Assert.DoesNotContain(((PSObject)connection).Properties, p => p.Name.Contains("ecret", StringComparison.Ordinal) || $"{p.Value}".Contains("sandbox-secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_emitted_unless_asked_for()
    {
        using var session = new ModuleSession(connected: false);

        Assert.Empty(session.Run("Connect-MarketoLaunchpoint -Sandbox"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("rest")]
    [InlineData("rest/")]
    public void An_endpoint_is_accepted_with_and_without_rest(string end)
    {
        using var session = new ModuleSession(connected: false);

        var name = session.One($$"""
            $it = Connect-MarketoLaunchpoint -Sandbox -PassThru
            $secret = [securestring]::new(); foreach ($c in 'sandbox-secret'.ToCharArray()) { $secret.AppendChar($c) }
            $again = Connect-MarketoLaunchpoint -Endpoint "$($it.Endpoint){{end}}" -ClientId sandbox-client -ClientSecret $secret -PassThru
            (Get-MarketoStaticList -Id 1021 -Connection $again).Name
            """);

        Assert.Equal("Webinar EMEA", name.ToString());
    }

    [Fact]
    public void Wrong_credentials_fail_here_and_say_what_to_check()
    {
        using var session = new ModuleSession(connected: false);

        var error = session.Fail("""
            $secret = [securestring]::new(); foreach ($c in 'hunter2hunter2'.ToCharArray()) { $secret.AppendChar($c) }
            Connect-MarketoLaunchpoint -Sandbox -Credential ([pscredential]::new('sandbox-client', $secret))
            """);

        Assert.StartsWith("InvalidCredentials,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.Contains("Admin > LaunchPoint", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error + error.ErrorDetails.RecommendedAction + error.Exception, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connect-MarketoLaunchpoint -MunchkinId 284-RPR-133", "CredentialIncomplete")]
    [InlineData("Connect-MarketoLaunchpoint -MunchkinId 284-RPR-133 -ClientId only", "CredentialIncomplete")]
    [InlineData("Connect-MarketoLaunchpoint -MunchkinId 'not one' -Credential $c", "InvalidMunchkinId")]
    [InlineData("Connect-MarketoLaunchpoint -Endpoint http://marketo.example/rest -Credential $c", "EndpointNotSecure")]
    [InlineData("Get-MarketoStaticList", "NotConnected")]
    [InlineData("Disconnect-MarketoLaunchpoint", "NotConnected")]
    public void What_cannot_work_has_an_error_of_its_own_that_says_what_to_do(string script, string id)
    {
        using var session = new ModuleSession(connected: false);

        var error = session.Fail("$s = [securestring]::new(); $s.AppendChar('x'); $c = [pscredential]::new('id', $s); " + script);

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void A_connection_belongs_to_its_own_runspace_and_can_be_handed_on()
    {
        using var first = new ModuleSession();
        using var other = new ModuleSession(connected: false);
        object connection = first.Run("Connect-MarketoLaunchpoint -Sandbox -PassThru")[0];

        Assert.StartsWith("NotConnected,", other.Fail("Get-MarketoStaticList").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(other.Run("$input | ForEach-Object { Get-MarketoStaticList -Connection $_ }", [connection]));
    }

    [Fact]
    public void Disconnecting_forgets_the_connection()
    {
        using var session = new ModuleSession();

        session.Run("Disconnect-MarketoLaunchpoint");

        Assert.StartsWith("NotConnected,", session.Fail("Get-MarketoStaticList").FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
