using SegmentPush.Destinations;

namespace SegmentPush.Completion;

/// <summary>Offers the names of saved destinations.</summary>
public sealed class DestinationCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) => JournalCompletion.Destinations(line).Select(entry =>
    {
        var destination = DestinationText.Read(entry.Definition, MessageText.AsIs(entry.Name));
        return new Candidate(entry.Name, MessageText.Say($"{destination.Mode} of static list '{destination.StaticListName}' ({destination.StaticListId}) of {destination.Instance}"));
    });
}
