namespace SegmentPush.Journal.Postgres;

/// <summary>The tables and functions of a journal in PostgreSQL, one text for each step forward. They lie in a schema of their own.</summary>
internal static class PostgresSchema
{
    /// <summary>Name of the schema.</summary>
    public const string Name = "segmentpush";

    /// <summary>The version that this code reads and writes.</summary>
    public const int Version = 1;

    /// <summary>SQLSTATE of a write by a process whose leases another one has taken over.</summary>
    public const string LeaseLost = "SP001";

    /// <summary>SQLSTATE of a statement that changed another number of rows than it must.</summary>
    public const string WrongCount = "SP002";

    /// <summary>SQLSTATE of a change in a snapshot that is not the newest generation any more.</summary>
    public const string SnapshotOutdated = "SP003";

    /// <summary>The first part of the advisory locks that show that a connection lives.</summary>
    public const int AliveLocks = 1_398_099_027;

    /// <summary>All steps, the first one first.</summary>
    public static IReadOnlyList<string> Steps { get; } = [Processes + Pushes + Lists + Calls];

    // A process owns leases while its row in session is not over. Each of its writes ends with fence(), which locks that row: another process
    // that takes the leases over waits for the write, or the write fails. The database's clock decides, and nobody else's.
    private const string Processes = """
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

    private const string Pushes = """
        CREATE TABLE push (
            push_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id text NOT NULL UNIQUE,
            state integer NOT NULL,
            reason text,
            instance text NOT NULL,
            list_id bigint NOT NULL,
            list_name text NOT NULL,
            person_creation integer NOT NULL,
            existing_people integer NOT NULL,
            delivery integer NOT NULL,
            partition_name text,
            started bigint NOT NULL,
            ended bigint,
            touched bigint NOT NULL,
            received bigint NOT NULL,
            added bigint NOT NULL,
            already_member bigint NOT NULL,
            removed bigint NOT NULL,
            not_member bigint NOT NULL,
            unmatched bigint NOT NULL,
            duplicate bigint NOT NULL,
            rejected bigint NOT NULL,
            not_delivered bigint NOT NULL,
            created bigint NOT NULL,
            updated bigint NOT NULL,
            multiple_matches bigint NOT NULL,
            without_company_fields bigint NOT NULL,
            calls bigint NOT NULL,
            reject_path text,
            request text,
            identity_form integer NOT NULL DEFAULT 0,
            destination text,
            mode integer,
            is_verified integer NOT NULL DEFAULT 0,
            undo_of text,
            error_id text,
            receipt text,
            values_left_out bigint NOT NULL DEFAULT 0,
            has_begun integer NOT NULL DEFAULT 1,
            create_sent bigint,
            snapshot_key bigint,
            snapshot_generation bigint,
            has_unknown_changes integer NOT NULL DEFAULT 0,
            no_identity bigint NOT NULL DEFAULT 0,
            no_consent bigint NOT NULL DEFAULT 0,
            machine text DEFAULT current_setting('segmentpush.machine', true)
        );
        CREATE INDEX push_list ON push (list_id);
        CREATE INDEX push_started ON push (started DESC, push_key DESC);
        CREATE TABLE push_source (
            push_key bigint NOT NULL REFERENCES push ON DELETE CASCADE,
            source integer NOT NULL,
            name text NOT NULL,
            form text,
            description text,
            spool text,
            PRIMARY KEY (push_key, source)
        );
        CREATE TABLE person (
            push_key bigint NOT NULL REFERENCES push ON DELETE CASCADE,
            row_number bigint NOT NULL,
            marketo_id bigint,
            sent bigint,
            sent_hash bigint,
            source integer NOT NULL,
            import_number integer,
            member_number integer,
            value_length integer,
            outcome smallint NOT NULL,
            change smallint NOT NULL,
            stage smallint NOT NULL CHECK (
                CASE stage WHEN 1 THEN sent IS NOT NULL WHEN 2 THEN marketo_id IS NOT NULL WHEN 3 THEN import_number IS NOT NULL
                    WHEN 4 THEN sent IS NOT NULL AND marketo_id IS NOT NULL ELSE stage IN (0, 5) END),
            identity text NOT NULL,
            code text,
            reason text,
            column_name text,
            identity_hash bytea,
            PRIMARY KEY (push_key, source, row_number)
        );
        CREATE TABLE import_file (
            push_key bigint NOT NULL REFERENCES push ON DELETE CASCADE,
            number integer NOT NULL,
            lookup_field text NOT NULL,
            is_sent integer NOT NULL,
            batch_id bigint,
            first_source integer NOT NULL,
            first_row bigint NOT NULL,
            last_source integer NOT NULL,
            last_row bigint NOT NULL,
            outcome integer NOT NULL,
            change integer NOT NULL,
            code text,
            reason text,
            state integer NOT NULL DEFAULT 0,
            uploaded bigint,
            is_over integer NOT NULL DEFAULT 0,
            fields text,
            PRIMARY KEY (push_key, number)
        );
        CREATE TABLE unchanged_block (
            push_key bigint NOT NULL REFERENCES push ON DELETE CASCADE,
            source integer NOT NULL,
            first_row bigint NOT NULL,
            last_row bigint NOT NULL,
            people integer NOT NULL,
            content bytea NOT NULL,
            PRIMARY KEY (push_key, source, first_row)
        );
        ALTER TABLE unchanged_block ALTER COLUMN content SET STORAGE EXTERNAL;
        CREATE TABLE call_count (
            push_key bigint NOT NULL REFERENCES push ON DELETE CASCADE,
            began bigint NOT NULL,
            calls bigint NOT NULL,
            per_window integer NOT NULL,
            PRIMARY KEY (push_key, began)
        );
        CREATE TABLE audience_export (
            push_key bigint PRIMARY KEY REFERENCES push ON DELETE CASCADE,
            audience_id text NOT NULL,
            dataset_id text,
            fields text NOT NULL,
            asked bigint NOT NULL,
            job_id text,
            batch_id text,
            is_listed integer NOT NULL DEFAULT 0 CHECK (is_listed = 0 OR job_id IS NOT NULL),
            is_deleted integer NOT NULL DEFAULT 0 CHECK (is_deleted = 0 OR batch_id IS NOT NULL)
        );
        CREATE TABLE audience_file (
            push_key bigint NOT NULL REFERENCES audience_export ON DELETE CASCADE,
            number integer NOT NULL,
            file_id text NOT NULL,
            name text NOT NULL,
            length bigint NOT NULL,
            spool_name text NOT NULL,
            is_fetched integer NOT NULL DEFAULT 0,
            form text,
            PRIMARY KEY (push_key, number)
        );

