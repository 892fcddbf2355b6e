namespace SegmentPush.Journal;

/// <summary>What can be said of a journal as a whole.</summary>
public sealed record JournalInfo
{
    /// <summary>Where it is: the folder, or the address of the database without password.</summary>
    public required string Journal { get; init; }

    /// <summary>SQLite for one machine, PostgreSQL for several.</summary>
    public required string Kind { get; init; }

    /// <summary>Version of its tables; 0 where there is no journal.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>Its size on disk, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Names of the machines that have pushed with it in the last thirty days.</summary>
    public required IReadOnlyList<string> Machines { get; init => field = ShownList.Of(value); }

    /// <summary>How many pushes run.</summary>
    public required int RunningPushes { get; init; }

    /// <summary>The leases that processes hold: what each is for, its machine, and until when it holds unless it is renewed.</summary>
    public IReadOnlyList<JournalLease> Leases { get; init => field = ShownList.Of(value); } = ShownList.Of<JournalLease>([]);

    /// <summary>The journal in a line.</summary>
    public override string ToString() => MessageText.Say($"{Kind} journal {Journal}, schema {SchemaVersion}");
}

/// <summary>What one process holds in a journal that several machines share.</summary>
/// <param name="Subject">What it is for: a push, a list, or creating people in an instance.</param>
/// <param name="Machine">The machine.</param>
/// <param name="ProcessId">The process on that machine.</param>
/// <param name="Expires">Until when it holds unless it is renewed, by the database's clock, UTC.</param>
public sealed record JournalLease(string Subject, string Machine, int ProcessId, DateTimeOffset Expires)
{
    /// <summary>The lease in a line.</summary>
    public override string ToString() => MessageText.Say($"{Subject} ({Machine}, process {ProcessId})");
}
