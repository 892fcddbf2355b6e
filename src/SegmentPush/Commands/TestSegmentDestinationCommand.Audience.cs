using SegmentPush.Destinations;
using SegmentPush.Pushes.Audiences;

namespace SegmentPush.Commands;

/// <content>The checks of a destination whose segment is an audience. Nobody is exported for them.</content>
public sealed partial class TestSegmentDestinationCommand
{
    private void TestAudience(SegmentDestination destination)
    {
        PlatformUse? platform = null;
        try
        {
            bool isConnected = Try("Platform", () =>
            {
                platform = new PlatformUse(this, PlatformConnection, destination.PlatformAccount, StopToken);
                platform.CheckLeadsTo(destination);
                Passed("Platform", $"Connected to the sandbox {platform.Connection.SandboxName} of {platform.Connection.OrganizationId}.");
            });
            if (isConnected) TestAudience(new AudienceChecks(platform!.Connection, destination));
        }
        finally
        {
            platform?.Dispose();
        }
    }

    private void TestAudience(AudienceChecks checks)
    {
        Try("Audience", () =>
        {
            var (audience, found) = checks.FindAsync(StopToken).GetAwaiter().GetResult();
            WriteObject(found);
            Try("Policy", () => WriteObject(checks.CheckPoliciesAsync(audience, StopToken).GetAwaiter().GetResult()));
            Try("Export", () => WriteObject(checks.CheckExportAsync(StopToken).GetAwaiter().GetResult()));
        });
    }
}
