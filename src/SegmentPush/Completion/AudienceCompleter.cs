using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using SegmentPush.Commands;

namespace SegmentPush.Completion;

/// <summary>Offers the audiences that this session has seen: the first ones when it connected, and those that Get-PlatformAudience showed.</summary>
public sealed class AudienceCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        JournalCompletion.Matching(
            wordToComplete,
            SessionConnection.Platform?.Audiences.Known.OrderBy(audience => audience.Value, StringComparer.OrdinalIgnoreCase).Select(audience => (audience.Value, audience.Key)) ?? []);
}
