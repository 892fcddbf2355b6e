namespace SegmentPush.Journal.Postgres;

/// <summary>The tables and functions for the ledger of calls.</summary>
internal static class CallTables
{
    /// <summary>What the first version of the schema makes.</summary>
    // The ledger of calls. All moments are of the database's clock; a caller tells how long ago a call was sent.
    public const string First = """
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

    /// <summary>What the second version changes: calls are granted several at once, to processes that hold their leases, and who waits for a place is woken.</summary>
    public const string Second = """
        DROP FUNCTION enter_call(text, text, integer, integer, integer, text, bigint, double precision, double precision);
        DROP FUNCTION free_dead_callers(text, double precision);

        CREATE FUNCTION free_dead_callers(p_instance text, p_window double precision) RETURNS boolean LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        BEGIN
            UPDATE call SET free_at = granted + make_interval(secs => p_window)
                WHERE instance = p_instance AND free_at IS NULL AND (granted < clock_timestamp() - interval '150 seconds' OR NOT EXISTS (
                    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 1398099028 AND objid = call.lock_key AND objsubid = 2
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())));
            RETURN FOUND;
        END $$;

        CREATE FUNCTION end_calls(p_instance text, p_ended bigint[], p_left double precision[], p_unused bigint[], p_day text)
            RETURNS void LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        DECLARE unused bigint;
        BEGIN
            IF cardinality(p_ended) = 0 AND cardinality(p_unused) = 0 THEN RETURN; END IF;
            UPDATE call SET free_at = clock_timestamp() + make_interval(secs => t.left_for) FROM unnest(p_ended, p_left) t (ended, left_for)
                WHERE instance = p_instance AND call_key = t.ended;
            IF cardinality(p_unused) > 0 THEN
                DELETE FROM call WHERE instance = p_instance AND call_key = ANY(p_unused);
                GET DIAGNOSTICS unused = ROW_COUNT;
                UPDATE call_day SET used = greatest(0, used - unused) WHERE instance = p_instance AND day = p_day;
            END IF;
            IF EXISTS (SELECT 1 FROM call_waiter WHERE instance = p_instance AND seen > clock_timestamp() - interval '3 seconds') THEN
                PERFORM pg_notify('segmentpush_call', p_instance);
            END IF;
        END $$;

        CREATE FUNCTION enter_calls(
            p_instance text, p_caller text, p_lock integer, p_session integer, p_wanted integer, p_calls integer, p_concurrency integer, p_day text, p_per_day bigint,
            p_window double precision, p_recovery double precision,
            OUT o_calls bigint[], OUT o_wait double precision, OUT o_used bigint, OUT o_is_full boolean) LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        DECLARE
            t timestamptz;
            pace call_pace%ROWTYPE;
            share double precision := 1;
            used_today bigint;
            all_calls bigint; under_way bigint; own bigint; others bigint; next_free timestamptz;
            concurrency integer; places bigint;
        BEGIN
            o_calls := '{}';
            o_is_full := false;
            PERFORM pg_advisory_xact_lock(1398099029, hashtext(p_instance));
            IF p_session IS NOT NULL THEN PERFORM fence_beside(p_session); END IF;
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
            places := least(concurrency - under_way, (concurrency + others) / (others + 1) - own);
            IF places <= 0 THEN
                INSERT INTO call_waiter VALUES (p_instance, p_caller, t) ON CONFLICT (instance, caller) DO UPDATE SET seen = excluded.seen;
                o_is_full := NOT free_dead_callers(p_instance, p_window);
                o_wait := 0.05;
                RETURN;
            END IF;
            places := least(places, greatest(1, floor(p_calls * share)) - all_calls, p_per_day - used_today, p_wanted);
            IF places <= 0 THEN
                IF free_dead_callers(p_instance, p_window) OR next_free IS NULL THEN o_wait := 0.05;
                ELSE o_wait := greatest(0.001, extract(epoch FROM next_free - t)); END IF;
                RETURN;
            END IF;
            WITH granted AS (
                INSERT INTO call (instance, caller, lock_key, granted) SELECT p_instance, p_caller, p_lock, t FROM generate_series(1, places) RETURNING call_key)
            SELECT array_agg(call_key ORDER BY call_key) INTO o_calls FROM granted;
            INSERT INTO call_day VALUES (p_instance, p_day, places) ON CONFLICT (instance, day) DO UPDATE SET used = call_day.used + excluded.used;
            DELETE FROM call_waiter WHERE instance = p_instance AND caller = p_caller;
            o_wait := 0;
        END $$;

        """;

    /// <summary>
    /// What the third version changes: what a process has sent that is gone may have arrived at the last moment, so its calls take their places from then on.
    /// </summary>
    public const string Third = """
        CREATE OR REPLACE FUNCTION free_dead_callers(p_instance text, p_window double precision) RETURNS boolean LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        BEGIN
            UPDATE call SET free_at = clock_timestamp() + make_interval(secs => p_window)
                WHERE instance = p_instance AND free_at IS NULL AND (granted < clock_timestamp() - interval '150 seconds' OR NOT EXISTS (
                    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 1398099028 AND objid = call.lock_key AND objsubid = 2
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())));
            RETURN FOUND;
        END $$;

        """;
}
