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
            PostgresSetup.CheckVersion(address, session.Read(() => (int)session.Count(PostgresSetup.VersionQuery)));
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
        var stores = new SqlStores(session, identities, locks)
        {
            Spools = new SpoolStore(address, host, session),
            Machine = host.MachineName,
            OpenLedger = (instance, push) => CallLedger.Open(address, instance, push, host, () => session.Lease),
        };
        var snapshots = new SnapshotStore(session, stores.Binding);
        return new PushJournal(stores.With(snapshots, new PersonWriter(session, snapshots, identities)), address.LocalFolder, session, host);
    }
}
