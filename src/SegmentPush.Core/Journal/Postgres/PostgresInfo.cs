using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Postgres;

/// <summary>Reads what can be said of a journal in PostgreSQL as a whole.</summary>
internal static class PostgresInfo
{
    /// <summary>Reads it. The reader's role is enough.</summary>
    public static JournalInfo Read(PostgresAddress address)
    {
        using var session = new PostgresSession(address, ProcessHost.Machine);
        int version = session.Read(() => (int)session.Count(PostgresSetup.VersionQuery));
        PostgresSetup.CheckVersion(address, version);
        var leases = session.Read(() => session.Query(
            "SELECT subject, machine, process_id, expires FROM lease JOIN session s USING (session_key) WHERE NOT is_over(s) ORDER BY subject",
            row => new JournalLease(row.GetString(0), row.GetString(1), row.GetInt32(2), new DateTimeOffset(row.GetDateTime(3)))));
        return new JournalInfo
        {
            Journal = address.ToString(),
            Kind = "PostgreSQL",
            SchemaVersion = version,
            Bytes = session.Read(() => session.Count(
                "SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'segmentpush' AND c.relkind = 'r'")),
            Machines = session.Read(() => session.Query(
                "SELECT DISTINCT machine FROM session WHERE seen > clock_timestamp() - interval '30 days' ORDER BY machine", row => row.GetString(0))),
            RunningPushes = leases.Count(lease => lease.Subject.StartsWith("push ", StringComparison.Ordinal)),
            Leases = leases,
        };
    }
}
