using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using SegmentPush.Destinations;

namespace SegmentPush.Completion;

/// <summary>Offers time zones, such as <c>Europe/Paris</c>.</summary>
public sealed class TimeZoneCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        JournalCompletion.Matching(wordToComplete, TimeZoneInfo.GetSystemTimeZones().Select(zone => (DestinationSchedule.NameOf(zone), zone.DisplayName)));
}
