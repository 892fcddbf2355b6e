using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SegmentPush.Completion;

/// <summary>Offers the lists that pushes went into.</summary>
public sealed class StaticListCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        JournalCompletion.Matching(wordToComplete, JournalCompletion.RecentPushes().SelectMany(push => new[]
        {
            (push.StaticListName, string.Create(CultureInfo.InvariantCulture, $"Static list {push.StaticListId} of {push.Instance}")),
            (push.StaticListId.ToString(CultureInfo.InvariantCulture), $"Static list '{push.StaticListName}' of {push.Instance}"),
        }));
}
