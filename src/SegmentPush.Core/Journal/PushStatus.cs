using System.Globalization;

namespace SegmentPush.Journal;

/// <summary>How one push stands, or how it ended. The sums are of people, one for each row received.</summary>
public sealed record PushStatus
{
    /// <summary>The push's own number, for <c>Get-PushStatus -Id</c>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The last 8 digits of the id, which <c>-Id</c> takes as well.</summary>
    public string ShortId => PushIds.Short(Id);

    /// <summary>Where it stands.</summary>
    public required PushState State { get; init; }

    /// <summary>Why it did not complete; null where it did.</summary>
    public string? Reason { get; init; }

    /// <summary>Stable name of the error that ended it, such as <c>GuardStopped</c>; null where none did.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The destination that it was for; null where it was for none.</summary>
    public string? Destination { get; init; }

    /// <summary>How it kept the list in step with the segment; null where it was for no destination.</summary>
    public PushMode? Mode { get; init; }

    /// <summary>The push that it undid; null where it is no undo.</summary>
    public Guid? UndoOf { get; init; }

    /// <summary>The machine that it runs on, or ran on last, where several machines share the journal; null otherwise.</summary>
    public string? Machine { get; init; }

    /// <summary>Munchkin id of the instance, or the host of its endpoint.</summary>
    public required string Instance { get; init; }

    /// <summary>REST id of the static list.</summary>
    public required long StaticListId { get; init; }

    /// <summary>Name of the static list when the push began.</summary>
    public required string StaticListName { get; init; }

    /// <summary>The files, or <c>pipeline</c>.</summary>
    public required IReadOnlyList<string> Source { get; init => field = ShownList.Of(value); }

    /// <summary>Those of <see cref="Source"/> that are files.</summary>
    internal IEnumerable<string> SourceFiles => Source.Where(Path.IsPathFullyQualified);

    /// <summary>The form of each source, as a line: format, compression, encoding, delimiter, escape, null text, columns, rows.</summary>
    public IReadOnlyList<string> Form { get; init => field = ShownList.Of(value); } = ShownList.Of<string>([]);

    /// <summary>Whether people may be created.</summary>
    public required PersonCreation PersonCreation { get; init; }

    /// <summary>What happens with the fields of existing people.</summary>
    public required ExistingPeople ExistingPeople { get; init; }

    /// <summary>How Marketo is reached.</summary>
    public required Delivery Delivery { get; init; }

