using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Secrets;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Removes saved accounts and their client secrets.</summary>
[Cmdlet(VerbsCommon.Remove, "MarketoAccount", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveMarketoAccountCommand : PSCmdlet
{
    /// <summary>Names of accounts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Removes an account also where its file is damaged, or its vault does not give up the secret.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var accounts = new AccountStore();
        foreach (string name in Name)
        {
            try
            {
                Remove(accounts, name);
            }
            catch (SegmentPushException error)
            {
                WriteError(ErrorRecords.From(error, name));
            }
        }
    }

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
