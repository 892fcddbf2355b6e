using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SegmentPush.Completion;

/// <summary>Offers the identity namespace that every instance has.</summary>
public sealed class IdentityCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        JournalCompletion.Matching(wordToComplete, [("Email", "The person's address")]);
}
