namespace SegmentPush.Journal.Postgres;

/// <summary>The tables and functions of a journal in PostgreSQL, one text for each step forward. They lie in a schema of their own.</summary>
internal static class PostgresSchema
{
    /// <summary>Name of the schema.</summary>
    public const string Name = "segmentpush";

    /// <summary>The version that this code reads and writes.</summary>
    public const int Version = 5;

    /// <summary>SQLSTATE of a write by a process whose leases another one has taken over.</summary>
    public const string LeaseLost = "SP001";

    /// <summary>SQLSTATE of a statement that changed another number of rows than it must.</summary>
    public const string WrongCount = "SP002";

    /// <summary>SQLSTATE of a change in a snapshot that is not the newest generation any more.</summary>
    public const string SnapshotOutdated = "SP003";

    /// <summary>The first part of the advisory locks that show that a connection lives.</summary>
    public const int AliveLocks = 1_398_099_027;

    /// <summary>The first part of the advisory locks that show which process a connection writes for. All connections of a process share its lock.</summary>
    public const int WriterLocks = 1_398_099_032;

    /// <summary>All steps, the first one first. A step that was released never changes.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        ProcessTables.First + PushTables.First + ListTables.First + CallTables.First,
        ProcessTables.Second + PushTables.Second + ListTables.Second + CallTables.Second,
        ProcessTables.Third + CallTables.Third,
        ProcessTables.Fourth + PersonTable.Fourth + ListTables.Fourth,
        ProcessTables.Fifth + PushTables.Fifth,
    ];
}
