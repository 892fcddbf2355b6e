using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Pushes;

namespace SegmentPush.Reports;

/// <summary>What a report tells about one push.</summary>
/// <param name="Push">The push.</param>
/// <param name="List">The sums of its list; null where the push was for no destination, or did not come so far.</param>
internal sealed record PushReport(PushStatus Push, ListSums? List)
{
    /// <summary>Why people were not activated, the commonest reason first.</summary>
    public IReadOnlyList<ReasonGroup> Reasons { get; init; } = [];

    /// <summary>The first rejected rows.</summary>
    public IReadOnlyList<PersonStatus> Rejected { get; init; } = [];

    /// <summary>Calls over time, oldest first.</summary>
    public IReadOnlyList<CallSpan> Calls { get; init; } = [];

    /// <summary>Reads it.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="push">The push.</param>
    /// <param name="mostRejected">At most so many rejected rows.</param>
    /// <param name="cancellation">Ends it.</param>
    public static PushReport Read(PushJournal journal, PushStatus push, int mostRejected, CancellationToken cancellation)
    {
        var reasons = new Dictionary<(PersonOutcome, string?, string?), ReasonGroup>();
        var rejected = new List<PersonStatus>();
        foreach (var person in journal.People.Get(push.Id, ReasonGroup.Outcomes))
        {
            cancellation.ThrowIfCancellationRequested();
            var key = (person.Outcome, person.Code, person.Column);
            reasons[key] = reasons.TryGetValue(key, out var group) ? group with { People = group.People + 1 } : ReasonGroup.Of(person);
            if (person.Outcome == PersonOutcome.Rejected && rejected.Count < mostRejected) rejected.Add(person);
        }

        return new PushReport(push, PushReceipt.ParseList(journal.Pushes.GetReceipt(push.Id)))
        {
            Reasons = [.. reasons.Values.OrderByDescending(group => group.People).ThenBy(group => group.Code, StringComparer.Ordinal)],
            Rejected = rejected,
            Calls = CallSpan.Of(journal.Pushes.GetCalls(push.Id), push.Started),
        };
    }
}

/// <summary>People who were not activated for one reason.</summary>
/// <param name="Outcome">Their outcome.</param>
/// <param name="Code">SegmentPush's or Marketo's code of the reason.</param>
/// <param name="Column">Source column at fault; null where none is.</param>
/// <param name="Reason">The reason of the first of them.</param>
/// <param name="People">How many they are.</param>
internal sealed record ReasonGroup(PersonOutcome Outcome, string? Code, string? Column, string? Reason, long People)
{
    /// <summary>The outcomes of people who were not activated.</summary>
    public static IReadOnlyList<PersonOutcome> Outcomes { get; } = [.. Enum.GetValues<PersonOutcome>().Except(
        [PersonOutcome.Added, PersonOutcome.AlreadyMember, PersonOutcome.Removed, PersonOutcome.NotMember])];

    /// <summary>The reason of one person.</summary>
    public static ReasonGroup Of(PersonStatus person) => new(person.Outcome, person.Code, person.Column, person.Reason, 1);
}
