namespace SegmentPush.Simulation.Scenarios;

/// <summary>
/// A fault, and the step that it meets. A step is told by what is called and how often that was called by the same process, so that a
/// scenario keeps its meaning where the product makes its calls in another order.
/// </summary>
internal sealed record Fault
{
    /// <summary>The call, or the last call that was answered before the step; <see cref="CallKind.None"/> before the first one.</summary>
    public CallKind Call { get; init; }

    /// <summary>The number of the call among the calls of its kind by the process, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>Which step of the call.</summary>
    public Moment Moment { get; init; }

    /// <summary>For disk steps: the number of the step since the call was answered, from 1.</summary>
    public int Step { get; init; }

    /// <summary>What happens.</summary>
    public FaultKind Kind { get; init; }

    /// <summary>Seconds: of a delay, of a clock's jump, until a late execution.</summary>
    public int Seconds { get; init; }

    /// <summary>Marketo's code, or an HTTP status with <c>HTTP</c> before it.</summary>
    public string? Code { get; init; }

    /// <summary>What others do at this step.</summary>
    public IReadOnlyList<Edit> Edits { get; init; } = [];
}

/// <summary>A step of a call.</summary>
internal enum Moment
{
    /// <summary>Before Marketo gets the call.</summary>
    Before,

    /// <summary>After Marketo has executed it, before its answer arrives.</summary>
    Executed,

    /// <summary>A step of the disk after its answer has arrived: just before the journal reads or writes.</summary>
    DiskBefore,

    /// <summary>The same, just after the journal has read or committed.</summary>
    DiskAfter,

    /// <summary>A lock is about to be taken or looked at.</summary>
    Lock,
}

/// <summary>What happens at a step.</summary>
internal enum FaultKind
{
    /// <summary>The process is killed.</summary>
    Stop,

    /// <summary>The process is killed, and Marketo executes the call some seconds later.</summary>
    StopExecuteLater,

    /// <summary>The user presses Ctrl+C.</summary>
    Cancel,

    /// <summary>Marketo refuses the call with a code, or the HTTP status stands for it. Nothing is executed.</summary>
    Refuse,

    /// <summary>No connection could be made.</summary>
    NoConnection,

    /// <summary>The connection breaks instead of the answer.</summary>
    LoseAnswer,

    /// <summary>The connection breaks at once, and Marketo executes the call some seconds later.</summary>
    LoseAnswerExecuteLater,

    /// <summary>The answer breaks off in its middle.</summary>
    CutAnswer,

    /// <summary>The answer takes so many seconds longer.</summary>
    Delay,

    /// <summary>Another program holds the journal for longer than the product waits.</summary>
    JournalBusy,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The disk fails.</summary>
    DiskError,

    /// <summary>The wall clock jumps by so many seconds.</summary>
    ClockJump,

    /// <summary>Others do something.</summary>
    Meddle,
}

/// <summary>What is called.</summary>
internal enum CallKind
{
    None,
    Token,
    Usage,
    Describe,
    Partitions,
    ListInfo,
    Lookup,
    Sync,
    Add,
    Remove,
    ReadList,
    IsMember,
    Import,
    ImportStatus,
    ImportFailures,
    ImportWarnings,
    ExportCreate,
    ExportEnqueue,
    ExportStatus,
    ExportFile,
    Other,
}
