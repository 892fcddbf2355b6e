namespace SegmentPush.Journal;

/// <summary>
/// An open journal: what happened, on disk. Each of its stores has one role. <c>Journal/Sql/</c> has the stores that all databases share,
/// <c>Journal/Sqlite/</c> and <c>Journal/Postgres/</c> what differs. One instance serves one thread at a time; other processes may read and write the same journal meanwhile.
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
        History = new PushHistory(stores.Pushes, stores.Sums, stores.Locks);
        Lifecycle = new PushLifecycle(stores, History, folder, host);
    }

    /// <summary>The folder with what is kept beside the database, which its owner alone can read.</summary>
    public string Folder { get; }

    /// <summary>The moment by this machine's clock, UTC.</summary>
    public DateTimeOffset Now => _host.Time.GetUtcNow();

    /// <summary>Whether work may be done by threads beside the push: not in a simulation, whose steps come in one order.</summary>
    public bool HasOwnThreads => _host.WatchesDatabase;

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

    /// <inheritdoc cref="JournalStores.ListEdits"/>
    public IListEditStore ListEdits => _stores.ListEdits;

    /// <inheritdoc cref="JournalStores.Sums"/>
    public ISumStore Sums => _stores.Sums;

    /// <inheritdoc cref="JournalStores.Imports"/>
    public IImportStore Imports => _stores.Imports;

    /// <inheritdoc cref="JournalStores.OpenCalls"/>
    public IOpenCallStore OpenCalls => _stores.OpenCalls;

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

    /// <inheritdoc cref="JournalStores.Spools"/>
    public ISpoolStore? Spools => _stores.Spools;

    /// <inheritdoc cref="JournalStores.Machine"/>
    public string? Machine => _stores.Machine;

    /// <inheritdoc cref="JournalStores.Locks"/>
    public IJournalLocks Locks => _stores.Locks;

    /// <inheritdoc cref="JournalStores.Identities"/>
    public PushIdentities Identities => _stores.Identities;

    /// <summary>Opens a journal. One in a folder is made where there is none.</summary>
    /// <param name="address">Where it is; null for the user's own.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    public static PushJournal Open(JournalAddress? address = null, ProcessHost? host = null) => (address ?? JournalAddress.Default).Open(host ?? ProcessHost.Machine);

    /// <summary>Opens a journal for reading. Where there is none, nothing is made, and it reads as empty.</summary>
    /// <param name="address">Where it is; null for the user's own.</param>
    public static PushJournal OpenToRead(JournalAddress? address = null) => (address ?? JournalAddress.Default).OpenToRead();

    /// <inheritdoc cref="JournalStores.OpenLedger"/>
    public IJournalLedger OpenLedger(string instance, Guid push) => _stores.OpenLedger(instance, push);

    public void Dispose()
    {
        _stores.Spools?.Dispose();
        _session.Dispose();
        Lifecycle.Dispose();
        Identities.Dispose();
    }
}
