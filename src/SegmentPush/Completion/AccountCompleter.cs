using SegmentPush.Accounts;

namespace SegmentPush.Completion;

/// <summary>Offers the names of saved accounts.</summary>
public sealed class AccountCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) => SavedAccounts.Offer(new AccountStore());
}

/// <summary>Offers the names of saved accounts of Experience Platform.</summary>
public sealed class PlatformAccountCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) => SavedAccounts.Offer(new PlatformAccountStore());
}

/// <summary>The completion of accounts of any kind.</summary>
internal static class SavedAccounts
{
    public static IEnumerable<Candidate> Offer<T>(AccountStore<T> accounts)
        where T : class, ISavedAccount =>
        accounts.All().Select(account => new Candidate(account.Name, MessageText.Say($"Client id '{account.ClientId}' of {account.Place}")));
}
