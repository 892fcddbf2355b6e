using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Secrets;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Removes saved accounts and their client secrets.</summary>
[Cmdlet(VerbsCommon.Remove, "MarketoAccount", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveMarketoAccountCommand : ModuleCommand
{
    /// <summary>Names of accounts, with or without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Removes an account also where its file is damaged, or its vault does not give up the secret.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var accounts = new AccountStore();
        foreach (string name in Name)
        {
            RunEach(name, () =>
            {
                foreach (string match in Matching(accounts, name)) RunEach(match, () => Remove(accounts, match));
            });
        }
    }

    // A damaged account has a name, too; it is found by that alone.
    private static IReadOnlyList<string> Matching(AccountStore accounts, string name) =>
        !WildcardPattern.ContainsWildcardCharacters(name) || accounts.Has(name) ? [name]
        : NamePattern.Match(name, [.. accounts.All().Select(account => account.Name)]) ?? [name];

    private void Remove(AccountStore accounts, string name)
    {
        MarketoAccount? account;
        try
        {
            account = accounts.Get(name);
        }
        catch (SegmentPushException error) when (Force && error.ErrorId == "AccountDamaged")
        {
            account = null;
        }

        string what = account is null
            ? $"damaged account '{name}'"
            : $"account '{account.Name}' of {account.Instance}, client id '{account.ClientId}'";
        if (!ShouldProcess(what, account?.Vault is null ? "Remove" : $"Remove, and its secret from the vault '{account.Vault}'")) return;
        if (account?.Vault is { } vault) RemoveSecret(vault, account.Name);
        accounts.Remove(name);
    }

    private void RemoveSecret(string vault, string account)
    {
        try
        {
            new SecretVault(this).Remove(vault, account);
        }
        catch (SegmentPushException error) when (Force)
        {
            WriteWarning($"The secret '{SecretVault.NameFor(account)}' may still be in the vault '{vault}'. {error.Message}");
        }
        catch (SegmentPushException error)
        {
            throw new SegmentPushException(
                "SecretNotRemoved",
                $"The account '{account}' was not removed, because its secret can't be: {error.Message}",
                $"{error.RecommendedAction} -Force removes the account and leaves the secret where it is.",
                account,
                error);
        }
    }
}
