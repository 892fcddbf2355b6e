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
        JournalCompletion.Matching(wordToComplete, Accounts().Select(account => (
            account.Name, $"Client id '{account.ClientId}' of {account.Instance}")));

    private static IReadOnlyList<MarketoAccount> Accounts()
    {
        try
        {
            return new AccountStore().All();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
