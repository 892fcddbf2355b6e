using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Postgres;

/// <summary>Opens a journal that several machines share: a schema of a PostgreSQL database.</summary>
internal static class PostgresJournal
{
    /// <summary>Opens the journal.</summary>
    /// <exception cref="SegmentPushException">
    /// There is none (<c>JournalNotInitialized</c>), it has another version (<c>JournalTooNew</c>, <c>JournalTooOld</c>), or it can't be reached.
    /// </exception>
    public static PushJournal Open(PostgresAddress address, ProcessHost host)
    {
        var session = new PostgresSession(address, host);
        try
        {
            host.Opened?.Invoke(session);
            PostgresSetup.CheckVersion(address, session.Read(() => (int)session.Count("SELECT number FROM schema_version")));
            return Of(session, address, host);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static PushJournal Of(PostgresSession session, PostgresAddress address, ProcessHost host)
    {
        var identities = new PushIdentities(new DatabaseIdentityKey(session, address));
        var locks = new LeaseLocks(session, address, host);
        var imports = new ImportStore(session);
        var unchanged = new UnchangedStore(session);
        var snapshots = new SnapshotStore(session, new SnapshotBinding(session, unchanged));
        var stores = new JournalStores
        {
            Pushes = new PushStore(session, identities),
            Outcomes = new OutcomeStore(session, new PersonWriter(session, snapshots, identities), unchanged, imports, snapshots),
            Rows = new RowStore(session, unchanged),
            Sums = new SumStore(session, unchanged),
            Imports = imports,
            Creates = new CreateStore(session),
            Exports = new AudienceExportStore(session),
            OpenEdits = new OpenEditStore(session),
            Destinations = new DestinationStore(session, locks),
            Snapshots = snapshots,
            People = new PersonStore(session, unchanged, identities),
            Spools = new SpoolStore(address, host, session),
            OpenLedger = (instance, push) => CallLedger.Open(address, instance, push, host, () => session.Lease),
            Locks = locks,
            Identities = identities,
        };
        return new PushJournal(stores, address.LocalFolder, session, host);
    }
}
