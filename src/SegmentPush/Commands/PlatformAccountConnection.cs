using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Platform;
using SegmentPush.Secrets;

namespace SegmentPush.Commands;

/// <summary>Connects to Experience Platform with a saved account.</summary>
internal static class PlatformAccountConnection
{
    /// <summary>Connects.</summary>
    /// <param name="cmdlet">The cmdlet that needs the connection; a vault is asked in its session.</param>
    /// <param name="account">Name of the account.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="adjust">What this connection has otherwise than the account; null where nothing.</param>
    /// <exception cref="SegmentPushException">The account or its secret is missing or can't be used, or its sandbox has ended (<c>SandboxEnded</c>).</exception>
    /// <exception cref="PlatformException">The credential is refused, or the platform cannot be reached.</exception>
    public static PlatformConnection Open(
        PSCmdlet cmdlet, string account, CancellationToken stop, Func<PlatformConnectionOptions, PlatformConnectionOptions>? adjust = null)
    {
        var accounts = new PlatformAccountStore();
        var saved = accounts.Get(account);
        accounts.CheckIsPrivate(saved);
        using var secret = AccountSecret.Read(cmdlet, accounts, saved);
        var options = AccountSecret.Checked(saved.Name, saved.Options(secret).Checked);
        if (adjust is not null) options = adjust(options);
        return EndedSandbox.Connect(
            () => PlatformConnection.ConnectAsync(options, stop).GetAwaiter().GetResult(), saved.Name, saved.Endpoint, "Connect-ExperiencePlatform -Rehearsal");
    }
}