    /// <summary>Lead partition; null for the instance's own rules.</summary>
    public string? Partition { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended, UTC; null while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>From start to end, or to the last entry in the journal.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>When it wrote to the journal last: its end, or the last sign of a process that was killed.</summary>
    internal DateTimeOffset StoodAt => Started + Duration;

    /// <summary>When it sent its last call that changes people or its list; null where it sent none.</summary>
    internal DateTimeOffset? Changed { get; init; }

    /// <summary>When none of these calls can run any more, by Marketo's clock; null where all were answered.</summary>
    internal DateTimeOffset? OpenUntil { get; init; }

    /// <summary>Rows read, and the people to be taken off the list that no row names.</summary>
    public long Received { get; init; }

    /// <summary>Rows read. An undo reads none, and people who leave a mirror's list are in no row.</summary>
    internal long Rows => UndoOf is not null ? 0 : Mode is { TakesOffAbsent: true } ? Received - Removed - NotMember : Received;

    /// <summary>Added, already members, removed, not members.</summary>
    public long Activated => Added + AlreadyMember + Removed + NotMember;

    /// <summary>Unmatched, without an identity, without consent, and duplicates.</summary>
    public long Excluded => Unmatched + NoIdentity + NoConsent + Duplicate;

    /// <summary>Rejected, and people not delivered.</summary>
    public long Failed => Rejected + NotDelivered;

    /// <summary>Activated people in received ones, 0 to 1.</summary>
    public double ActivationRate => Received == 0 ? 0 : (double)Activated / Received;

    /// <summary>People put on the list. Marketo may say this of people who were on it before.</summary>
    public long Added { get; init; }

    /// <summary>People known to have been on the list.</summary>
    public long AlreadyMember { get; init; }

    /// <summary>People taken off the list.</summary>
    public long Removed { get; init; }

    /// <summary>People to be taken off who were not on the list.</summary>
    public long NotMember { get; init; }

    /// <summary>People whose identity nobody in Marketo has.</summary>
    public long Unmatched { get; init; }

    /// <summary>Profiles of an audience without an identity that could find the person.</summary>
    public long NoIdentity { get; init; }

    /// <summary>People whose consent says no to marketing by email.</summary>
    public long NoConsent { get; init; }

    /// <summary>Rows whose identity another row has, which counts.</summary>
    public long Duplicate { get; init; }

    /// <summary>Rows that could not be pushed; <c>Get-PushStatus -Outcome Rejected</c> says why.</summary>
    public long Rejected { get; init; }

    /// <summary>People whose turn did not come before the push ended.</summary>
    public long NotDelivered { get; init; }

    /// <summary>
    /// Whether <see cref="Created"/> and <see cref="Updated"/> count everybody: an import does not tell which of its people
    /// it created. Where the journal keeps hashes of identities, nothing tells it of a call whose answer was lost.
    /// </summary>
    public bool ChangesAreKnown => !HasUnknownChanges && (Delivery != Delivery.Bulk || PersonCreation == PersonCreation.MatchExisting || ExistingPeople == ExistingPeople.Keep);

    /// <summary>Whether Marketo did not tell of some people whether it created them: they were imported by their identity, or sent by a call whose answer was lost.</summary>
    internal bool HasUnknownChanges { get; init; }

    /// <summary>People created in Marketo.</summary>
    public long Created { get; init; }

    /// <summary>People whose fields were written.</summary>
    public long Updated { get; init; }

    /// <summary>Identities that matched several people. The most recently updated person was taken.</summary>
    public long MultipleMatches { get; init; }

    /// <summary>People whose company fields Marketo refused and who were sent without them.</summary>
    public long WithoutCompanyFields { get; init; }

    /// <summary>
    /// Values that were left out because they are not right for their fields, which stay as they are in Marketo: with <see cref="BadField.LeaveOut"/>.
    /// One person may have several.
    /// </summary>
    public long ValuesLeftOut { get; init; }

    /// <summary>Whether the list was read back after the push, and holds the right people.</summary>
    public bool IsVerified { get; init; }

    /// <summary>
    /// What a scheduled task may end with: 0 where all was done or nothing was due, 1 after an error, 2 where the push can be
    /// resumed as it is, 3 where the guard stopped it, 4 where nobody arrived or too many rows were rejected.
    /// </summary>
    public int ExitCode => ExitCodes.Of(State, ErrorId);

    /// <summary>
    /// Whether a resume can do something for its people, once it has ended. Where nobody arrived or too many rows were rejected, all people have
    /// their outcome, or are not to be sent. An undo is done again as a whole.
    /// </summary>
    internal bool CanBeResumed => UndoOf is null && !IsSuperseded && (State == PushState.Interrupted
        || (State == PushState.Failed && HasBegun && !SegmentPushException.FinalErrors.Contains(ErrorId ?? string.Empty)));

    /// <summary>Whether its target was resolved, so that it could send something. A push that failed before has nothing to resume.</summary>
    internal bool HasBegun { get; init; } = true;

    /// <summary>Whether a newer push of the same destination into the same list has completed.</summary>
    internal bool IsSuperseded { get; init; }

    /// <summary>API calls made.</summary>
    public long Calls { get; init; }

    /// <summary>Most API calls in 20 seconds that its connection makes.</summary>
    internal int CallsPer20Seconds { get; init; }

    /// <summary>File with the rejected rows; null where none was asked for or nothing was rejected.</summary>
    public string? RejectPath { get; init; }

    /// <summary>Where it goes, as a text: its destination, else the name or the id of its list.</summary>
    internal string Into => Destination ?? (StaticListName.Length > 0 ? StaticListName
        : (StaticListId > 0 ? (MessageText)$"static list {StaticListId}" : "no list").ToString());

    private MessageText Aim => UndoOf is { } undone ? (MessageText)$"{Into}, undo of {PushIds.Short(undone)}" : MessageText.AsIs(Into);

    /// <summary>The push in a line: its short id, where it went, where it stands, and its sums.</summary>
    public override string ToString() => Describe().ToString();

    /// <summary>What became of it, in a sentence without its full stop.</summary>
    internal MessageText Describe() =>
        $"Push {ShortId} into {Aim}: {State}, {Counted.Number(Activated)} of {Counted.People(Received)} activated, {Counted.Number(Removed)} removed, {Counted.Number(Excluded)} excluded, {Counted.Number(Failed)} failed";
}
