namespace SegmentPush;

/// <summary>Whether a push may create people in Marketo.</summary>
public enum PersonCreation
{
    /// <summary>Only people who exist in Marketo are put on the list; nobody is created.</summary>
    MatchExisting,

    /// <summary>People who do not exist are created with their mapped fields.</summary>
    MatchExistingAndCreateMissing,
}

/// <summary>What a push does with the fields of people who exist in Marketo.</summary>
public enum ExistingPeople
{
    /// <summary>Their fields stay as they are.</summary>
    Keep,

    /// <summary>Their mapped fields are written.</summary>
    Update,
}

/// <summary>What a push does with a value that is not right for its field.</summary>
public enum BadField
{
    /// <summary>The person is rejected.</summary>
    Reject = 0,

    /// <summary>The value is left out, so that the field stays as it is in Marketo. The person is pushed without it.</summary>
    LeaveOut = 1,
}

/// <summary>How a push reaches Marketo.</summary>
public enum Delivery
{
    /// <summary>Lookup, sync and list calls of 300 people, with an answer for each person.</summary>
    Sync = 0,

    /// <summary>Import files of many thousand people each, with Marketo's reason for those it refuses.</summary>
    Bulk = 1,

    /// <summary>The one that costs fewer calls and less time for the size of the segment.</summary>
    Auto = 2,
}

/// <summary>How the journal keeps the identities of people.</summary>
public enum JournalIdentity
{
    /// <summary>As they are.</summary>
    Plain = 0,

    /// <summary>As hashes with a key that lies beside the journal: people are told apart, and shown by their row numbers only.</summary>
    Hash = 1,
}

/// <summary>What became of one person of a segment.</summary>
public enum PersonOutcome
{
    /// <summary>The push ended before this person's turn; counted under failed.</summary>
    NotDelivered = 0,

    /// <summary>Put on the list.</summary>
    Added = 1,

    /// <summary>Known to have been on the list already.</summary>
    AlreadyMember = 2,

    /// <summary>Taken off the list.</summary>
    Removed = 3,

    /// <summary>To be taken off, but was not on the list.</summary>
    NotMember = 4,

    /// <summary>Nobody in Marketo has this identity.</summary>
    Unmatched = 5,

    /// <summary>An earlier row has the same identity.</summary>
    Duplicate = 6,

    /// <summary>The row, or Marketo's answer for it, is at fault; code and reason say why.</summary>
    Rejected = 7,

    /// <summary>The profile of the audience has no identity that could find the person.</summary>
    NoIdentity = 8,

    /// <summary>The person's consent says no to marketing by email, in this row or in another one with the same identity.</summary>
    NoConsent = 9,
}

/// <summary>What happened to the person's record in Marketo, apart from list membership.</summary>
public enum PersonChange
{
    /// <summary>Nothing was sent for this person, or Marketo did not tell.</summary>
    Unknown = 0,

    /// <summary>The person was created.</summary>
    Created = 1,

    /// <summary>The person existed and mapped fields were written.</summary>
    Updated = 2,

    /// <summary>The person existed and no field was written.</summary>
    Unchanged = 3,
}

/// <summary>Where a push stands.</summary>
public enum PushState
{
    /// <summary>Under way.</summary>
    Running = 0,

    /// <summary>Every person has an outcome.</summary>
    Completed = 1,

    /// <summary>Stopped from outside: Ctrl+C, the daily quota, the machine.</summary>
    Interrupted = 2,

    /// <summary>Ended by an error.</summary>
    Failed = 3,

    /// <summary>Nothing was done: the destination's start date has not come.</summary>
    NotStarted = 4,

    /// <summary>Nothing was done: the destination's end date has passed.</summary>
    Ended = 5,

    /// <summary>Given up for good. Its history stays, and it can't be resumed.</summary>
    Abandoned = 6,

    /// <summary>Interrupted, and a newer push of the same destination, or an undo, has completed since: a resume would bring back what it has changed.</summary>
    Superseded = 7,

    /// <summary>Nothing was done: the same segment was pushed to the destination before.</summary>
    AlreadyPushed = 8,
}

/// <summary>How a destination keeps its list in step with its segment.</summary>
public enum PushMode
{
    /// <summary>Who is in the segment is put on the list; nobody is taken off.</summary>
    Append = 0,

    /// <summary>The list becomes the segment, which must be a full one: who is on the list and not in the segment is taken off.</summary>
    Mirror = 1,

    /// <summary>Each row says by a membership column whether its person is put on the list or taken off.</summary>
    Delta = 2,
}
