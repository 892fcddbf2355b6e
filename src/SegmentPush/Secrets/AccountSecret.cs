using System.Management.Automation;
using System.Security;
using SegmentPush.Accounts;

namespace SegmentPush.Secrets;

/// <summary>The client secret of a saved account, wherever it is kept.</summary>
internal static class AccountSecret
{
    /// <summary>Reads it.</summary>
    /// <param name="cmdlet">The cmdlet that needs it; a vault is asked in its session.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="account">The account.</param>
    /// <exception cref="SegmentPushException">It is missing or can't be used.</exception>
    public static SecureString Read<T>(PSCmdlet cmdlet, AccountStore<T> accounts, T account)
        where T : class, ISavedAccount => account.SecretStore switch
        {
            SecretStore.Vault => new SecretVault(cmdlet, accounts.Secrets).Read(account),
            SecretStore.Environment => EnvironmentSecret.Read(accounts.Secrets, account.Name),
            _ => accounts.ReadSecret(account),
        };

    /// <summary>Options that the file of an account gave, checked: people may have edited the file.</summary>
    /// <param name="account">Name of the account.</param>
    /// <param name="check">Checks the options.</param>
    /// <exception cref="SegmentPushException">They can't be right.</exception>
    public static T Checked<T>(string account, Func<T> check)
    {
        try
        {
            return check();
        }
        catch (SegmentPushException error)
        {
            throw new SegmentPushException(
                error.ErrorId, $"The account '{account}' can't be used. {error.Text}", error.Action, account, error);
        }
    }
}
