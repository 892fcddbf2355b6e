using SegmentPush.Accounts;
using SegmentPush.Platform;
using SegmentPush.Secrets;

namespace SegmentPush.Completion;

/// <summary>
/// Offers audiences: those that the connection has seen (the first ones when it connected, and those that Get-PlatformAudience showed), or those of the
/// saved account that the line names.
/// </summary>
public sealed class AudienceCompleter : Completer
{
    private static readonly SlowAnswers s_ofAccounts = new();

    private protected override IEnumerable<Candidate> Offer(CompletionLine line) => (line.PlatformAccount is { } account ? OfAccount(account) : Seen(line))
        .OrderBy(audience => audience.Value, StringComparer.OrdinalIgnoreCase)
        .Select(audience => new Candidate(audience.Value, audience.Key));

    private static IEnumerable<KeyValuePair<string, string>> Seen(CompletionLine line) => line.PlatformConnection is { } connection ? connection.Audiences.Known : [];

    private static IReadOnlyList<KeyValuePair<string, string>> OfAccount(string name)
    {
        // A vault may ask its user for a password, which the Tab key must not do.
        var accounts = new PlatformAccountStore();
        return accounts.Find(name) is { SecretStore: not SecretStore.Vault } account
            ? s_ofAccounts.Get($"{account.Name} {account.Saved:O}", stop => AskAsync(accounts, account, stop))
            : [];
    }

    private static async Task<IReadOnlyList<KeyValuePair<string, string>>> AskAsync(PlatformAccountStore accounts, PlatformAccount account, CancellationToken stop)
    {
        accounts.CheckIsPrivate(account);
        using var secret = account.SecretStore == SecretStore.Environment ? EnvironmentSecret.Read(accounts.Secrets, account.Name) : accounts.ReadSecret(account);
        using var connection = await PlatformConnection.ConnectAsync(account.Options(secret).Checked(), stop).ConfigureAwait(false);
        await foreach (var _ in connection.Audiences.GetAsync(null, stop).ConfigureAwait(false))
        {
            // The connection notes what it has seen.
        }

        return [.. connection.Audiences.Known];
    }
}
