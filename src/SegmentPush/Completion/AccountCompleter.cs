using SegmentPush.Accounts;

namespace SegmentPush.Completion;

/// <summary>Offers the names of saved accounts.</summary>
public sealed class AccountCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) =>
        new AccountStore().All().Select(account => new Candidate(account.Name, $"Client id '{account.ClientId}' of {account.Instance}"));
}
