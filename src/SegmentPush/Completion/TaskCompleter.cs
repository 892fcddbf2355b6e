using SegmentPush.Schedules;

namespace SegmentPush.Completion;

/// <summary>Offers the names of tasks.</summary>
public sealed class TaskCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) =>
        new TaskStore().GetAll().Select(task => new Candidate(task.Name, MessageText.Say($"{string.Join(", ", task.Destination)} at {task.At:HH\\:mm}")));
}
