using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SegmentPush.Completion;

/// <summary>Offers cultures, such as <c>de-DE</c>.</summary>
public sealed class CultureCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        JournalCompletion.Matching(wordToComplete, CultureInfo.GetCultures(CultureTypes.SpecificCultures).Select(culture => (culture.Name, culture.DisplayName)));
}
