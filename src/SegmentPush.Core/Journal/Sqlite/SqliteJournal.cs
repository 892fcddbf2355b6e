using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Sqlite;

/// <summary>Opens the journal of one machine: one SQLite file in a folder.</summary>
internal static class SqliteJournal
{
    /// <summary>Opens the journal in a folder, or makes it.</summary>
    public static PushJournal Open(string folder, ProcessHost host) =>
        Of(new JournalSession(JournalFile.Open(folder, host: host), JournalFile.PathIn(folder), host), folder, host);

    /// <summary>Opens the journal in a folder for reading. Where there is none, nothing is made, and it reads as empty.</summary>
    public static PushJournal OpenToRead(string folder) => IsIn(folder)
        ? Open(folder, ProcessHost.Machine)
        : Of(new JournalSession(JournalFile.OpenEmpty(), JournalFile.PathIn(folder), ProcessHost.Machine), folder, ProcessHost.Machine);

    /// <summary>Whether there is a journal in a folder.</summary>
    public static bool IsIn(string folder) => File.Exists(JournalFile.PathIn(folder));

    private static PushJournal Of(JournalSession session, string folder, ProcessHost host)
    {
        var identities = new PushIdentities(new FileIdentityKey(folder));
        var locks = new FileLocks(folder, host);
        var stores = new SqlStores(session, identities, locks) { OpenLedger = (instance, push) => CallLedger.Open(folder, instance, push, host) };
        var snapshots = new SnapshotStore(session, stores.Binding);
        return new PushJournal(stores.With(snapshots, new PersonWriter(session, snapshots, identities)), folder, session, host);
    }
}
