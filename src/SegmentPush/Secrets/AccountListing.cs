using System.Management.Automation;
using SegmentPush.Accounts;
using SegmentPush.Streams;

namespace SegmentPush.Secrets;

/// <summary>Shows saved accounts.</summary>
internal static class AccountListing
{
    /// <summary>Writes the accounts that are meant.</summary>
    /// <param name="cmdlet">The cmdlet that writes.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="names">Names, with or without wildcards; none for all.</param>
    /// <param name="runEach">Does work on one of several things: its error does not stop the others.</param>
    public static void Show<T>(PSCmdlet cmdlet, AccountStore<T> accounts, string[] names, Action<object?, Action> runEach)
        where T : class, ISavedAccount
    {
        if (names.Length == 0) cmdlet.WriteObject(All(), enumerateCollection: true);
        foreach (string name in names) runEach(name, () => ShowOne(name));

        void ShowOne(string name)
        {
            if (accounts.Find(name) is { } account)
            {
                cmdlet.WriteObject(account);
                return;
            }

            var all = All();
            var matching = NamePattern.Match(name, [.. all.Select(found => found.Name)]) ?? throw accounts.NotFound(name);
            cmdlet.WriteObject(all.Where(found => matching.Contains(found.Name)), enumerateCollection: true);
        }

        IReadOnlyList<T> All() => accounts.All(error => cmdlet.WriteError(ErrorRecords.From(error)));
    }
}
