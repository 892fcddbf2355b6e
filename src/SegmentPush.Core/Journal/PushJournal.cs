using SegmentPush.Journal.Sqlite;

namespace SegmentPush.Journal;

/// <summary>
/// An open journal: what happened, on disk. Each of its stores has one role; <c>Journal/Sqlite/</c> provides them. One instance serves one
/// thread at a time; other processes may read and write the same journal meanwhile.
/// </summary>
internal sealed class PushJournal : IDisposable
{
    private readonly JournalStores _stores;
    private readonly IDisposable _session;
    private readonly ProcessHost _host;

    /// <summary>Makes it of the stores of a database.</summary>
    /// <param name="stores">The stores.</param>
    /// <param name="folder">The folder with what is kept beside the database.</param>
    /// <param name="session">The open database, which it closes.</param>
    /// <param name="host">The process's host.</param>
    public PushJournal(JournalStores stores, string folder, IDisposable session, ProcessHost host)
    {
        (_stores, Folder, _session, _host) = (stores, folder, session, host);
        History = new PushHistory(stores.Pushes, stores.Locks);
        Lifecycle = new PushLifecycle(stores, History, folder, host);
    }

    /// <summary>The folder with what is kept beside the database, which its owner alone can read.</summary>
    public string Folder { get; }

    /// <summary>The moment by this machine's clock, UTC.</summary>
    public DateTimeOffset Now => _host.Time.GetUtcNow();

    /// <summary>Finds pushes, and tells how they truly stand.</summary>
    public PushHistory History { get; }

    /// <summary>Begins pushes, takes them over, gives them up and removes them.</summary>
    public PushLifecycle Lifecycle { get; }

    /// <inheritdoc cref="JournalStores.Pushes"/>
    public IPushStore Pushes => _stores.Pushes;

    /// <inheritdoc cref="JournalStores.Outcomes"/>
    public IOutcomeStore Outcomes => _stores.Outcomes;

    /// <inheritdoc cref="JournalStores.Rows"/>
    public IRowStore Rows => _stores.Rows;

    /// <inheritdoc cref="JournalStores.Sums"/>
    public ISumStore Sums => _stores.Sums;

    /// <inheritdoc cref="JournalStores.Imports"/>
    public IImportStore Imports => _stores.Imports;

    /// <inheritdoc cref="JournalStores.Creates"/>
    public ICreateStore Creates => _stores.Creates;

    /// <inheritdoc cref="JournalStores.Exports"/>
    public IAudienceExportStore Exports => _stores.Exports;

    /// <inheritdoc cref="JournalStores.OpenEdits"/>
    public IOpenEditStore OpenEdits => _stores.OpenEdits;

    /// <inheritdoc cref="JournalStores.Destinations"/>
    public IDestinationStore Destinations => _stores.Destinations;

    /// <inheritdoc cref="JournalStores.Snapshots"/>
    public IPushSnapshots Snapshots => _stores.Snapshots;

    /// <inheritdoc cref="JournalStores.People"/>
    public IPersonStore People => _stores.People;

    /// <inheritdoc cref="JournalStores.Locks"/>
    public IJournalLocks Locks => _stores.Locks;

    /// <inheritdoc cref="JournalStores.Identities"/>
    public PushIdentities Identities => _stores.Identities;

    /// <summary>Opens the journal in a folder, or makes it.</summary>
    /// <param name="folder">The folder; null for the user's own.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    public static PushJournal Open(string? folder = null, ProcessHost? host = null) =>
        SqliteJournal.Open(folder ?? JournalFolder.Default, host ?? ProcessHost.Machine);

    /// <summary>Opens the journal in a folder for reading. Where there is none, nothing is made, and it reads as empty.</summary>
    /// <param name="folder">The folder; null for the user's own.</param>
    public static PushJournal OpenToRead(string? folder = null) => SqliteJournal.OpenToRead(folder ?? JournalFolder.Default);

    /// <summary>Whether there is a journal in a folder.</summary>
    public static bool IsIn(string folder) => SqliteJournal.IsIn(folder);

    /// <summary>Opens the ledger of the calls to an instance.</summary>
    /// <param name="folder">The journal's folder; null for the user's own.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="push">The push that makes the calls; the journal then knows when the last one was sent. Null for a plan.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    public static IJournalLedger OpenLedger(string? folder, string instance, Guid? push, ProcessHost? host = null) =>
        CallLedger.Open(folder ?? JournalFolder.Default, instance, push, host);

    public void Dispose()
    {
        _session.Dispose();
        Lifecycle.Dispose();
        Identities.Dispose();
    }
}
