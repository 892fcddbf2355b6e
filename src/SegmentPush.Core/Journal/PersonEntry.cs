namespace SegmentPush.Journal;

/// <summary>One person's outcome as it goes into the journal.</summary>
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
    int? ValueLength = null);
