namespace SegmentPush.Journal.Postgres;

/// <summary>The tables and functions for processes and their leases.</summary>
internal static class ProcessTables
{
    /// <summary>What the first version of the schema makes.</summary>
    // A process owns leases while its row in session is not over. Each of its writes ends with fence(), which locks that row: another process
    // that takes the leases over waits for the write, or the write fails. The database's clock decides, and nobody else's.
    public const string First = """
        CREATE TABLE schema_version (number integer NOT NULL);
        INSERT INTO schema_version VALUES (1);
        CREATE TABLE secret (name text PRIMARY KEY, value bytea NOT NULL);
        CREATE TABLE session (
            session_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            machine text NOT NULL,
            process_id integer NOT NULL,
            module_version text NOT NULL,
            server_started timestamptz NOT NULL,
            started timestamptz NOT NULL DEFAULT clock_timestamp(),
            seen timestamptz NOT NULL DEFAULT clock_timestamp(),
            expires timestamptz NOT NULL,
            last_write bigint NOT NULL DEFAULT 0,
            is_over boolean NOT NULL DEFAULT false
        );
        CREATE TABLE lease (
            subject text PRIMARY KEY,
            session_key integer NOT NULL REFERENCES session ON DELETE CASCADE,
            taken timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        CREATE INDEX lease_session ON lease (session_key);

        CREATE FUNCTION is_over(s session) RETURNS boolean LANGUAGE sql STABLE SET search_path = segmentpush, pg_catalog AS $$
            SELECT s.is_over OR s.expires <= clock_timestamp()
                OR (s.server_started = pg_postmaster_start_time() AND NOT EXISTS (
                    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 1398099027 AND objid = s.session_key AND objsubid = 2
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))
        $$;

        CREATE FUNCTION fence(p_key integer, p_write bigint, p_seconds double precision) RETURNS void LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        BEGIN
            UPDATE session SET last_write = p_write, seen = clock_timestamp(), expires = clock_timestamp() + make_interval(secs => p_seconds)
                WHERE session_key = p_key AND NOT session.is_over;
            IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'SP001', MESSAGE = 'The leases of this process were taken over.'; END IF;
        END $$;

        CREATE FUNCTION prove(p_actual bigint, p_expected bigint) RETURNS void LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        BEGIN
            IF p_actual <> p_expected THEN RAISE EXCEPTION USING ERRCODE = 'SP002', MESSAGE = 'Another number of rows was changed.'; END IF;
        END $$;

        CREATE FUNCTION take_lease(p_subject text, p_key integer) RETURNS boolean LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        DECLARE holder integer;
        BEGIN
            INSERT INTO lease (subject, session_key) VALUES (p_subject, p_key) ON CONFLICT (subject) DO NOTHING;
            IF FOUND THEN RETURN true; END IF;
            SELECT session_key INTO holder FROM lease WHERE subject = p_subject;
            IF holder = p_key THEN RETURN false; END IF;
            UPDATE session s SET is_over = true WHERE s.session_key = holder AND is_over(s);
            IF NOT FOUND THEN RETURN false; END IF;
            DELETE FROM lease WHERE session_key = holder;
            INSERT INTO lease (subject, session_key) VALUES (p_subject, p_key) ON CONFLICT (subject) DO NOTHING;
            RETURN FOUND;
        END $$;

        """;

    /// <summary>What the second version changes.</summary>
    // A second connection of a process writes beside the first one, so it must leave the number of the first one's last transaction alone.
    public const string Second = """
        UPDATE schema_version SET number = 2;

        CREATE FUNCTION fence_beside(p_key integer) RETURNS void LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        BEGIN
            PERFORM 1 FROM session WHERE session_key = p_key AND NOT session.is_over FOR SHARE;
            IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'SP001', MESSAGE = 'The leases of this process were taken over.'; END IF;
        END $$;

        """;

    /// <summary>What the third version changes.</summary>
    public const string Third = """
        UPDATE schema_version SET number = 3;

        """;

    /// <summary>What the fourth version changes.</summary>
    public const string Fourth = """
        UPDATE schema_version SET number = 4;

        """;

    /// <summary>What the fifth version changes.</summary>
    public const string Fifth = """
        UPDATE schema_version SET number = 5;

        """;
}
