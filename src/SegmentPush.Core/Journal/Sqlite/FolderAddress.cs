namespace SegmentPush.Journal.Sqlite;

/// <summary>The address of a journal of one machine: a folder.</summary>
/// <param name="Folder">The folder.</param>
internal sealed record FolderAddress(string Folder) : JournalAddress
{
    /// <inheritdoc/>
    public override string LocalFolder => Folder;

    /// <inheritdoc/>
    public override bool Exists => SqliteJournal.IsIn(Folder);

    /// <inheritdoc/>
    public override PushJournal Open(ProcessHost host) => SqliteJournal.Open(Folder, host);

    /// <inheritdoc/>
    public override PushJournal OpenToRead() => SqliteJournal.OpenToRead(Folder);

    /// <inheritdoc/>
    public override IJournalLedger OpenLedger(string instance, Guid? push, ProcessHost host) => CallLedger.Open(Folder, instance, push, host);

    /// <inheritdoc/>
    public override bool Initialize()
    {
        bool exists = Exists;
        SqliteJournal.Open(Folder, ProcessHost.Machine).Dispose();
        return !exists;
    }

    /// <inheritdoc/>
    public override string GetScript() => throw new SegmentPushException(
        "JournalNeedsNoScript", "A journal in a folder needs no script.", "Give the address of a PostgreSQL database with -Journal.", Folder);

    /// <inheritdoc/>
    public override JournalInfo Describe()
    {
        using var journal = OpenToRead();
        return new JournalInfo
        {
            Journal = Folder,
            Kind = "SQLite",
            SchemaVersion = Exists ? JournalFile.SchemaVersion : 0,
            Bytes = Exists ? new FileInfo(JournalFile.PathIn(Folder)).Length : 0,
            Machines = [ProcessHost.Machine.MachineName],
            RunningPushes = journal.History.Get(new PushFilter { States = [PushState.Running] }).Count,
        };
    }

    /// <summary>The folder.</summary>
    public override string ToString() => Folder;
}
