namespace SegmentPush.Completion;

/// <summary>Offers the columns of the files that the line names.</summary>
public sealed class ColumnCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) =>
        FileCompletion.Columns(line).Select(column => new Candidate(column, MessageText.Say($"Column '{column}'")));
}
