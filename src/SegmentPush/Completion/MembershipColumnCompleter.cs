using SegmentPush.Mappings;

namespace SegmentPush.Completion;

/// <summary>Offers the columns that may say who is in a segment: those of the files that the line names, and the usual names where it names none.</summary>
public sealed class MembershipColumnCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line)
    {
        string[] columns = [.. FileCompletion.Columns(line)];
        return (columns.Length > 0 ? columns : SegmentMembership.UsualColumns).Select(column => new Candidate(column, MessageText.Say($"Column '{column}'")));
    }
}
