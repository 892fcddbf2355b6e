namespace SegmentPush.Journal;

/// <summary>
/// One person as it goes into the journal: with an outcome, or half of the way: sent with a call whose answer is not there
/// yet, or written and still to be put on the list. Only somebody without outcome can be entered again.
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
    /// <summary>What the snapshot of a destination is to learn of this person; null where nothing changes there.</summary>
    public MemberMark? Mark { get; init; }
}