        """;

    private const string Lists = """
        CREATE TABLE snapshot (
            snapshot_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            instance text NOT NULL,
            list_id bigint NOT NULL,
            identity_field text NOT NULL,
            generation bigint NOT NULL,
            read_by text,
            UNIQUE (instance, list_id, identity_field)
        );
        CREATE TABLE snapshot_member (
            snapshot_key bigint NOT NULL REFERENCES snapshot ON DELETE CASCADE,
            sent_hash bigint NOT NULL,
            marketo_id bigint,
            member_number integer NOT NULL,
            is_from_segment integer NOT NULL,
            identity_hash bytea NOT NULL,
            PRIMARY KEY (snapshot_key, member_number)
        );
        CREATE TABLE destination (
            destination_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL,
            folded_name text NOT NULL UNIQUE,
            definition text NOT NULL,
            created bigint NOT NULL,
            changed bigint NOT NULL,
            segment_people bigint,
            segment_ends_with_line integer,
            snapshot_key bigint REFERENCES snapshot ON DELETE SET NULL
        );

        CREATE FUNCTION check_generation(p_key bigint, p_generation bigint) RETURNS void LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        BEGIN
            PERFORM 1 FROM snapshot WHERE snapshot_key = p_key AND generation = p_generation FOR SHARE;
            IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'SP003', MESSAGE = 'The snapshot is not the newest generation.'; END IF;
        END $$;

        """;

    // The ledger of calls. All moments are of the database's clock; a caller tells how long ago a call was sent.
    private const string Calls = """
        CREATE TABLE call (
            call_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            instance text NOT NULL,
            caller text NOT NULL,
            lock_key integer NOT NULL,
            granted timestamptz NOT NULL,
            free_at timestamptz
        );
        CREATE INDEX call_instance ON call (instance);
        CREATE SEQUENCE caller_lock AS integer CYCLE;
        CREATE TABLE call_waiter (instance text NOT NULL, caller text NOT NULL, seen timestamptz NOT NULL, PRIMARY KEY (instance, caller));
        CREATE TABLE call_pace (instance text PRIMARY KEY, share double precision NOT NULL, since timestamptz NOT NULL, paused_until timestamptz NOT NULL);
        CREATE TABLE call_day (instance text NOT NULL, day text NOT NULL, used bigint NOT NULL, PRIMARY KEY (instance, day));

