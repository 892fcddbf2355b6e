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

    /// <summary>The folder.</summary>
    public override string ToString() => Folder;
}
