namespace SegmentPush;

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
