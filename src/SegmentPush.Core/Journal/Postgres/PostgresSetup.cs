using Npgsql;

namespace SegmentPush.Journal.Postgres;

/// <summary>Makes the schema of a journal in PostgreSQL, and brings it forward.</summary>
internal static class PostgresSetup
{
    /// <summary>
    /// Asks for the version. The schema is named: PostgreSQL passes over one that the user may not use, and a journal without rights would be none at all.
    /// </summary>
    public const string VersionQuery = $"SELECT number FROM {PostgresSchema.Name}.schema_version";

    // Two who set up at once wait for each other.
    private const string Lock = "SELECT pg_advisory_xact_lock(1398099031, 1)";

    // The pusher's role may do all that a push needs; the reader's role sees no key. Roles belong to the whole server: a user who may not make
    // any leaves them out, and the script of -AsScript makes them.
    private const string Roles = """
        DO $$ BEGIN
            IF (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user) THEN BEGIN
                IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'segmentpush_pusher') THEN CREATE ROLE segmentpush_pusher NOLOGIN; END IF;
                IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'segmentpush_reader') THEN CREATE ROLE segmentpush_reader NOLOGIN; END IF;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
            END IF;
            IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'segmentpush_pusher') THEN
                GRANT USAGE ON SCHEMA segmentpush TO segmentpush_pusher;
                GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA segmentpush TO segmentpush_pusher;
                REVOKE INSERT, UPDATE, DELETE ON segmentpush.schema_version FROM segmentpush_pusher;
                GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA segmentpush TO segmentpush_pusher;
            END IF;
            IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'segmentpush_reader') THEN
                GRANT USAGE ON SCHEMA segmentpush TO segmentpush_reader;
                GRANT SELECT ON ALL TABLES IN SCHEMA segmentpush TO segmentpush_reader;
                REVOKE ALL ON segmentpush.secret, segmentpush.spool_block FROM segmentpush_reader;
            END IF;
        END $$;

        """;

    /// <summary>What a database administrator runs in place of <see cref="Run"/>, in one transaction: it makes the schema, or brings it forward.</summary>
    public static string Script() =>
        $"""
        -- The journal of SegmentPush, schema version {PostgresSchema.Version}. Run it in the database, with a user that may create a schema and roles:
        -- once for a new journal, and again where a new version of SegmentPush asks for it.
        -- Then grant the role segmentpush_pusher to the users of the machines that push, and segmentpush_reader to those who only look.
        BEGIN;
        {Lock};
        CREATE SCHEMA IF NOT EXISTS {PostgresSchema.Name};
        SET LOCAL search_path = {PostgresSchema.Name};
        DO $script$
        DECLARE version integer := 0;
        BEGIN
        IF to_regclass('segmentpush.schema_version') IS NOT NULL THEN SELECT number INTO version FROM schema_version; END IF;
        IF version > {PostgresSchema.Version} THEN RAISE EXCEPTION 'The journal was made by a newer SegmentPush.'; END IF;
        {string.Concat(PostgresSchema.Steps.Select((step, i) => $"IF version < {i + 1} THEN EXECUTE $step{i + 1}$\n{step}$step{i + 1}$; END IF;\n"))}END $script$;
        {Roles}COMMIT;
        """;

    /// <summary>Makes the schema, or brings it forward.</summary>
    /// <returns>False where it was as it must be.</returns>
    /// <exception cref="SegmentPushException">The schema is newer (<c>JournalTooNew</c>), or the user may not make one (<c>JournalNotWritable</c>).</exception>
    public static bool Run(PostgresAddress address, ProcessHost host) => address.NewWait().Out(
        () =>
        {
            using var connection = address.Connect(host.MachineName);
            using var transaction = connection.BeginTransaction();
            Execute(connection, Lock);
            int version = ReadVersion(connection);
            if (version > PostgresSchema.Version) CheckVersion(address, version);
            if (version == 0) Execute(connection, $"CREATE SCHEMA IF NOT EXISTS {PostgresSchema.Name}");
            foreach (string step in PostgresSchema.Steps.Skip(version)) Execute(connection, step);
            Execute(connection, Roles);
            transaction.Commit();
            return version != PostgresSchema.Version;
        },
        () => { });

    /// <summary>Checks that this code reads and writes a version.</summary>
    /// <exception cref="SegmentPushException">It does not (<c>JournalTooNew</c>, <c>JournalTooOld</c>).</exception>
    public static void CheckVersion(PostgresAddress address, int version)
    {
        if (version > PostgresSchema.Version)
        {
            throw new SegmentPushException(
                "JournalTooNew",
                $"The journal {address} was made by a newer SegmentPush (schema {version}, this one knows {PostgresSchema.Version}).",
                "Update the module on this machine.",
                address.ToString());
        }

        if (version < PostgresSchema.Version)
        {
            throw new SegmentPushException(
                "JournalTooOld",
                $"The journal {address} was made by an older SegmentPush (schema {version}, this one needs {PostgresSchema.Version}).",
                "Run Initialize-PushJournal with the user that owns the schema, once all machines have the new module.",
                address.ToString());
        }
    }

    private static int ReadVersion(NpgsqlConnection connection)
    {
        using var find = new NpgsqlCommand("SELECT to_regclass('segmentpush.schema_version') IS NOT NULL", connection);
        if (!(bool)find.ExecuteScalar()!) return 0;
        using var read = new NpgsqlCommand(VersionQuery, connection);
        return (int)read.ExecuteScalar()!;
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand { Connection = connection };
#pragma warning disable CA2100 // The texts are the schema's and this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
