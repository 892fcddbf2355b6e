using System.Globalization;

namespace SegmentPush.Completion;

/// <summary>Offers cultures, such as <c>de-DE</c>.</summary>
public sealed class CultureCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) =>
        CultureInfo.GetCultures(CultureTypes.SpecificCultures).Select(culture => new Candidate(culture.Name, culture.DisplayName));
}
