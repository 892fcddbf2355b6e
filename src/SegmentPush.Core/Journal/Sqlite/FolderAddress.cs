using SegmentPush.Journal.Sql;

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
    public override IJournalLedger OpenLedger(string instance, ProcessHost host) => CallLedger.Open(Folder, instance, null, host);

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
    public override IJournalContent OpenContent()
    {
        if (!Exists)
        {
            throw new SegmentPushException(
                "JournalNotFound", $"There is no journal in '{Folder}'.", "Give the folder that holds journal.db; Get-PushJournal shows where this machine's journal is.", Folder);
        }

        HashSet<Guid> over;
        using (var journal = OpenToRead())
        {
            if (journal.History.Get(new PushFilter { States = [PushState.Running, PushState.Interrupted] }) is [var open, ..]) throw HasOpenPushes(open.Id);
            over = [.. journal.History.Get(new PushFilter { States = [PushState.Superseded] }).Select(push => push.Id)];
        }

        var content = new FolderContent(Folder);
        try
        {
            // One may have begun just now.
            content.Read("push", ["id", "state"], row =>
            {
                var id = Guid.Parse((string)row[0]!);
                if ((PushState)(long)row[1]! is PushState.Running or PushState.Interrupted && !over.Contains(id)) throw HasOpenPushes(id);
            });
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

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

    // Resumed here and there, it would be sent twice.
    private SegmentPushException HasOpenPushes(Guid id) => new(
        "JournalHasOpenPushes",
        $"The journal '{Folder}' holds pushes that run or were interrupted, such as {PushIds.Short(id)}, and they could then go on in two journals.",
        "Resume them, or give them up with Stop-SegmentPush, on this machine and with this journal; then copy.",
        Folder);

    /// <summary>The folder.</summary>
    public override string ToString() => Folder;
}