        CREATE FUNCTION free_dead_callers(p_instance text, p_window double precision) RETURNS boolean LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        BEGIN
            UPDATE call SET free_at = granted + make_interval(secs => p_window)
                WHERE instance = p_instance AND free_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 1398099028 AND objid = call.lock_key AND objsubid = 2
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()));
            RETURN FOUND;
        END $$;

        CREATE FUNCTION enter_call(
            p_instance text, p_caller text, p_lock integer, p_calls integer, p_concurrency integer, p_day text, p_per_day bigint,
            p_window double precision, p_recovery double precision,
            OUT o_call bigint, OUT o_wait double precision, OUT o_used bigint) LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        DECLARE
            t timestamptz;
            pace call_pace%ROWTYPE;
            share double precision := 1;
            used_today bigint;
            all_calls bigint; under_way bigint; own bigint; others bigint; next_free timestamptz;
            concurrency integer;
        BEGIN
            PERFORM pg_advisory_xact_lock(1398099029, hashtext(p_instance));
            t := clock_timestamp();
            SELECT * INTO pace FROM call_pace WHERE instance = p_instance;
            IF FOUND THEN
                share := least(1, pace.share + extract(epoch FROM t - pace.since) / p_recovery);
                IF pace.paused_until > t THEN o_wait := extract(epoch FROM pace.paused_until - t); RETURN; END IF;
            END IF;
            SELECT coalesce(max(used), 0) INTO used_today FROM call_day WHERE instance = p_instance AND day = p_day;
            IF used_today >= p_per_day THEN o_wait := 0; o_used := used_today; RETURN; END IF;
            DELETE FROM call WHERE instance = p_instance AND free_at <= t;
            SELECT count(*), count(*) - count(free_at), count(*) FILTER (WHERE free_at IS NULL AND caller = p_caller), min(free_at)
                INTO all_calls, under_way, own, next_free FROM call WHERE instance = p_instance;
            concurrency := greatest(1, floor(p_concurrency * share)::integer);
            SELECT count(*) INTO others FROM (
                SELECT caller FROM call WHERE instance = p_instance AND free_at IS NULL AND caller <> p_caller
                UNION SELECT caller FROM call_waiter WHERE instance = p_instance AND caller <> p_caller AND seen > t - interval '3 seconds') o;
            IF under_way >= concurrency OR own >= (concurrency + others) / (others + 1) THEN
                INSERT INTO call_waiter VALUES (p_instance, p_caller, t) ON CONFLICT (instance, caller) DO UPDATE SET seen = excluded.seen;
                PERFORM free_dead_callers(p_instance, p_window);
                o_wait := 0.05;
                RETURN;
            END IF;
            IF all_calls >= greatest(1, floor(p_calls * share)) THEN
                IF free_dead_callers(p_instance, p_window) OR next_free IS NULL THEN o_wait := 0.05;
                ELSE o_wait := greatest(0.001, extract(epoch FROM next_free - t)); END IF;
                RETURN;
            END IF;
            INSERT INTO call (instance, caller, lock_key, granted) VALUES (p_instance, p_caller, p_lock, t) RETURNING call_key INTO o_call;
            INSERT INTO call_day VALUES (p_instance, p_day, 1) ON CONFLICT (instance, day) DO UPDATE SET used = call_day.used + 1;
            DELETE FROM call_waiter WHERE instance = p_instance AND caller = p_caller;
            o_wait := 0;
        END $$;

        CREATE FUNCTION slow_down(
            p_instance text, p_since_grant double precision, p_pause double precision, p_least double precision, p_recovery double precision)
            RETURNS void LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        DECLARE t timestamptz;
        BEGIN
            PERFORM pg_advisory_xact_lock(1398099029, hashtext(p_instance));
            t := clock_timestamp();
            INSERT INTO call_pace VALUES (p_instance, 1, '-infinity', '-infinity') ON CONFLICT (instance) DO NOTHING;
            UPDATE call_pace SET
                share = CASE WHEN since <= t - make_interval(secs => p_since_grant)
                    THEN greatest(p_least, CASE WHEN since = '-infinity' THEN 1 ELSE least(1, share + extract(epoch FROM t - since) / p_recovery) END / 2) ELSE share END,
                since = CASE WHEN since <= t - make_interval(secs => p_since_grant) THEN t ELSE since END,
                paused_until = CASE WHEN p_pause IS NULL THEN paused_until ELSE greatest(paused_until, t + make_interval(secs => p_pause)) END
                WHERE instance = p_instance;
        END $$;

        """;
}
