using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using SegmentPush.Accounts;

namespace SegmentPush.Completion;

/// <summary>Offers the names of saved accounts.</summary>
public sealed class AccountCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        SavedAccounts.Matching(wordToComplete, new AccountStore());
}

/// <summary>Offers the names of saved accounts of Experience Platform.</summary>
public sealed class PlatformAccountCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        SavedAccounts.Matching(wordToComplete, new PlatformAccountStore());
}

/// <summary>The completion of accounts of any kind.</summary>
internal static class SavedAccounts
{
    public static IEnumerable<CompletionResult> Matching<T>(string wordToComplete, AccountStore<T> accounts)
        where T : class, ISavedAccount
    {
        try
        {
            return [.. JournalCompletion.Matching(wordToComplete, accounts.All().Select(account => (
                account.Name, $"Client id '{account.ClientId}' of {account.Place}")))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
