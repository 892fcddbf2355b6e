namespace SegmentPush.Simulation.Scenarios;

/// <summary>A day: what others do, what is pushed, and how that goes.</summary>
internal sealed record Day
{
    /// <summary>What others do in Marketo before the push.</summary>
    public IReadOnlyList<Edit> Edits { get; init; } = [];

    /// <summary>The segment's files; one list of rows for each.</summary>
    public IReadOnlyList<IReadOnlyList<Row>> Files { get; init; } = [];

    /// <summary>Whether the rows come through a pipeline instead of files.</summary>
    public bool IsPipeline { get; init; }

    /// <summary>Whether the pipeline never ends by itself: the process is stopped while it waits for more rows.</summary>
    public bool IsHalfPipeline { get; init; }

    /// <summary>Whether the last file has no line end.</summary>
    public bool HasNoLastLineEnd { get; init; }

    /// <summary>Whether a quote in the middle of the first file is never closed.</summary>
    public bool HasOpenQuote { get; init; }

    /// <summary>Whether the list is read before, and all that is remembered is set aside.</summary>
    public bool Resync { get; init; }

    /// <summary>Whether the list is read back on this day; null for what the target says.</summary>
    public bool? Verify { get; init; }

    /// <summary>Whether the guard lets everything through.</summary>
    public bool Force { get; init; }

    /// <summary>Identities that Marketo refuses to write on this day.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>Identities that Marketo refuses to take off the list on this day.</summary>
    public IReadOnlyList<string> RefusedRemovals { get; init; } = [];

    /// <summary>Identities whose rows an import takes with a warning on this day.</summary>
    public IReadOnlyList<string> WarnedByImport { get; init; } = [];

    /// <summary>How many rows an import loses without a word on this day.</summary>
    public int RowsLostByImport { get; init; }

    /// <summary>The processes that the push took, in order: the first begins it, the others resume it or push anew.</summary>
    public IReadOnlyList<ProcessRun> Processes { get; init; } = [];

    /// <summary>Whether a push is taken back at the end of the day.</summary>
    public bool Undo { get; init; }

    /// <summary>Which one: 0 for that of the day, 1 for that of the day before, and so on.</summary>
    public int UndoDaysBack { get; init; }

    /// <summary>How long after the push it is taken back.</summary>
    public int UndoAfterSeconds { get; init; } = 3600;

    /// <summary>The processes that it took to take the push back, in order.</summary>
    public IReadOnlyList<ProcessRun> Undoings { get; init; } = [];

    /// <summary>Whether the day has one process, and its push is taken back also where that did not complete it.</summary>
    public bool UndoesUnfinished { get; init; }
}

/// <summary>One row of a segment, as its cells stand in the file.</summary>
/// <param name="Identity">The identity's cell.</param>
/// <param name="Values">The cells of the mapped fields, in the order of the mapping.</param>
/// <param name="Status">The membership's cell.</param>
/// <param name="HasSurplusCell">Whether the row has a cell too many.</param>
internal sealed record Row(string Identity, IReadOnlyList<string> Values, string Status = "realized", bool HasSurplusCell = false);

/// <summary>One process of a push.</summary>
internal sealed record ProcessRun
{
    /// <summary>What it does.</summary>
    public ProcessStart Start { get; init; }

    /// <summary>Seconds since the process before has ended.</summary>
    public int DelaySeconds { get; init; }

    /// <summary>Whether the wall clock is right again when it starts.</summary>
    public bool SetsClockRight { get; init; }

    /// <summary>What others do before it starts.</summary>
    public IReadOnlyList<Edit> Edits { get; init; } = [];

    /// <summary>The faults that meet it.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];
}

/// <summary>What a process does.</summary>
internal enum ProcessStart
{
    /// <summary>Pushes the day's segment.</summary>
    Push,

    /// <summary>Resumes the day's push.</summary>
    Resume,

    /// <summary>Leaves the push and pushes the same segment by sync calls.</summary>
    PushBySync,

    /// <summary>Moves the destination to another list, and resumes the push that went into the first one.</summary>
    MoveAndResume,

    /// <summary>Takes a push back.</summary>
    Undo,
}

/// <summary>What somebody else does in Marketo.</summary>
/// <param name="Kind">What.</param>
/// <param name="Who">The identity of the person at that moment. Nothing is done where nobody has it.</param>
/// <param name="Value">New identity, or new value of the first name.</param>
internal sealed record Edit(EditKind Kind, string Who, string? Value = null)
{
    /// <summary>Whether it changes a file of the segment.</summary>
    public bool ChangesFile() => Kind is EditKind.ReplaceFile or EditKind.OverwriteFile;
}

/// <summary>What somebody else does.</summary>
internal enum EditKind
{
    AddToList,
    RemoveFromList,
    Create,
    Delete,

    /// <summary>Gives the person another identity.</summary>
    Rename,

    /// <summary>Writes the first name, as a campaign does.</summary>
    Write,

    /// <summary>Clears all mapped fields.</summary>
    Clear,

    /// <summary>Replaces the first file of the segment by another one. Who: an identity that nobody has.</summary>
    ReplaceFile,

    /// <summary>Writes other people into the first file of the segment, row by row, as an export does that runs again. Who: an identity that nobody has.</summary>
    OverwriteFile,

    /// <summary>Removes the destination.</summary>
    RemoveDestination,
}
