namespace SegmentPush.Completion;

/// <summary>Offers the delimiters that exports have.</summary>
public sealed class DelimiterCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) =>
    [
        new(",", MessageText.Say("Comma")),
        new(";", MessageText.Say("Semicolon")),
        new("|", MessageText.Say("Vertical bar")),
        new("\"`t\"", MessageText.Say("Tab"), IsCode: true),
    ];
}
