namespace SegmentPush.Journal;

/// <summary>
/// One person as it goes into the journal: with an outcome, or at an earlier stage. Only somebody who is not settled can be entered again.
/// </summary>
internal readonly record struct PersonEntry(
    int Source,
    long Row,
    string Identity,
    PersonOutcome Outcome,
    PersonChange Change = PersonChange.Unknown,
    long? MarketoId = null,
    string? Code = null,
    string? Reason = null,
    string? Column = null,
    int? ValueLength = null,
    DateTimeOffset? Sent = null)
{
    /// <summary>The code of an exit whose person stays on the list.</summary>
    public static string NamedByAnotherRow => "NamedByAnotherRow";

    /// <summary>How far the push has come with the person. With an outcome that is <see cref="Stage.Settled"/>, without one it is any other.</summary>
    public Stage Stage { get; init; } = Outcome == PersonOutcome.NotDelivered ? Stage.Received : Stage.Settled;

    /// <summary>What the snapshot of a destination is to learn of this person; null where nothing changes there.</summary>
    public MemberMark? Mark { get; init; }
}

