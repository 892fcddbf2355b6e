using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Completion;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>Shows saved accounts.</summary>
[Cmdlet(VerbsCommon.Get, "MarketoAccount")]
[OutputType(typeof(MarketoAccount))]
public sealed class GetMarketoAccountCommand : ModuleCommand
{
    /// <summary>Names of accounts, with or without wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string[] Name { get; set; } = [];

    private protected override void Process()
    {
        var accounts = new AccountStore();
        if (Name.Length == 0) WriteObject(All(accounts), enumerateCollection: true);
        foreach (string name in Name) RunEach(name, () => Show(accounts, name));
    }

    private void Show(AccountStore accounts, string name)
    {
        if (accounts.Find(name) is { } account)
        {
            WriteObject(account);
            return;
        }

        var all = All(accounts);
        var names = NamePattern.Match(name, [.. all.Select(found => found.Name)]) ?? throw accounts.NotFound(name);
        WriteObject(all.Where(found => names.Contains(found.Name)), enumerateCollection: true);
    }

    private IReadOnlyList<MarketoAccount> All(AccountStore accounts) => accounts.All(error => WriteError(ErrorRecords.From(error)));
}
