using System.Globalization;

namespace SegmentPush.Completion;

/// <summary>Offers the lead partitions of the connected instance.</summary>
public sealed class PartitionCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) => InstanceCompletion.Partitions(line).Select(partition =>
        new Candidate(partition.Name, MessageText.Say($"Lead partition {partition.Id}")));
}
