namespace SegmentPush.Simulation.Product;

/// <summary>What a push says of itself, in words that are the simulation's own.</summary>
internal sealed record Observation
{
    public Guid Id { get; init; }

    /// <summary>Completed, Interrupted, Failed or Running.</summary>
    public string State { get; init; } = string.Empty;

    public string? ErrorId { get; init; }

    public string? Reason { get; init; }

    public int ExitCode { get; init; }

    public bool IsVerified { get; init; }

    public long Calls { get; init; }

    /// <summary>The sums, by their names: received, activated, excluded, failed, and one for each outcome and change.</summary>
    public IReadOnlyDictionary<string, long> Sums { get; init; } = new Dictionary<string, long>();

    /// <summary>What became of each person.</summary>
    public IReadOnlyList<PersonSeen> People { get; init; } = [];

    /// <summary>The list's sums of the receipt; null where it has none.</summary>
    public ListSeen? List { get; init; }

    /// <summary>How many people the destination says that its list has; null without one.</summary>
    public int? Members { get; init; }

    /// <summary>Whether created and updated people are told apart.</summary>
    public bool ChangesAreKnown { get; init; }
}

/// <summary>What became of one person.</summary>
/// <param name="Source">File name, <c>pipeline</c> or <c>static list</c>.</param>
/// <param name="Row">Row in it, from 1.</param>
/// <param name="Outcome">Added, AlreadyMember, Removed, NotMember, Unmatched, Duplicate, Rejected or NotDelivered.</param>
/// <param name="Change">Created, Updated, Unchanged or Unknown.</param>
/// <param name="PersonId">Marketo's id; null where it is not told.</param>
/// <param name="Code">Code of the reason.</param>
internal sealed record PersonSeen(string Source, long Row, string Outcome, string Change, long? PersonId, string? Code);

/// <summary>The list's sums of a receipt, and whether removals are noted beside them whose answers were lost.</summary>
internal sealed record ListSeen(long Before, long Added, long Removed, long AddedByOthers, long RemovedByOthers, long? After, bool? Agrees, bool HasOpenRemovals);

/// <summary>How a process ended.</summary>
internal sealed record ProcessEnd
{
    /// <summary>Whether it was killed.</summary>
    public bool WasStopped { get; init; }

    /// <summary>Whether it did not end within the time that it may take.</summary>
    public bool HasStalled { get; init; }

    /// <summary>Id of the error that it told; null where it told none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>Exit code of that error; null where it told none.</summary>
    public int? ErrorExitCode { get; init; }

    /// <summary>Type of an exception that is no error of the product's own; null for none.</summary>
    public string? Crash { get; init; }

    /// <summary>The push that it told of; null where it could not begin.</summary>
    public Guid? PushId { get; init; }

    /// <summary>The state that it told last.</summary>
    public string? State { get; init; }

    /// <summary>Exit code of that state.</summary>
    public int? ExitCode { get; init; }

    /// <summary>All texts that a user may see: warnings, reasons and errors with their causes.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Calls that it sent, tokens left out.</summary>
    public int Calls { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Took { get; init; }
}
