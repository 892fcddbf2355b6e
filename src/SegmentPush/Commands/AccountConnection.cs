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
    /// <exception cref="SegmentPushException">The account or its secret is missing or can't be used.</exception>
    /// <exception cref="MarketoException">The credentials are refused, or the instance cannot be reached.</exception>
    public static MarketoConnection Open(
        PSCmdlet cmdlet, string account, CancellationToken stop, Func<MarketoConnectionOptions, MarketoConnectionOptions>? adjust = null)
    {
        var accounts = new AccountStore();
        var saved = accounts.Get(account);
        accounts.CheckIsPrivate(saved);
        using var secret = saved.SecretStore switch
        {
            SecretStore.Vault => new SecretVault(cmdlet).Read(saved),
            SecretStore.Environment => EnvironmentSecret.Read(saved.Name),
            _ => accounts.ReadSecret(saved),
        };
        var options = Checked(saved, saved.Options(secret));
        return MarketoConnection.ConnectAsync(adjust is null ? options : adjust(options), stop).GetAwaiter().GetResult();
    }

    // The file of an account may have been edited.
    private static MarketoConnectionOptions Checked(MarketoAccount account, MarketoConnectionOptions options)
    {
        try
        {
            return options.Checked();
        }
        catch (SegmentPushException error)
        {
            throw new SegmentPushException(
                error.ErrorId, $"The account '{account.Name}' can't be used. {error.Message}", error.RecommendedAction, account.Name, error);
        }
    }
}
