using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Commands;
using SegmentPush.Streams;

namespace SegmentPush.Secrets;

/// <summary>Removes saved accounts and their client secrets.</summary>
/// <param name="cmdlet">The cmdlet that removes.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="isForced">Whether an account goes also where its file is damaged, or its vault does not give up the secret.</param>
internal sealed class AccountRemoval<T>(ModuleCommand cmdlet, AccountStore<T> accounts, bool isForced)
    where T : class, ISavedAccount
{
    /// <summary>The names that are meant. A damaged account has a name, too; it is found by that alone.</summary>
    public IReadOnlyList<string> Matching(string name) =>
        !NamePattern.IsPattern(name) || accounts.Has(name) ? [name]
        : NamePattern.Match(name, [.. accounts.All().Select(account => account.Name)]) ?? [name];

    /// <summary>Whether there is an account of that name, damaged or not.</summary>
    public bool IsThere(string name) => accounts.Has(name);

    /// <summary>What is asked before several accounts go, without its question mark.</summary>
    public static MessageText QuestionFor(IReadOnlyList<string> names) =>
        $"Remove {names.Count:N0} accounts and their secrets: {MessageText.Join(", ", names.Select(MessageText.AsIs))}";

    /// <summary>What is told afterwards.</summary>
    public static MessageText SentenceFor(int count) => MessageText.Plural(count, $"{count:N0} account removed.", $"{count:N0} accounts removed.");

    /// <summary>Removes an account, where the user wants it.</summary>
    /// <returns>Whether it is gone.</returns>
    /// <exception cref="SegmentPushException">It can't be removed.</exception>
    public bool Remove(string name)
    {
        T? account;
        try
        {
            account = accounts.Get(name);
        }
        catch (SegmentPushException error) when (isForced && error.ErrorId == "AccountDamaged")
        {
            account = null;
        }

        var what = account is null
            ? (MessageText)$"damaged account '{name}'"
            : $"account '{account.Name}' of {account.Place}, client id '{account.ClientId}'";
        bool hasSecret = account is { Vault: not null, SecretName: null };
        if (!cmdlet.ShouldProcess(what, hasSecret ? (MessageText)$"Remove, and its secret from the vault '{account!.Vault}'" : "Remove")) return false;
        if (hasSecret) RemoveSecret(account!);
        accounts.Remove(name);
        return true;
    }

    private void RemoveSecret(T account)
    {
        var vaults = new SecretVault(cmdlet, accounts.Secrets);
        try
        {
            vaults.Remove(account);
        }
        catch (SegmentPushException error) when (isForced)
        {
            cmdlet.Warn($"{vaults.Describe(account)} may still be in the vault '{account.Vault}'. {error.Text}");
        }
        catch (SegmentPushException error)
        {
            throw new SegmentPushException(
                "SecretNotRemoved",
                $"The account '{account.Name}' was not removed, because its secret can't be: {error.Text}",
                $"{error.Action} -Force removes the account and leaves the secret where it is.",
                account.Name,
                error);
        }
    }
}
