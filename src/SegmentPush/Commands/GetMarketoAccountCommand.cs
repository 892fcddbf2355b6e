using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows saved accounts.</summary>
[Cmdlet(VerbsCommon.Get, "MarketoAccount")]
[OutputType(typeof(MarketoAccount))]
public sealed class GetMarketoAccountCommand : PSCmdlet
{
    /// <summary>Names of accounts, with or without wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var accounts = new AccountStore();
        if (Name.Length == 0)
        {
            WriteObject(All(accounts), enumerateCollection: true);
            return;
        }

        foreach (string name in Name) Show(accounts, name);
    }

    private void Show(AccountStore accounts, string name)
    {
        try
        {
            // A name may hold what would be a wildcard elsewhere.
            if (accounts.Find(name) is { } account) WriteObject(account);
            else if (!WildcardPattern.ContainsWildcardCharacters(name)) WriteError(ErrorRecords.From(accounts.NotFound(name)));
            else WriteObject(All(accounts).Where(Like(name)), enumerateCollection: true);
        }
        catch (SegmentPushException error)
        {
            WriteError(ErrorRecords.From(error, name));
        }
    }

    private static Func<MarketoAccount, bool> Like(string name)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return account => pattern.IsMatch(account.Name);
    }

    private List<MarketoAccount> All(AccountStore accounts) => [.. accounts.All(error => WriteError(ErrorRecords.From(error)))];
}
