using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SegmentPush.Completion;

/// <summary>Offers the ids of recent pushes.</summary>
public sealed class PushIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        JournalCompletion.Matching(wordToComplete, JournalCompletion.RecentPushes().Select(push => (
            push.Id.ToString(),
            string.Create(CultureInfo.CurrentCulture, $"{push.State}, {push.Started.ToLocalTime():g}, list '{push.StaticListName}'"))));
}
