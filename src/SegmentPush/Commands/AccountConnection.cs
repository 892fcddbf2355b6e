using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Marketo;
using SegmentPush.Secrets;

namespace SegmentPush.Commands;

/// <summary>Connects with a saved account.</summary>
internal static class AccountConnection
{
    /// <summary>Connects.</summary>
    /// <param name="cmdlet">The cmdlet that needs the connection; a vault is asked in its session.</param>
    /// <param name="account">Name of the account.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="adjust">What this connection has otherwise than the account; null where nothing.</param>
    /// <exception cref="SegmentPushException">The account or its secret is missing or can't be used, or its sandbox has ended (<c>SandboxEnded</c>).</exception>
    /// <exception cref="MarketoException">The credentials are refused, or the instance cannot be reached.</exception>
    public static MarketoConnection Open(
        PSCmdlet cmdlet, string account, CancellationToken stop, Func<MarketoConnectionOptions, MarketoConnectionOptions>? adjust = null)
    {
        var accounts = new AccountStore();
        var saved = accounts.Get(account);
        accounts.CheckIsPrivate(saved);
        using var secret = AccountSecret.Read(cmdlet, accounts, saved);
        var options = AccountSecret.Checked(saved.Name, saved.Options(secret).Checked);
        if (adjust is not null) options = adjust(options);
        return EndedSandbox.Connect(
            () => MarketoConnection.ConnectAsync(options, stop).GetAwaiter().GetResult(), saved.Name, saved.Endpoint, "Connect-MarketoLaunchpoint -Sandbox");
    }
}
