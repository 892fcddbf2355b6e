SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA segmentpush;
CREATE FUNCTION segmentpush.check_generation(p_key bigint, p_generation bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
BEGIN
    PERFORM 1 FROM snapshot WHERE snapshot_key = p_key AND generation = p_generation FOR SHARE;
    IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'SP003', MESSAGE = 'The snapshot is not the newest generation.'; END IF;
END $$;
CREATE FUNCTION segmentpush.delete_members() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
BEGIN
    DELETE FROM snapshot_member WHERE snapshot_key = OLD.snapshot_key;
    RETURN NULL;
END $$;
CREATE FUNCTION segmentpush.delete_people() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
BEGIN
    DELETE FROM person WHERE push_key = OLD.push_key;
    RETURN NULL;
END $$;
CREATE FUNCTION segmentpush.end_calls(p_instance text, p_ended bigint[], p_left double precision[], p_unused bigint[], p_day text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
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
CREATE FUNCTION segmentpush.enter_calls(p_instance text, p_caller text, p_lock integer, p_session integer, p_wanted integer, p_calls integer, p_concurrency integer, p_day text, p_per_day bigint, p_window double precision, p_recovery double precision, OUT o_calls bigint[], OUT o_wait double precision, OUT o_used bigint, OUT o_is_full boolean) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
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
CREATE FUNCTION segmentpush.fence(p_key integer, p_write bigint, p_seconds double precision) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
BEGIN
    UPDATE session SET last_write = p_write, seen = clock_timestamp(), expires = clock_timestamp() + make_interval(secs => p_seconds)
        WHERE session_key = p_key AND NOT session.is_over;
    IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'SP001', MESSAGE = 'The leases of this process were taken over.'; END IF;
END $$;
CREATE FUNCTION segmentpush.fence_beside(p_key integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
BEGIN
    PERFORM 1 FROM session WHERE session_key = p_key AND NOT session.is_over FOR SHARE;
    IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'SP001', MESSAGE = 'The leases of this process were taken over.'; END IF;
END $$;
CREATE FUNCTION segmentpush.free_dead_callers(p_instance text, p_window double precision) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
BEGIN
    UPDATE call SET free_at = clock_timestamp() + make_interval(secs => p_window)
        WHERE instance = p_instance AND free_at IS NULL AND (granted < clock_timestamp() - interval '150 seconds' OR NOT EXISTS (
            SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 1398099028 AND objid = call.lock_key AND objsubid = 2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())));
    RETURN FOUND;
END $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE segmentpush.session (
    session_key integer NOT NULL,
    machine text NOT NULL,
    process_id integer NOT NULL,
    module_version text NOT NULL,
    server_started timestamp with time zone NOT NULL,
    started timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    seen timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires timestamp with time zone NOT NULL,
    last_write bigint DEFAULT 0 NOT NULL,
    is_over boolean DEFAULT false NOT NULL
);
CREATE FUNCTION segmentpush.is_over(s segmentpush.session) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
    SELECT s.is_over OR s.expires <= clock_timestamp()
        OR (s.server_started = pg_postmaster_start_time() AND NOT EXISTS (
            SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 1398099027 AND objid = s.session_key AND objsubid = 2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))
$$;
CREATE FUNCTION segmentpush.prove(p_actual bigint, p_expected bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
BEGIN
    IF p_actual <> p_expected THEN RAISE EXCEPTION USING ERRCODE = 'SP002', MESSAGE = 'Another number of rows was changed.'; END IF;
END $$;
CREATE FUNCTION segmentpush.slow_down(p_instance text, p_since_grant double precision, p_pause double precision, p_least double precision, p_recovery double precision) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
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
CREATE FUNCTION segmentpush.take_lease(p_subject text, p_key integer) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'segmentpush', 'pg_catalog'
    AS $$
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
CREATE TABLE segmentpush.audience_export (
    push_key bigint NOT NULL,
    audience_id text NOT NULL,
    dataset_id text,
    fields text NOT NULL,
    asked bigint NOT NULL,
    job_id text,
    batch_id text,
    is_listed integer DEFAULT 0 NOT NULL,
    is_deleted integer DEFAULT 0 NOT NULL,
    CONSTRAINT audience_export_check CHECK (((is_listed = 0) OR (job_id IS NOT NULL))),
    CONSTRAINT audience_export_check1 CHECK (((is_deleted = 0) OR (batch_id IS NOT NULL)))
);
CREATE TABLE segmentpush.audience_file (
    push_key bigint NOT NULL,
    number integer NOT NULL,
    file_id text NOT NULL,
    name text NOT NULL,
    length bigint NOT NULL,
    spool_name text NOT NULL,
    is_fetched integer DEFAULT 0 NOT NULL,
    form text
);
CREATE TABLE segmentpush.call (
    call_key bigint NOT NULL,
    instance text NOT NULL,
    caller text NOT NULL,
    lock_key integer NOT NULL,
    granted timestamp with time zone NOT NULL,
    free_at timestamp with time zone
);
ALTER TABLE segmentpush.call ALTER COLUMN call_key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME segmentpush.call_call_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE segmentpush.call_count (
    push_key bigint NOT NULL,
    began bigint NOT NULL,
    calls bigint NOT NULL,
    per_window integer NOT NULL
);
CREATE TABLE segmentpush.call_day (
    instance text NOT NULL,
    day text NOT NULL,
    used bigint NOT NULL
);
CREATE TABLE segmentpush.call_pace (
    instance text NOT NULL,
    share double precision NOT NULL,
    since timestamp with time zone NOT NULL,
    paused_until timestamp with time zone NOT NULL
);
CREATE TABLE segmentpush.call_waiter (
    instance text NOT NULL,
    caller text NOT NULL,
    seen timestamp with time zone NOT NULL
);
CREATE SEQUENCE segmentpush.caller_lock
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
    CYCLE;
CREATE TABLE segmentpush.destination (
    destination_key bigint NOT NULL,
    name text NOT NULL,
    folded_name text NOT NULL,
    definition text NOT NULL,
    created bigint NOT NULL,
    changed bigint NOT NULL,
    segment_people bigint,
    segment_ends_with_line integer,
    snapshot_key bigint
);
ALTER TABLE segmentpush.destination ALTER COLUMN destination_key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME segmentpush.destination_destination_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE segmentpush.import_file (
    push_key bigint NOT NULL,
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
    state integer DEFAULT 0 NOT NULL,
    uploaded bigint,
    is_over integer DEFAULT 0 NOT NULL,
    fields text
);
CREATE TABLE segmentpush.lease (
    subject text NOT NULL,
    session_key integer NOT NULL,
    taken timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
CREATE TABLE segmentpush.person (
    push_key integer NOT NULL,
    row_number integer NOT NULL,
    marketo_id bigint,
    sent bigint,
    sent_hash bigint,
    source integer NOT NULL,
    import_number integer,
    member_number integer,
    value_length integer,
    outcome smallint NOT NULL,
    change smallint NOT NULL,
    stage smallint NOT NULL,
    identity text NOT NULL,
    code text,
    reason text,
    column_name text,
    identity_hash bytea,
    CONSTRAINT person_check CHECK (
CASE stage
    WHEN 1 THEN (sent IS NOT NULL)
    WHEN 2 THEN (marketo_id IS NOT NULL)
    WHEN 3 THEN (import_number IS NOT NULL)
    WHEN 4 THEN ((sent IS NOT NULL) AND (marketo_id IS NOT NULL))
    ELSE (stage = ANY (ARRAY[0, 5]))
END)
);
CREATE TABLE segmentpush.push (
    push_key bigint NOT NULL,
    id text NOT NULL,
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
    identity_form integer DEFAULT 0 NOT NULL,
    destination text,
    mode integer,
    is_verified integer DEFAULT 0 NOT NULL,
    undo_of text,
    error_id text,
    receipt text,
    values_left_out bigint DEFAULT 0 NOT NULL,
    has_begun integer DEFAULT 1 NOT NULL,
    create_sent bigint,
    snapshot_key bigint,
    snapshot_generation bigint,
    has_unknown_changes integer DEFAULT 0 NOT NULL,
    no_identity bigint DEFAULT 0 NOT NULL,
    no_consent bigint DEFAULT 0 NOT NULL,
    machine text DEFAULT current_setting('segmentpush.machine'::text, true)
);
ALTER TABLE segmentpush.push ALTER COLUMN push_key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME segmentpush.push_push_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE segmentpush.push_source (
    push_key bigint NOT NULL,
    source integer NOT NULL,
    name text NOT NULL,
    form text,
    description text,
    spool text
);
CREATE TABLE segmentpush.schema_version (
    number integer NOT NULL
);
CREATE TABLE segmentpush.secret (
    name text NOT NULL,
    value bytea NOT NULL
);
ALTER TABLE segmentpush.session ALTER COLUMN session_key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME segmentpush.session_session_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE segmentpush.snapshot (
    snapshot_key bigint NOT NULL,
    instance text NOT NULL,
    list_id bigint NOT NULL,
    identity_field text NOT NULL,
    generation bigint NOT NULL,
    read_by text
);
CREATE TABLE segmentpush.snapshot_member (
    snapshot_key bigint NOT NULL,
    sent_hash bigint NOT NULL,
    marketo_id bigint,
    member_number integer NOT NULL,
    is_from_segment integer NOT NULL,
    identity_hash bytea NOT NULL
);
ALTER TABLE segmentpush.snapshot ALTER COLUMN snapshot_key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME segmentpush.snapshot_snapshot_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE segmentpush.spool_block (
    push_key bigint NOT NULL,
    source integer NOT NULL,
    begins bigint NOT NULL,
    length integer NOT NULL,
    content bytea NOT NULL
);
ALTER TABLE ONLY segmentpush.spool_block ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE TABLE segmentpush.unchanged_block (
    push_key bigint NOT NULL,
    source integer NOT NULL,
    first_row bigint NOT NULL,
    last_row bigint NOT NULL,
    people integer NOT NULL,
    content bytea NOT NULL
);
ALTER TABLE ONLY segmentpush.unchanged_block ALTER COLUMN content SET STORAGE EXTERNAL;
INSERT INTO segmentpush.call OVERRIDING SYSTEM VALUE VALUES
	(1, '000-SBX-000', '01a21f25-32d9-7543-82e9-8ec101d763c5', 1, '2026-11-27 22:34:21.341+00', '2026-11-27 22:34:41.525615+00'),
	(2, '000-SBX-000', '01a21f25-32d9-7543-82e9-8ec101d763c5', 1, '2026-11-27 22:34:21.445626+00', '2026-11-27 22:34:41.581918+00'),
	(3, '000-SBX-000', '01a21f25-32d9-7543-82e9-8ec101d763c5', 1, '2026-11-27 22:34:21.485738+00', '2026-11-27 22:34:41.591808+00'),
	(4, '000-SBX-000', '01a21f25-32d9-7543-82e9-8ec101d763c5', 1, '2026-11-27 22:34:21.587575+00', '2026-11-27 22:34:41.757664+00'),
	(5, '000-SBX-000', '01a21f25-32d9-7543-82e9-8ec101d763c5', 1, '2026-11-27 22:34:21.673825+00', '2026-11-27 22:34:41.785303+00'),
	(6, '000-SBX-000', '01a21f25-32d9-7543-82e9-8ec101d763c5', 1, '2026-11-27 22:34:21.697108+00', '2026-11-27 22:34:41.810487+00'),
	(7, '000-SBX-000', '01a21f25-35b7-70bf-9d2a-e04c0219b998', 2, '2026-11-27 22:34:22.027579+00', '2026-11-27 22:34:41.99183+00'),
	(8, '000-SBX-000', '01a21f25-35b7-70bf-9d2a-e04c0219b998', 2, '2026-11-27 22:34:22.027635+00', '2026-11-27 22:34:41.998257+00'),
	(9, '000-SBX-000', '01a21f25-35b7-70bf-9d2a-e04c0219b998', 2, '2026-11-27 22:34:22.027639+00', '2026-11-27 22:34:42.002417+00'),
	(10, '000-SBX-000', '01a21f25-35b7-70bf-9d2a-e04c0219b998', 2, '2026-11-27 22:34:22.030035+00', '2026-11-27 22:34:42.134301+00'),
	(11, '000-SBX-000', '01a21f25-35b7-70bf-9d2a-e04c0219b998', 2, '2026-11-27 22:34:22.035593+00', '2026-11-27 22:34:42.1384+00'),
	(12, '000-SBX-000', '01a21f25-35b7-70bf-9d2a-e04c0219b998', 2, '2026-11-27 22:34:22.038757+00', '2026-11-27 22:34:42.140391+00'),
	(13, '000-SBX-000', '01a21f25-35b7-70bf-9d2a-e04c0219b998', 2, '2026-11-27 22:34:22.061689+00', '2026-11-27 22:34:42.17339+00'),
	(14, '000-SBX-000', '01a21f25-35b7-70bf-9d2a-e04c0219b998', 2, '2026-11-27 22:34:22.17886+00', '2026-11-27 22:34:42.307896+00'),
	(15, '000-SBX-000', '01a21f25-35b7-70bf-9d2a-e04c0219b998', 2, '2026-11-27 22:34:22.31951+00', '2026-11-27 22:34:42.423139+00'),
	(16, '000-SBX-000', '01a21f25-35b7-70bf-9d2a-e04c0219b998', 2, '2026-11-27 22:34:22.334723+00', '2026-11-27 22:34:42.43855+00'),
	(17, '000-SBX-000', '01a21f25-3765-79a2-add0-1142685b9b57', 3, '2026-11-27 22:34:22.460016+00', '2026-11-27 22:34:42.563932+00'),
	(18, '000-SBX-000', '01a21f25-3765-79a2-add0-1142685b9b57', 3, '2026-11-27 22:34:22.465074+00', '2026-11-27 22:34:42.567827+00'),
	(19, '000-SBX-000', '01a21f25-3765-79a2-add0-1142685b9b57', 3, '2026-11-27 22:34:22.468145+00', '2026-11-27 22:34:42.569778+00'),
	(20, '000-SBX-000', '01a21f25-3765-79a2-add0-1142685b9b57', 3, '2026-11-27 22:34:22.489627+00', '2026-11-27 22:34:42.592212+00'),
	(21, '000-SBX-000', '01a21f25-3765-79a2-add0-1142685b9b57', 3, '2026-11-27 22:34:22.504563+00', '2026-11-27 22:34:42.614895+00'),
	(22, '000-SBX-000', '01a21f25-37dd-7211-ae3f-3b5e3518f551', 4, '2026-11-27 22:34:22.593023+00', '2026-11-27 22:34:42.703296+00'),
	(23, '000-SBX-000', '01a21f25-37dd-7211-ae3f-3b5e3518f551', 4, '2026-11-27 22:34:22.604559+00', '2026-11-27 22:34:42.709539+00'),
	(24, '000-SBX-000', '01a21f25-37dd-7211-ae3f-3b5e3518f551', 4, '2026-11-27 22:34:22.609874+00', '2026-11-27 22:34:42.714074+00'),
	(25, '000-SBX-000', '01a21f25-37dd-7211-ae3f-3b5e3518f551', 4, '2026-11-27 22:34:22.636444+00', '2026-11-27 22:34:42.741218+00'),
	(26, '000-SBX-000', '01a21f25-37dd-7211-ae3f-3b5e3518f551', 4, '2026-11-27 22:34:22.64708+00', '2026-11-27 22:34:42.752085+00'),
	(27, '000-SBX-000', '01a21f25-37dd-7211-ae3f-3b5e3518f551', 4, '2026-11-27 22:34:22.656147+00', '2026-11-27 22:34:42.758463+00'),
	(28, '000-SBX-000', '01a21f25-37dd-7211-ae3f-3b5e3518f551', 4, '2026-11-27 22:34:22.660383+00', '2026-11-27 22:34:42.763691+00'),
	(29, '000-SBX-000', '01a21f25-3865-7dcd-8e9b-7a7da2f21640', 5, '2026-11-27 22:34:22.719987+00', '2026-11-27 22:34:42.828256+00'),
	(30, '000-SBX-000', '01a21f25-3865-7dcd-8e9b-7a7da2f21640', 5, '2026-11-27 22:34:22.729376+00', '2026-11-27 22:34:42.837619+00'),
	(31, '000-SBX-000', '01a21f25-3865-7dcd-8e9b-7a7da2f21640', 5, '2026-11-27 22:34:22.737984+00', '2026-11-27 22:34:42.84103+00'),
	(32, '000-SBX-000', '01a21f25-3865-7dcd-8e9b-7a7da2f21640', 5, '2026-11-27 22:34:22.756135+00', '2026-11-27 22:34:42.860737+00'),
	(33, '000-SBX-000', '01a21f25-3865-7dcd-8e9b-7a7da2f21640', 5, '2026-11-27 22:34:22.768804+00', '2026-11-27 22:34:42.871701+00'),
	(34, '000-SBX-000', '01a21f25-3865-7dcd-8e9b-7a7da2f21640', 5, '2026-11-27 22:34:22.880259+00', '2026-11-27 22:34:42.984758+00'),
	(35, '000-SBX-000', '01a21f25-447d-7ea0-8363-92f1de1a404a', 6, '2026-11-27 22:34:25.858653+00', '2026-11-27 22:34:46.03985+00'),
	(36, '000-SBX-000', '01a21f25-447d-7ea0-8363-92f1de1a404a', 6, '2026-11-27 22:34:25.958722+00', '2026-11-27 22:34:46.074493+00'),
	(37, '000-SBX-000', '01a21f25-447d-7ea0-8363-92f1de1a404a', 6, '2026-11-27 22:34:25.980266+00', '2026-11-27 22:34:46.088365+00'),
	(38, '000-SBX-000', '01a21f25-447d-7ea0-8363-92f1de1a404a', 6, '2026-11-27 22:34:26.069561+00', NULL),
	(39, '000-SBX-000', '01a21f25-447d-7ea0-8363-92f1de1a404a', 6, '2026-11-27 22:34:26.08418+00', NULL),
	(40, '000-SBX-000', '01a21f25-447d-7ea0-8363-92f1de1a404a', 6, '2026-11-27 22:34:26.08418+00', NULL);
INSERT INTO segmentpush.call_count VALUES
	(1, 639314156612733344, 6, 50),
	(2, 639314156620074703, 7, 50),
	(3, 639314156624372979, 5, 50),
	(4, 639314156625577248, 7, 50),
	(5, 639314156626937345, 6, 50),
	(6, 639314156657893646, 3, 50);
INSERT INTO segmentpush.call_day VALUES
	('000-SBX-000', '2026-11-27', 40);
INSERT INTO segmentpush.destination OVERRIDING SYSTEM VALUE VALUES
	(1, 'Mirror', 'MIRROR', '{
  "name": "Mirror",
  "instance": "000-SBX-000",
  "staticList": {
    "id": 1021,
    "name": "Webinar EMEA"
  },
  "mapping": [
    {
      "source": "email",
      "target": "email"
    },
    {
      "source": "first",
      "target": "firstName"
    }
  ],
  "personCreation": "MatchExistingAndCreateMissing",
  "existingPeople": "Update",
  "delivery": "Auto",
  "mode": "Mirror",
  "timeZone": "Etc/UTC",
  "badField": "Reject",
  "ignoreConsent": false,
  "guard": {
    "maxRemovalPercent": 20,
    "maxShrinkPercent": 30,
    "maxRejectPercent": 50
  }
}', 639314156619023701, 639314156619023701, 60, 1, 1);
INSERT INTO segmentpush.import_file VALUES
	(2, 1, 'email', 1, 2001, 0, 1, 0, 60, 1, 0, NULL, NULL, 3, 639314156621015718, 0, '0'),
	(5, 1, 'id', 1, 2002, 0, 1, 0, 38, 1, 3, NULL, NULL, 3, 639314156620060392, 0, '');
INSERT INTO segmentpush.lease VALUES
	('push 01a21f25-447d-7ea0-8363-92f1de1a404a', 6, '2026-11-27 22:34:25.824262+00'),
	('list 000-SBX-000 1021', 6, '2026-11-27 22:34:25.998988+00'),
	('create 000-SBX-000', 6, '2026-11-27 22:34:26.005388+00');
INSERT INTO segmentpush.person VALUES
	(1, 41, NULL, NULL, NULL, 0, NULL, NULL, 6, 7, 0, 5, 'nobody', 'AddressMalformed', 'This is not an address of the form name@example.com; correct it, without display name or quotes.', 'email', NULL),
	(1, 42, NULL, NULL, NULL, 0, NULL, NULL, NULL, 6, 0, 5, 'p1@example.com', 'SameIdentity', 'An earlier row has the same identity.', NULL, NULL),
	(6, 601, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k600@example.com', NULL, NULL, NULL, NULL),
	(6, 602, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k601@example.com', NULL, NULL, NULL, NULL),
	(6, 603, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k602@example.com', NULL, NULL, NULL, NULL),
	(6, 604, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k603@example.com', NULL, NULL, NULL, NULL),
	(6, 605, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k604@example.com', NULL, NULL, NULL, NULL),
	(6, 606, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k605@example.com', NULL, NULL, NULL, NULL),
	(6, 607, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k606@example.com', NULL, NULL, NULL, NULL),
	(6, 608, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k607@example.com', NULL, NULL, NULL, NULL),
	(6, 609, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k608@example.com', NULL, NULL, NULL, NULL),
	(6, 610, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k609@example.com', NULL, NULL, NULL, NULL),
	(6, 611, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k610@example.com', NULL, NULL, NULL, NULL),
	(6, 612, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k611@example.com', NULL, NULL, NULL, NULL),
	(6, 613, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k612@example.com', NULL, NULL, NULL, NULL),
	(6, 614, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k613@example.com', NULL, NULL, NULL, NULL),
	(6, 615, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k614@example.com', NULL, NULL, NULL, NULL),
	(6, 616, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k615@example.com', NULL, NULL, NULL, NULL),
	(6, 617, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k616@example.com', NULL, NULL, NULL, NULL),
	(6, 618, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k617@example.com', NULL, NULL, NULL, NULL),
	(6, 619, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k618@example.com', NULL, NULL, NULL, NULL),
	(6, 620, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k619@example.com', NULL, NULL, NULL, NULL),
	(6, 621, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k620@example.com', NULL, NULL, NULL, NULL),
	(6, 622, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k621@example.com', NULL, NULL, NULL, NULL),
	(6, 623, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k622@example.com', NULL, NULL, NULL, NULL),
	(6, 624, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k623@example.com', NULL, NULL, NULL, NULL),
	(6, 625, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k624@example.com', NULL, NULL, NULL, NULL),
	(6, 626, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k625@example.com', NULL, NULL, NULL, NULL),
	(6, 627, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k626@example.com', NULL, NULL, NULL, NULL),
	(6, 628, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k627@example.com', NULL, NULL, NULL, NULL),
	(6, 629, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k628@example.com', NULL, NULL, NULL, NULL),
	(6, 630, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k629@example.com', NULL, NULL, NULL, NULL),
	(6, 631, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k630@example.com', NULL, NULL, NULL, NULL),
	(6, 632, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k631@example.com', NULL, NULL, NULL, NULL),
	(6, 633, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k632@example.com', NULL, NULL, NULL, NULL),
	(6, 634, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k633@example.com', NULL, NULL, NULL, NULL),
	(6, 635, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k634@example.com', NULL, NULL, NULL, NULL),
	(6, 636, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k635@example.com', NULL, NULL, NULL, NULL),
	(6, 637, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k636@example.com', NULL, NULL, NULL, NULL),
	(6, 638, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k637@example.com', NULL, NULL, NULL, NULL),
	(6, 639, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k638@example.com', NULL, NULL, NULL, NULL),
	(6, 640, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k639@example.com', NULL, NULL, NULL, NULL),
	(6, 641, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k640@example.com', NULL, NULL, NULL, NULL),
	(6, 642, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k641@example.com', NULL, NULL, NULL, NULL),
	(6, 643, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k642@example.com', NULL, NULL, NULL, NULL),
	(6, 644, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k643@example.com', NULL, NULL, NULL, NULL),
	(6, 645, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k644@example.com', NULL, NULL, NULL, NULL),
	(6, 646, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k645@example.com', NULL, NULL, NULL, NULL),
	(6, 647, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k646@example.com', NULL, NULL, NULL, NULL),
	(6, 648, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k647@example.com', NULL, NULL, NULL, NULL);
INSERT INTO segmentpush.person VALUES
	(6, 649, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k648@example.com', NULL, NULL, NULL, NULL),
	(6, 650, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k649@example.com', NULL, NULL, NULL, NULL),
	(6, 651, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k650@example.com', NULL, NULL, NULL, NULL),
	(6, 652, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k651@example.com', NULL, NULL, NULL, NULL),
	(6, 653, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k652@example.com', NULL, NULL, NULL, NULL),
	(6, 654, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k653@example.com', NULL, NULL, NULL, NULL),
	(6, 655, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k654@example.com', NULL, NULL, NULL, NULL),
	(6, 656, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k655@example.com', NULL, NULL, NULL, NULL),
	(6, 657, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k656@example.com', NULL, NULL, NULL, NULL),
	(6, 658, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k657@example.com', NULL, NULL, NULL, NULL),
	(6, 659, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k658@example.com', NULL, NULL, NULL, NULL),
	(6, 660, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k659@example.com', NULL, NULL, NULL, NULL),
	(6, 661, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k660@example.com', NULL, NULL, NULL, NULL),
	(6, 662, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k661@example.com', NULL, NULL, NULL, NULL),
	(6, 663, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k662@example.com', NULL, NULL, NULL, NULL),
	(6, 664, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k663@example.com', NULL, NULL, NULL, NULL),
	(6, 665, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k664@example.com', NULL, NULL, NULL, NULL),
	(6, 666, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k665@example.com', NULL, NULL, NULL, NULL),
	(6, 667, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k666@example.com', NULL, NULL, NULL, NULL),
	(6, 668, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k667@example.com', NULL, NULL, NULL, NULL),
	(6, 669, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k668@example.com', NULL, NULL, NULL, NULL),
	(6, 670, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k669@example.com', NULL, NULL, NULL, NULL),
	(6, 671, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k670@example.com', NULL, NULL, NULL, NULL),
	(6, 672, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k671@example.com', NULL, NULL, NULL, NULL),
	(6, 673, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k672@example.com', NULL, NULL, NULL, NULL),
	(6, 674, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k673@example.com', NULL, NULL, NULL, NULL),
	(6, 675, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k674@example.com', NULL, NULL, NULL, NULL),
	(6, 676, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k675@example.com', NULL, NULL, NULL, NULL),
	(6, 677, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k676@example.com', NULL, NULL, NULL, NULL),
	(1, 1, 4001, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p0@example.com', NULL, NULL, NULL, NULL),
	(1, 2, 4002, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p1@example.com', NULL, NULL, NULL, NULL),
	(1, 3, 4003, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p2@example.com', NULL, NULL, NULL, NULL),
	(1, 4, 4004, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p3@example.com', NULL, NULL, NULL, NULL),
	(1, 5, 4005, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p4@example.com', NULL, NULL, NULL, NULL),
	(1, 6, 4006, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p5@example.com', NULL, NULL, NULL, NULL),
	(1, 7, 4007, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p6@example.com', NULL, NULL, NULL, NULL),
	(1, 8, 4008, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p7@example.com', NULL, NULL, NULL, NULL),
	(1, 9, 4009, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p8@example.com', NULL, NULL, NULL, NULL),
	(1, 10, 4010, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p9@example.com', NULL, NULL, NULL, NULL),
	(1, 11, 4011, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p10@example.com', NULL, NULL, NULL, NULL),
	(1, 12, 4012, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p11@example.com', NULL, NULL, NULL, NULL),
	(1, 13, 4013, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p12@example.com', NULL, NULL, NULL, NULL),
	(1, 14, 4014, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p13@example.com', NULL, NULL, NULL, NULL),
	(1, 15, 4015, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p14@example.com', NULL, NULL, NULL, NULL),
	(6, 678, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k677@example.com', NULL, NULL, NULL, NULL),
	(6, 679, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k678@example.com', NULL, NULL, NULL, NULL),
	(6, 680, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k679@example.com', NULL, NULL, NULL, NULL),
	(6, 681, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k680@example.com', NULL, NULL, NULL, NULL),
	(6, 682, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k681@example.com', NULL, NULL, NULL, NULL),
	(6, 683, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k682@example.com', NULL, NULL, NULL, NULL);
INSERT INTO segmentpush.person VALUES
	(6, 684, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k683@example.com', NULL, NULL, NULL, NULL),
	(6, 685, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k684@example.com', NULL, NULL, NULL, NULL),
	(6, 686, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k685@example.com', NULL, NULL, NULL, NULL),
	(6, 687, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k686@example.com', NULL, NULL, NULL, NULL),
	(6, 688, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k687@example.com', NULL, NULL, NULL, NULL),
	(6, 689, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k688@example.com', NULL, NULL, NULL, NULL),
	(6, 690, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k689@example.com', NULL, NULL, NULL, NULL),
	(6, 691, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k690@example.com', NULL, NULL, NULL, NULL),
	(6, 692, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k691@example.com', NULL, NULL, NULL, NULL),
	(6, 693, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k692@example.com', NULL, NULL, NULL, NULL),
	(6, 694, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k693@example.com', NULL, NULL, NULL, NULL),
	(6, 695, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k694@example.com', NULL, NULL, NULL, NULL),
	(6, 696, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k695@example.com', NULL, NULL, NULL, NULL),
	(6, 697, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k696@example.com', NULL, NULL, NULL, NULL),
	(6, 698, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k697@example.com', NULL, NULL, NULL, NULL),
	(6, 699, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k698@example.com', NULL, NULL, NULL, NULL),
	(6, 700, NULL, 639314156651009975, NULL, 0, NULL, NULL, NULL, 0, 0, 1, 'k699@example.com', NULL, NULL, NULL, NULL),
	(1, 43, NULL, NULL, NULL, 0, NULL, NULL, NULL, 7, 0, 5, 'also@bad@example', 'AddressMalformed', 'Nobody in Marketo has this address, and nobody is created with it, because it is not of the form name@example.com; correct it.', NULL, NULL),
	(1, 16, 4016, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p15@example.com', NULL, NULL, NULL, NULL),
	(1, 17, 4017, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p16@example.com', NULL, NULL, NULL, NULL),
	(1, 18, 4018, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p17@example.com', NULL, NULL, NULL, NULL),
	(1, 19, 4019, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p18@example.com', NULL, NULL, NULL, NULL),
	(1, 20, 4020, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p19@example.com', NULL, NULL, NULL, NULL),
	(1, 21, 4021, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p20@example.com', NULL, NULL, NULL, NULL),
	(1, 22, 4022, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p21@example.com', NULL, NULL, NULL, NULL),
	(1, 23, 4023, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p22@example.com', NULL, NULL, NULL, NULL),
	(1, 24, 4024, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p23@example.com', NULL, NULL, NULL, NULL),
	(1, 25, 4025, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p24@example.com', NULL, NULL, NULL, NULL),
	(1, 26, 4026, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p25@example.com', NULL, NULL, NULL, NULL),
	(1, 27, 4027, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p26@example.com', NULL, NULL, NULL, NULL),
	(1, 28, 4028, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p27@example.com', NULL, NULL, NULL, NULL),
	(1, 29, 4029, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p28@example.com', NULL, NULL, NULL, NULL),
	(1, 30, 4030, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p29@example.com', NULL, NULL, NULL, NULL),
	(1, 31, 4031, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p30@example.com', NULL, NULL, NULL, NULL),
	(1, 32, 4032, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p31@example.com', NULL, NULL, NULL, NULL),
	(1, 33, 4033, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p32@example.com', NULL, NULL, NULL, NULL),
	(1, 34, 4034, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p33@example.com', NULL, NULL, NULL, NULL),
	(1, 35, 4035, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p34@example.com', NULL, NULL, NULL, NULL),
	(1, 36, 4036, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p35@example.com', NULL, NULL, NULL, NULL),
	(1, 37, 4037, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p36@example.com', NULL, NULL, NULL, NULL),
	(1, 38, 4038, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p37@example.com', NULL, NULL, NULL, NULL),
	(1, 39, 4039, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p38@example.com', NULL, NULL, NULL, NULL),
	(1, 40, 4040, NULL, NULL, 0, NULL, NULL, NULL, 1, 1, 5, 'p39@example.com', NULL, NULL, NULL, NULL),
	(1, 1, 4041, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'd0@example.com', NULL, NULL, NULL, NULL),
	(1, 2, 4042, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'd1@example.com', NULL, NULL, NULL, NULL),
	(1, 3, 4043, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'd2@example.com', NULL, NULL, NULL, NULL),
	(1, 4, 4044, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'd3@example.com', NULL, NULL, NULL, NULL),
	(1, 5, 4045, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'd4@example.com', NULL, NULL, NULL, NULL),
	(1, 6, 4046, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'd5@example.com', NULL, NULL, NULL, NULL),
	(1, 7, 4047, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'd6@example.com', NULL, NULL, NULL, NULL);
INSERT INTO segmentpush.person VALUES
	(1, 8, 4048, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'd7@example.com', NULL, NULL, NULL, NULL),
	(1, 9, 4049, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm0@example.com', NULL, NULL, NULL, NULL),
	(1, 10, 4050, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm1@example.com', NULL, NULL, NULL, NULL),
	(1, 11, 4051, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm2@example.com', NULL, NULL, NULL, NULL),
	(1, 12, 4052, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm3@example.com', NULL, NULL, NULL, NULL),
	(1, 13, 4053, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm4@example.com', NULL, NULL, NULL, NULL),
	(1, 14, 4054, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm5@example.com', NULL, NULL, NULL, NULL),
	(1, 15, 4055, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm6@example.com', NULL, NULL, NULL, NULL),
	(1, 16, 4056, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm7@example.com', NULL, NULL, NULL, NULL),
	(1, 17, 4057, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm8@example.com', NULL, NULL, NULL, NULL),
	(1, 18, 4058, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm9@example.com', NULL, NULL, NULL, NULL),
	(1, 19, 4059, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm10@example.com', NULL, NULL, NULL, NULL),
	(1, 20, 4060, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm11@example.com', NULL, NULL, NULL, NULL),
	(1, 21, 4061, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm12@example.com', NULL, NULL, NULL, NULL),
	(1, 22, 4062, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm13@example.com', NULL, NULL, NULL, NULL),
	(1, 23, 4063, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm14@example.com', NULL, NULL, NULL, NULL),
	(1, 24, 4064, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm15@example.com', NULL, NULL, NULL, NULL),
	(1, 25, 4065, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm16@example.com', NULL, NULL, NULL, NULL),
	(1, 26, 4066, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm17@example.com', NULL, NULL, NULL, NULL),
	(1, 27, 4067, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm18@example.com', NULL, NULL, NULL, NULL),
	(1, 28, 4068, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm19@example.com', NULL, NULL, NULL, NULL),
	(1, 29, 4069, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm20@example.com', NULL, NULL, NULL, NULL),
	(1, 30, 4070, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm21@example.com', NULL, NULL, NULL, NULL),
	(1, 31, 4071, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm22@example.com', NULL, NULL, NULL, NULL),
	(1, 32, 4072, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm23@example.com', NULL, NULL, NULL, NULL),
	(1, 33, 4073, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm24@example.com', NULL, NULL, NULL, NULL),
	(1, 34, 4074, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm25@example.com', NULL, NULL, NULL, NULL),
	(1, 35, 4075, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm26@example.com', NULL, NULL, NULL, NULL),
	(1, 36, 4076, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm27@example.com', NULL, NULL, NULL, NULL),
	(1, 37, 4077, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm28@example.com', NULL, NULL, NULL, NULL),
	(1, 38, 4078, NULL, NULL, 1, NULL, NULL, NULL, 1, 1, 5, 'm29@example.com', NULL, NULL, NULL, NULL),
	(2, 1, NULL, NULL, 464006536677003354, 0, 1, 41, NULL, 0, 0, 3, 'd0@example.com', NULL, NULL, NULL, '\x2f2ea9e6a7e1abb535bcf684ba0e4264'),
	(2, 2, NULL, NULL, 8526485810602362803, 0, 1, 42, NULL, 0, 0, 3, 'd1@example.com', NULL, NULL, NULL, '\xaf635c0708f32900a907edba1cdb348a'),
	(2, 3, NULL, NULL, 5826183465311569023, 0, 1, 43, NULL, 0, 0, 3, 'd2@example.com', NULL, NULL, NULL, '\xcba62af447d32ba8160d80a746bc0551'),
	(2, 4, NULL, NULL, 9037612276531678967, 0, 1, 44, NULL, 0, 0, 3, 'd3@example.com', NULL, NULL, NULL, '\xf07f7f37e2aa09faa91544be014aa51a'),
	(2, 5, NULL, NULL, -1475530831601254295, 0, 1, 45, NULL, 0, 0, 3, 'd4@example.com', NULL, NULL, NULL, '\x15010aa4cc450ddb3f53c01eeb707bb5'),
	(2, 6, NULL, NULL, 6919530658045283407, 0, 1, 46, NULL, 0, 0, 3, 'd5@example.com', NULL, NULL, NULL, '\x3733518db669e64c6f17d208424b3ce1'),
	(2, 7, NULL, NULL, 7892188342293520200, 0, 1, 47, NULL, 0, 0, 3, 'd6@example.com', NULL, NULL, NULL, '\x9326dc8362da18590ca76f3e3da3a087'),
	(2, 8, NULL, NULL, -6524714397909813764, 0, 1, 48, NULL, 0, 0, 3, 'd7@example.com', NULL, NULL, NULL, '\xded40d651c34cd2292febc3dfd33f0a6'),
	(2, 9, NULL, NULL, 4651879671779491587, 0, 1, NULL, NULL, 0, 0, 3, 'd8@example.com', NULL, NULL, NULL, '\x5d99725369c3e7da070c24685ae8999f'),
	(2, 10, NULL, NULL, 7920837604160173906, 0, 1, NULL, NULL, 0, 0, 3, 'd9@example.com', NULL, NULL, NULL, '\x588c8c6067cabd2ad7eae45212fed715'),
	(2, 11, NULL, NULL, 1224323512871356550, 0, 1, NULL, NULL, 0, 0, 3, 'd10@example.com', NULL, NULL, NULL, '\xb797669a63ef9adfc98c2a343a403fd9'),
	(2, 12, NULL, NULL, -2187214136528575360, 0, 1, NULL, NULL, 0, 0, 3, 'd11@example.com', NULL, NULL, NULL, '\x25afd60b19f74c8ab719d32d8dd52785'),
	(2, 13, NULL, NULL, 6417316606687338492, 0, 1, NULL, NULL, 0, 0, 3, 'd12@example.com', NULL, NULL, NULL, '\x21a6b1e2cf8cc8efa7cf086aa0d2524e'),
	(2, 14, NULL, NULL, 2715274770807047027, 0, 1, NULL, NULL, 0, 0, 3, 'd13@example.com', NULL, NULL, NULL, '\x566668a345b8c5e22aa895b714d165b6'),
	(2, 15, NULL, NULL, 7968508939671887797, 0, 1, NULL, NULL, 0, 0, 3, 'd14@example.com', NULL, NULL, NULL, '\x7269be4ed3c7807ed27d8661c8cc8e5b'),
	(2, 16, NULL, NULL, 4790981621686288943, 0, 1, NULL, NULL, 0, 0, 3, 'd15@example.com', NULL, NULL, NULL, '\x1a060aebe531665bd32b75885ead5b4d'),
	(2, 17, NULL, NULL, 4197967225381738496, 0, 1, NULL, NULL, 0, 0, 3, 'd16@example.com', NULL, NULL, NULL, '\xdfa42a25c63aeab5ea4c9b00ffcbec6e'),
	(2, 18, NULL, NULL, 6084442543114822544, 0, 1, NULL, NULL, 0, 0, 3, 'd17@example.com', NULL, NULL, NULL, '\x612afdd3850c15a4e5b207e0aa261f44'),
	(2, 19, NULL, NULL, 2858658335520872653, 0, 1, NULL, NULL, 0, 0, 3, 'd18@example.com', NULL, NULL, NULL, '\x604f8edef2fe3c9154044684cede267a');
INSERT INTO segmentpush.person VALUES
	(2, 20, NULL, NULL, -3755245449883341120, 0, 1, NULL, NULL, 0, 0, 3, 'd19@example.com', NULL, NULL, NULL, '\xd3e1298018771daa813500a673b6b526'),
	(2, 21, NULL, NULL, -4353162002580489329, 0, 1, NULL, NULL, 0, 0, 3, 'd20@example.com', NULL, NULL, NULL, '\xde9fcaba6fbf8259884163fa6fa24de3'),
	(2, 22, NULL, NULL, 2527688466881539131, 0, 1, NULL, NULL, 0, 0, 3, 'd21@example.com', NULL, NULL, NULL, '\x18918650547cf2b393f664566fa92da5'),
	(2, 23, NULL, NULL, -1217344169212019406, 0, 1, NULL, NULL, 0, 0, 3, 'd22@example.com', NULL, NULL, NULL, '\x8ac55cc2f8f458b15d2dcbbed2dcd8d1'),
	(2, 24, NULL, NULL, -1185665413585129782, 0, 1, NULL, NULL, 0, 0, 3, 'd23@example.com', NULL, NULL, NULL, '\x9f694e2894439d32d318e88e23afebdc'),
	(2, 25, NULL, NULL, 4932923882365676200, 0, 1, NULL, NULL, 0, 0, 3, 'd24@example.com', NULL, NULL, NULL, '\x636debc0f028c508d1b77736ee64aa33'),
	(2, 26, NULL, NULL, 418531636121853917, 0, 1, NULL, NULL, 0, 0, 3, 'd25@example.com', NULL, NULL, NULL, '\x60d9198b8cc6fd906e998350b16f1cb6'),
	(2, 27, NULL, NULL, -2683363996487249964, 0, 1, NULL, NULL, 0, 0, 3, 'd26@example.com', NULL, NULL, NULL, '\x7e1c8f4dab1d285fa76d191f24eb0dd9'),
	(2, 28, NULL, NULL, 5568940931707784206, 0, 1, NULL, NULL, 0, 0, 3, 'd27@example.com', NULL, NULL, NULL, '\x734e2d3dcd1c18175256438bb1611c53'),
	(2, 29, NULL, NULL, -1650086562701639900, 0, 1, NULL, NULL, 0, 0, 3, 'd28@example.com', NULL, NULL, NULL, '\x071410d809c92afb5eeca2639b6a9536'),
	(2, 30, NULL, NULL, -2447906521338117345, 0, 1, NULL, NULL, 0, 0, 3, 'd29@example.com', NULL, NULL, NULL, '\xf79dc6a90964f1a6808ab4110bbdd87e'),
	(2, 31, NULL, NULL, -2900887402436467102, 0, 1, NULL, NULL, 0, 0, 3, 'd30@example.com', NULL, NULL, NULL, '\x81653e40e1fa7b21aff54d1d1cfa412c'),
	(2, 32, NULL, NULL, 1421758249558576809, 0, 1, NULL, NULL, 0, 0, 3, 'd31@example.com', NULL, NULL, NULL, '\x7d7ce5e9233e46254da1a0512f868523'),
	(2, 33, NULL, NULL, -1996710134837621333, 0, 1, NULL, NULL, 0, 0, 3, 'd32@example.com', NULL, NULL, NULL, '\xd28c4c4d459b296df8853ab6ee93f13f'),
	(2, 34, NULL, NULL, 7900965575923323815, 0, 1, NULL, NULL, 0, 0, 3, 'd33@example.com', NULL, NULL, NULL, '\xaf3cad2bd98bba7657330f3f4cabf510'),
	(2, 35, NULL, NULL, -5787625636516892684, 0, 1, NULL, NULL, 0, 0, 3, 'd34@example.com', NULL, NULL, NULL, '\xf7414f7d7f3dc2ce70f68edb953ba0ef'),
	(2, 36, NULL, NULL, -5345340861497815701, 0, 1, NULL, NULL, 0, 0, 3, 'd35@example.com', NULL, NULL, NULL, '\x04b3f7001556ed89eaf91c2ac9ce98d1'),
	(2, 37, NULL, NULL, 5006066517487456454, 0, 1, NULL, NULL, 0, 0, 3, 'd36@example.com', NULL, NULL, NULL, '\xbf4fcbe35b0d06dc30d8bd2b5900ef81'),
	(2, 38, NULL, NULL, -3751085978052366223, 0, 1, NULL, NULL, 0, 0, 3, 'd37@example.com', NULL, NULL, NULL, '\x6a64d784edab2321ec405ed2b987803d'),
	(2, 39, NULL, NULL, 8861245304218210738, 0, 1, NULL, NULL, 0, 0, 3, 'd38@example.com', NULL, NULL, NULL, '\x3cd5993566c3b4ebc8c439689481a05b'),
	(2, 40, NULL, NULL, 5203550556152882868, 0, 1, NULL, NULL, 0, 0, 3, 'd39@example.com', NULL, NULL, NULL, '\x21531a3986f5e7c61909ad0d12fbeada'),
	(2, 41, NULL, NULL, -3891062342066299617, 0, 1, NULL, NULL, 0, 0, 3, 'd40@example.com', NULL, NULL, NULL, '\x3477a45cc996cd98cdaec13d292a5e43'),
	(2, 42, NULL, NULL, 5235179142986217849, 0, 1, NULL, NULL, 0, 0, 3, 'd41@example.com', NULL, NULL, NULL, '\xc497e0b73bc4fd8529c12b2690c25957'),
	(2, 43, NULL, NULL, 8292783821051798526, 0, 1, NULL, NULL, 0, 0, 3, 'd42@example.com', NULL, NULL, NULL, '\xe2f816114a400400e46e73218aa40a3f'),
	(2, 44, NULL, NULL, -5028270212852334101, 0, 1, NULL, NULL, 0, 0, 3, 'd43@example.com', NULL, NULL, NULL, '\x9a65e05f5cc9195c6fe2324ac85db15d'),
	(2, 45, NULL, NULL, -6790866193004977091, 0, 1, NULL, NULL, 0, 0, 3, 'd44@example.com', NULL, NULL, NULL, '\x5743b66e493ff4800d7c392b40b86c39'),
	(2, 46, NULL, NULL, 180836482354718007, 0, 1, NULL, NULL, 0, 0, 3, 'd45@example.com', NULL, NULL, NULL, '\xcedb287960960a9260c1d495d4562acc'),
	(2, 47, NULL, NULL, -8348300977372573025, 0, 1, NULL, NULL, 0, 0, 3, 'd46@example.com', NULL, NULL, NULL, '\xd11f29e3fe89dacd7999dc67d01a1bca'),
	(2, 48, NULL, NULL, -1787103497440348648, 0, 1, NULL, NULL, 0, 0, 3, 'd47@example.com', NULL, NULL, NULL, '\xf0dff30a6dcef05e6009cd3355e86576'),
	(2, 49, NULL, NULL, -7895848884790992273, 0, 1, NULL, NULL, 0, 0, 3, 'd48@example.com', NULL, NULL, NULL, '\x3d58e1f4c98c69bff4c3533bc4b09d14'),
	(2, 50, NULL, NULL, -4378755526236482637, 0, 1, NULL, NULL, 0, 0, 3, 'd49@example.com', NULL, NULL, NULL, '\xd30897113df4be2293c6bbbac355ac7a'),
	(2, 51, NULL, NULL, 7176805276439662356, 0, 1, NULL, NULL, 0, 0, 3, 'd50@example.com', NULL, NULL, NULL, '\xbea18ade1db8489f499ca996c3540739'),
	(2, 52, NULL, NULL, 6616158161020323193, 0, 1, NULL, NULL, 0, 0, 3, 'd51@example.com', NULL, NULL, NULL, '\x675c2054a518aff5b4cc1f6eff3a8b34'),
	(2, 53, NULL, NULL, 6423268783187269527, 0, 1, NULL, NULL, 0, 0, 3, 'd52@example.com', NULL, NULL, NULL, '\x8b1df57eb09f2833c1cedd0642c0e4ae'),
	(2, 54, NULL, NULL, -3361549415638284115, 0, 1, NULL, NULL, 0, 0, 3, 'd53@example.com', NULL, NULL, NULL, '\x64173ad3bbe4cd1de11ac4e1217a0dc8'),
	(2, 55, NULL, NULL, -5469198639878194857, 0, 1, NULL, NULL, 0, 0, 3, 'd54@example.com', NULL, NULL, NULL, '\xc5b4687e8202677bb8580ab7e3625584'),
	(2, 56, NULL, NULL, -6402397333883067708, 0, 1, NULL, NULL, 0, 0, 3, 'd55@example.com', NULL, NULL, NULL, '\x8edfe298a18472c66c77223d705ecfec'),
	(2, 57, NULL, NULL, -577855024562178078, 0, 1, NULL, NULL, 0, 0, 3, 'd56@example.com', NULL, NULL, NULL, '\x4f921fe3f59cf9a527b4613aff80e6aa'),
	(2, 58, NULL, NULL, -2112923454459403409, 0, 1, NULL, NULL, 0, 0, 3, 'd57@example.com', NULL, NULL, NULL, '\x2d496addecb76f5e6c7b854aafa70fcf'),
	(2, 59, NULL, NULL, -8059658556450016419, 0, 1, NULL, NULL, 0, 0, 3, 'd58@example.com', NULL, NULL, NULL, '\x7fd4eb1197ee6bbf171c4638539fe0f6'),
	(2, 60, NULL, NULL, -5205364379558955037, 0, 1, NULL, NULL, 0, 0, 3, 'd59@example.com', NULL, NULL, NULL, '\xc18a8c77228e12aeff3f9846fe8aeb34'),
	(3, 1, 4018, NULL, NULL, 1, NULL, 18, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 2, 4028, NULL, NULL, 1, NULL, 28, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 3, 4032, NULL, NULL, 1, NULL, 32, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 4, 4049, NULL, NULL, 1, NULL, 49, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 5, 4003, NULL, NULL, 1, NULL, 3, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 6, 4034, NULL, NULL, 1, NULL, 34, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 7, 4054, NULL, NULL, 1, NULL, 54, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 8, 4074, NULL, NULL, 1, NULL, 74, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 9, 4005, NULL, NULL, 1, NULL, 5, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000');
INSERT INTO segmentpush.person VALUES
	(3, 10, 4006, NULL, NULL, 1, NULL, 6, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 11, 4072, NULL, NULL, 1, NULL, 72, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 12, 4017, NULL, NULL, 1, NULL, 17, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 13, 4007, NULL, NULL, 1, NULL, 7, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 14, 4073, NULL, NULL, 1, NULL, 73, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 15, 4037, NULL, NULL, 1, NULL, 37, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 16, 4033, NULL, NULL, 1, NULL, 33, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 17, 4020, NULL, NULL, 1, NULL, 20, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 18, 4051, NULL, NULL, 1, NULL, 51, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 19, 4012, NULL, NULL, 1, NULL, 12, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 20, 4026, NULL, NULL, 1, NULL, 26, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 21, 4070, NULL, NULL, 1, NULL, 70, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 22, 4010, NULL, NULL, 1, NULL, 10, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 23, 4011, NULL, NULL, 1, NULL, 11, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 24, 4078, NULL, NULL, 1, NULL, 78, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 25, 4019, NULL, NULL, 1, NULL, 19, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 26, 4057, NULL, NULL, 1, NULL, 57, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 27, 4038, NULL, NULL, 1, NULL, 38, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 28, 4022, NULL, NULL, 1, NULL, 22, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 29, 4036, NULL, NULL, 1, NULL, 36, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 30, 4035, NULL, NULL, 1, NULL, 35, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 31, 4058, NULL, NULL, 1, NULL, 58, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 32, 4063, NULL, NULL, 1, NULL, 63, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 33, 4061, NULL, NULL, 1, NULL, 61, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 34, 4068, NULL, NULL, 1, NULL, 68, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 35, 4013, NULL, NULL, 1, NULL, 13, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 36, 4009, NULL, NULL, 1, NULL, 9, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 37, 4069, NULL, NULL, 1, NULL, 69, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 38, 4062, NULL, NULL, 1, NULL, 62, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 39, 4002, NULL, NULL, 1, NULL, 2, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 40, 4001, NULL, NULL, 1, NULL, 1, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 41, 4021, NULL, NULL, 1, NULL, 21, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 42, 4059, NULL, NULL, 1, NULL, 59, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 43, 4031, NULL, NULL, 1, NULL, 31, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 44, 4066, NULL, NULL, 1, NULL, 66, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 45, 4014, NULL, NULL, 1, NULL, 14, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 46, 4056, NULL, NULL, 1, NULL, 56, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 47, 4015, NULL, NULL, 1, NULL, 15, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 48, 4060, NULL, NULL, 1, NULL, 60, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 49, 4008, NULL, NULL, 1, NULL, 8, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 50, 4004, NULL, NULL, 1, NULL, 4, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 51, 4055, NULL, NULL, 1, NULL, 55, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 52, 4053, NULL, NULL, 1, NULL, 53, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 53, 4064, NULL, NULL, 1, NULL, 64, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 54, 4052, NULL, NULL, 1, NULL, 52, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 55, 4024, NULL, NULL, 1, NULL, 24, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 56, 4067, NULL, NULL, 1, NULL, 67, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 57, 4040, NULL, NULL, 1, NULL, 40, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 58, 4071, NULL, NULL, 1, NULL, 71, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 59, 4027, NULL, NULL, 1, NULL, 27, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000');
INSERT INTO segmentpush.person VALUES
	(3, 60, 4023, NULL, NULL, 1, NULL, 23, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 61, 4050, NULL, NULL, 1, NULL, 50, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 62, 4029, NULL, NULL, 1, NULL, 29, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 63, 4075, NULL, NULL, 1, NULL, 75, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 64, 4030, NULL, NULL, 1, NULL, 30, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 65, 4076, NULL, NULL, 1, NULL, 76, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 66, 4065, NULL, NULL, 1, NULL, 65, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 67, 4077, NULL, NULL, 1, NULL, 77, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 68, 4025, NULL, NULL, 1, NULL, 25, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 69, 4039, NULL, NULL, 1, NULL, 39, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(3, 70, 4016, NULL, NULL, 1, NULL, 16, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(4, 56, 4131, NULL, 4599930474430540767, 0, NULL, NULL, NULL, 1, 1, 5, 'new0@example.com', NULL, NULL, NULL, '\xc2f8f02ada55f9fff913bd94048e14e4'),
	(4, 57, 4132, NULL, 4599930474430540767, 0, NULL, NULL, NULL, 1, 1, 5, 'new1@example.com', NULL, NULL, NULL, '\x8c109c7c0a84c83c1d2d9ee2afc25af3'),
	(4, 58, 4133, NULL, 4599930474430540767, 0, NULL, NULL, NULL, 1, 1, 5, 'new2@example.com', NULL, NULL, NULL, '\x2f84beaffd70005b939634a5df544379'),
	(4, 59, 4134, NULL, 4599930474430540767, 0, NULL, NULL, NULL, 1, 1, 5, 'new3@example.com', NULL, NULL, NULL, '\x4a2450acfb2440c8e8c06551d3e21675'),
	(4, 60, 4135, NULL, 4599930474430540767, 0, NULL, NULL, NULL, 1, 1, 5, 'new4@example.com', NULL, NULL, NULL, '\xeda9aef25f5ff69f82ac9a9194bb1d6b'),
	(4, 1, 4128, NULL, NULL, 1, NULL, 128, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(4, 2, 4127, NULL, NULL, 1, NULL, 127, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(4, 3, 4129, NULL, NULL, 1, NULL, 129, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(4, 4, 4126, NULL, NULL, 1, NULL, 126, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(4, 5, 4130, NULL, NULL, 1, NULL, 130, NULL, 3, 3, 5, '', NULL, NULL, NULL, '\x00000000000000000000000000000000'),
	(4, 1, 4041, NULL, 4864181816467373735, 0, NULL, 41, NULL, 2, 2, 5, 'd0@example.com', NULL, NULL, NULL, '\x2f2ea9e6a7e1abb535bcf684ba0e4264'),
	(4, 2, 4042, NULL, -1361387904685366718, 0, NULL, 42, NULL, 2, 2, 5, 'd1@example.com', NULL, NULL, NULL, '\xaf635c0708f32900a907edba1cdb348a'),
	(4, 3, 4043, NULL, 8940421150614862817, 0, NULL, 43, NULL, 2, 2, 5, 'd2@example.com', NULL, NULL, NULL, '\xcba62af447d32ba8160d80a746bc0551'),
	(4, 4, 4044, NULL, 7468023248378908851, 0, NULL, 44, NULL, 2, 2, 5, 'd3@example.com', NULL, NULL, NULL, '\xf07f7f37e2aa09faa91544be014aa51a'),
	(4, 5, 4045, NULL, 1585264688878523439, 0, NULL, 45, NULL, 2, 2, 5, 'd4@example.com', NULL, NULL, NULL, '\x15010aa4cc450ddb3f53c01eeb707bb5'),
	(4, 6, 4046, NULL, -6006732547533404770, 0, NULL, 46, NULL, 2, 2, 5, 'd5@example.com', NULL, NULL, NULL, '\x3733518db669e64c6f17d208424b3ce1'),
	(4, 7, 4047, NULL, -5989610154138424473, 0, NULL, 47, NULL, 2, 2, 5, 'd6@example.com', NULL, NULL, NULL, '\x9326dc8362da18590ca76f3e3da3a087'),
	(4, 8, 4048, NULL, 1999214995751129018, 0, NULL, 48, NULL, 2, 2, 5, 'd7@example.com', NULL, NULL, NULL, '\xded40d651c34cd2292febc3dfd33f0a6'),
	(4, 9, 4079, NULL, -8440542895198734434, 0, NULL, 79, NULL, 2, 2, 5, 'd8@example.com', NULL, NULL, NULL, '\x5d99725369c3e7da070c24685ae8999f'),
	(4, 10, 4080, NULL, 807848161706324799, 0, NULL, 80, NULL, 2, 2, 5, 'd9@example.com', NULL, NULL, NULL, '\x588c8c6067cabd2ad7eae45212fed715'),
	(5, 1, 4041, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'd0@example.com', NULL, NULL, NULL, NULL),
	(5, 2, 4042, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'd1@example.com', NULL, NULL, NULL, NULL),
	(5, 3, 4043, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'd2@example.com', NULL, NULL, NULL, NULL),
	(5, 4, 4044, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'd3@example.com', NULL, NULL, NULL, NULL),
	(5, 5, 4045, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'd4@example.com', NULL, NULL, NULL, NULL),
	(5, 6, 4046, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'd5@example.com', NULL, NULL, NULL, NULL),
	(5, 7, 4047, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'd6@example.com', NULL, NULL, NULL, NULL),
	(5, 8, 4048, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'd7@example.com', NULL, NULL, NULL, NULL),
	(5, 9, 4049, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm0@example.com', NULL, NULL, NULL, NULL),
	(5, 10, 4050, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm1@example.com', NULL, NULL, NULL, NULL),
	(5, 11, 4051, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm2@example.com', NULL, NULL, NULL, NULL),
	(5, 12, 4052, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm3@example.com', NULL, NULL, NULL, NULL),
	(5, 13, 4053, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm4@example.com', NULL, NULL, NULL, NULL),
	(5, 14, 4054, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm5@example.com', NULL, NULL, NULL, NULL),
	(5, 15, 4055, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm6@example.com', NULL, NULL, NULL, NULL),
	(5, 16, 4056, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm7@example.com', NULL, NULL, NULL, NULL),
	(5, 17, 4057, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm8@example.com', NULL, NULL, NULL, NULL),
	(5, 18, 4058, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm9@example.com', NULL, NULL, NULL, NULL),
	(5, 19, 4059, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm10@example.com', NULL, NULL, NULL, NULL);
INSERT INTO segmentpush.person VALUES
	(5, 20, 4060, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm11@example.com', NULL, NULL, NULL, NULL),
	(5, 21, 4061, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm12@example.com', NULL, NULL, NULL, NULL),
	(5, 22, 4062, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm13@example.com', NULL, NULL, NULL, NULL),
	(5, 23, 4063, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm14@example.com', NULL, NULL, NULL, NULL),
	(5, 24, 4064, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm15@example.com', NULL, NULL, NULL, NULL),
	(5, 25, 4065, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm16@example.com', NULL, NULL, NULL, NULL),
	(5, 26, 4066, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm17@example.com', NULL, NULL, NULL, NULL),
	(5, 27, 4067, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm18@example.com', NULL, NULL, NULL, NULL),
	(5, 28, 4068, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm19@example.com', NULL, NULL, NULL, NULL),
	(5, 29, 4069, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm20@example.com', NULL, NULL, NULL, NULL),
	(5, 30, 4070, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm21@example.com', NULL, NULL, NULL, NULL),
	(5, 31, 4071, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm22@example.com', NULL, NULL, NULL, NULL),
	(5, 32, 4072, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm23@example.com', NULL, NULL, NULL, NULL),
	(5, 33, 4073, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm24@example.com', NULL, NULL, NULL, NULL),
	(5, 34, 4074, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm25@example.com', NULL, NULL, NULL, NULL),
	(5, 35, 4075, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm26@example.com', NULL, NULL, NULL, NULL),
	(5, 36, 4076, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm27@example.com', NULL, NULL, NULL, NULL),
	(5, 37, 4077, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm28@example.com', NULL, NULL, NULL, NULL),
	(5, 38, 4078, NULL, NULL, 0, 1, NULL, NULL, 0, 0, 3, 'm29@example.com', NULL, NULL, NULL, NULL);
INSERT INTO segmentpush.push OVERRIDING SYSTEM VALUE VALUES
	(1, '01a21f25-32d9-7543-82e9-8ec101d763c5', 1, NULL, '000-SBX-000', 1021, 'Webinar EMEA', 1, 1, 0, NULL, 639314156612733344, 639314156617196403, 639314156617196403, 81, 78, 0, 0, 0, 0, 1, 2, 0, 78, 0, 0, 0, 6, NULL, '{"Mapping":[{"Source":"email","Target":"email","Identity":null},{"Source":"first","Target":"firstName","Identity":null}],"Delivery":0,"RejectPath":null,"JournalIdentity":0,"MaxRejectPercent":50,"Values":{"TimeZone":"Etc/UTC","Culture":null,"BadField":0}}', 0, NULL, NULL, 0, NULL, NULL, NULL, 0, 1, 639314156611024395, NULL, NULL, 0, 0, 0, 'paris'),
	(2, '01a21f25-35b7-70bf-9d2a-e04c0219b998', 3, 'The guard of destination ''Mirror'' stopped before the first of 70 removals: more than 20 % of the 78 people on the list would be taken off.', '000-SBX-000', 1021, 'Webinar EMEA', 1, 1, 1, NULL, 639314156620074703, 639314156623701394, 639314156623701394, 60, 52, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, NULL, '{"Mapping":[{"Source":"email","Target":"email","Identity":null},{"Source":"first","Target":"firstName","Identity":null}],"Delivery":1,"RejectPath":null,"JournalIdentity":0,"MaxRejectPercent":50,"Values":{"TimeZone":"Etc/UTC","Culture":null,"BadField":0},"Destination":{"Definition":"{\n  \u0022name\u0022: \u0022Mirror\u0022,\n  \u0022instance\u0022: \u0022000-SBX-000\u0022,\n  \u0022staticList\u0022: {\n    \u0022id\u0022: 1021,\n    \u0022name\u0022: \u0022Webinar EMEA\u0022\n  },\n  \u0022mapping\u0022: [\n    {\n      \u0022source\u0022: \u0022email\u0022,\n      \u0022target\u0022: \u0022email\u0022\n    },\n    {\n      \u0022source\u0022: \u0022first\u0022,\n      \u0022target\u0022: \u0022firstName\u0022\n    }\n  ],\n  \u0022personCreation\u0022: \u0022MatchExistingAndCreateMissing\u0022,\n  \u0022existingPeople\u0022: \u0022Update\u0022,\n  \u0022delivery\u0022: \u0022Auto\u0022,\n  \u0022mode\u0022: \u0022Mirror\u0022,\n  \u0022timeZone\u0022: \u0022Etc/UTC\u0022,\n  \u0022badField\u0022: \u0022Reject\u0022,\n  \u0022ignoreConsent\u0022: false,\n  \u0022guard\u0022: {\n    \u0022maxRemovalPercent\u0022: 20,\n    \u0022maxShrinkPercent\u0022: 30,\n    \u0022maxRejectPercent\u0022: 50\n  }\n}","Force":false,"Verify":true,"Resync":false,"PlannedList":null}}', 0, 'Mirror', 1, 0, NULL, 'GuardStopped', '{
  "before": 78,
  "added": 0,
  "removed": 0,
  "addedByOthers": 0,
  "removedByOthers": 0
}', 0, 1, NULL, 1, 1, 1, 0, 0, 'paris'),
	(3, '01a21f25-3765-79a2-add0-1142685b9b57', 1, NULL, '000-SBX-000', 1021, 'Webinar EMEA', 1, 1, 1, NULL, 639314156624372979, 639314156625328975, 639314156625328975, 130, 0, 60, 70, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, NULL, '{"Mapping":[{"Source":"email","Target":"email","Identity":null},{"Source":"first","Target":"firstName","Identity":null}],"Delivery":1,"RejectPath":null,"JournalIdentity":0,"MaxRejectPercent":50,"Values":{"TimeZone":"Etc/UTC","Culture":null,"BadField":0},"Destination":{"Definition":"{\n  \u0022name\u0022: \u0022Mirror\u0022,\n  \u0022instance\u0022: \u0022000-SBX-000\u0022,\n  \u0022staticList\u0022: {\n    \u0022id\u0022: 1021,\n    \u0022name\u0022: \u0022Webinar EMEA\u0022\n  },\n  \u0022mapping\u0022: [\n    {\n      \u0022source\u0022: \u0022email\u0022,\n      \u0022target\u0022: \u0022email\u0022\n    },\n    {\n      \u0022source\u0022: \u0022first\u0022,\n      \u0022target\u0022: \u0022firstName\u0022\n    }\n  ],\n  \u0022personCreation\u0022: \u0022MatchExistingAndCreateMissing\u0022,\n  \u0022existingPeople\u0022: \u0022Update\u0022,\n  \u0022delivery\u0022: \u0022Auto\u0022,\n  \u0022mode\u0022: \u0022Mirror\u0022,\n  \u0022timeZone\u0022: \u0022Etc/UTC\u0022,\n  \u0022badField\u0022: \u0022Reject\u0022,\n  \u0022ignoreConsent\u0022: false,\n  \u0022guard\u0022: {\n    \u0022maxRemovalPercent\u0022: 20,\n    \u0022maxShrinkPercent\u0022: 30,\n    \u0022maxRejectPercent\u0022: 50\n  }\n}","Force":true,"Verify":true,"Resync":false,"PlannedList":null}}', 0, 'Mirror', 1, 1, NULL, NULL, '{
  "before": 130,
  "added": 0,
  "removed": 70,
  "addedByOthers": 0,
  "removedByOthers": 0,
  "after": 60,
  "readBack": "2026-11-27T22:34:22.4924375+00:00",
  "agree": true
}', 0, 1, NULL, 1, 1, 0, 0, 0, 'paris'),
	(4, '01a21f25-37dd-7211-ae3f-3b5e3518f551', 1, NULL, '000-SBX-000', 1021, 'Webinar EMEA', 1, 1, 0, NULL, 639314156625577248, 639314156626736125, 639314156626736125, 65, 5, 55, 5, 0, 0, 0, 0, 0, 5, 10, 0, 0, 7, NULL, '{"Mapping":[{"Source":"email","Target":"email","Identity":null},{"Source":"first","Target":"firstName","Identity":null}],"Delivery":0,"RejectPath":null,"JournalIdentity":0,"MaxRejectPercent":50,"Values":{"TimeZone":"Etc/UTC","Culture":null,"BadField":0},"Destination":{"Definition":"{\n  \u0022name\u0022: \u0022Mirror\u0022,\n  \u0022instance\u0022: \u0022000-SBX-000\u0022,\n  \u0022staticList\u0022: {\n    \u0022id\u0022: 1021,\n    \u0022name\u0022: \u0022Webinar EMEA\u0022\n  },\n  \u0022mapping\u0022: [\n    {\n      \u0022source\u0022: \u0022email\u0022,\n      \u0022target\u0022: \u0022email\u0022\n    },\n    {\n      \u0022source\u0022: \u0022first\u0022,\n      \u0022target\u0022: \u0022firstName\u0022\n    }\n  ],\n  \u0022personCreation\u0022: \u0022MatchExistingAndCreateMissing\u0022,\n  \u0022existingPeople\u0022: \u0022Update\u0022,\n  \u0022delivery\u0022: \u0022Auto\u0022,\n  \u0022mode\u0022: \u0022Mirror\u0022,\n  \u0022timeZone\u0022: \u0022Etc/UTC\u0022,\n  \u0022badField\u0022: \u0022Reject\u0022,\n  \u0022ignoreConsent\u0022: false,\n  \u0022guard\u0022: {\n    \u0022maxRemovalPercent\u0022: 20,\n    \u0022maxShrinkPercent\u0022: 30,\n    \u0022maxRejectPercent\u0022: 50\n  }\n}","Force":true,"Verify":true,"Resync":false,"PlannedList":null}}', 0, 'Mirror', 1, 1, NULL, NULL, '{
  "before": 60,
  "added": 5,
  "removed": 5,
  "addedByOthers": 0,
  "removedByOthers": 0,
  "after": 60,
  "readBack": "2026-11-27T22:34:22.6582604+00:00",
  "agree": true
}', 0, 1, 639314156620251181, 1, 1, 0, 0, 0, 'paris'),
	(5, '01a21f25-3865-7dcd-8e9b-7a7da2f21640', 1, NULL, '000-SBX-000', 1021, 'Webinar EMEA', 0, 0, 1, NULL, 639314156626937345, 639314156628873908, 639314156628873908, 38, 38, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, NULL, '{"Mapping":[{"Source":"email","Target":"email","Identity":null},{"Source":"first","Target":"firstName","Identity":null}],"Delivery":1,"RejectPath":null,"JournalIdentity":0,"MaxRejectPercent":50,"Values":{"TimeZone":"Etc/UTC","Culture":null,"BadField":0}}', 0, NULL, NULL, 0, NULL, NULL, NULL, 0, 1, NULL, NULL, NULL, 0, 0, 0, 'paris'),
	(6, '01a21f25-447d-7ea0-8363-92f1de1a404a', 0, NULL, '000-SBX-000', 1021, 'Webinar EMEA', 1, 1, 0, NULL, 639314156657893646, NULL, 639314156660883451, 700, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, NULL, '{"Mapping":[{"Source":"email","Target":"email","Identity":null},{"Source":"first","Target":"firstName","Identity":null}],"Delivery":0,"RejectPath":null,"JournalIdentity":0,"MaxRejectPercent":50,"Values":{"TimeZone":"Etc/UTC","Culture":null,"BadField":0}}', 0, NULL, NULL, 0, NULL, NULL, NULL, 0, 1, 639314156651009975, NULL, NULL, 0, 0, 0, 'paris');
INSERT INTO segmentpush.push_source VALUES
	(1, 0, '/exports/plain.csv', '{"Encoding":"utf-8","Delimiter":",","Escape":"Double","NullText":[],"ContentHash":"5b5df656962303aab58c629c0db0e368"}', 'delimited, utf-8, delimiter '','', escape Double, no null text, 2 columns, 43 rows', NULL),
	(1, 1, '/exports/more.csv', '{"Encoding":"utf-8","Delimiter":",","Escape":"Double","NullText":[],"ContentHash":"165ef90e3f90e778a28a0e0b780aef03"}', 'delimited, utf-8, delimiter '','', escape Double, no null text, 2 columns, 38 rows', NULL),
	(2, 0, '/exports/day1.csv', '{"Encoding":"utf-8","Delimiter":",","Escape":"Double","NullText":[],"ContentHash":"607514f460ea8367d91f32a21704a806"}', 'delimited, utf-8, delimiter '','', escape Double, no null text, 2 columns, 60 rows', NULL),
	(2, 1, 'static list', NULL, NULL, NULL),
	(3, 0, '/exports/day1.csv', '{"Encoding":"utf-8","Delimiter":",","Escape":"Double","NullText":[],"ContentHash":"607514f460ea8367d91f32a21704a806"}', 'delimited, utf-8, delimiter '','', escape Double, no null text, 2 columns, 60 rows', NULL),
	(3, 1, 'static list', NULL, NULL, NULL),
	(4, 0, '/exports/day2.csv', '{"Encoding":"utf-8","Delimiter":",","Escape":"Double","NullText":[],"ContentHash":"c5cc4d8dc67a83c929adadbfeef1f1d2"}', 'delimited, utf-8, delimiter '','', escape Double, no null text, 2 columns, 60 rows', NULL),
	(4, 1, 'static list', NULL, NULL, NULL),
	(5, 0, '/exports/more.csv', '{"Encoding":"utf-8","Delimiter":",","Escape":"Double","NullText":[],"ContentHash":"165ef90e3f90e778a28a0e0b780aef03"}', 'delimited, utf-8, delimiter '','', escape Double, no null text, 2 columns, 38 rows', NULL),
	(6, 0, '/exports/killed.csv', '{"Encoding":"utf-8","Delimiter":",","Escape":"Double","NullText":[],"ContentHash":"067b9164cce16132571d3c86dc1c90cd"}', 'delimited, utf-8, delimiter '','', escape Double, no null text, 2 columns, 700 rows', NULL);
INSERT INTO segmentpush.schema_version VALUES
	(3);
INSERT INTO segmentpush.secret VALUES
	('identity key', '\xefb847d1950ccc93fa078ce8f2e3004207aaec6abe004282dee085a8bdf2652e'),
	('identity fingerprint', '\x73e4e2f0e8ab9039c4203122118d052242aedac36c801099264487a59cff8afb');
INSERT INTO segmentpush.session OVERRIDING SYSTEM VALUE VALUES
	(4, 'paris', 9670, '0.1.0', '2026-11-27 22:24:50.39465+00', '2026-11-27 22:34:22.563185+00', '2026-11-27 22:34:22.683442+00', '2026-11-27 22:36:52.682132+00', 22, true),
	(1, 'paris', 9670, '0.1.0', '2026-11-27 22:24:50.39465+00', '2026-11-27 22:34:21.299612+00', '2026-11-27 22:34:21.74083+00', '2026-11-27 22:36:51.727276+00', 15, true),
	(5, 'paris', 9670, '0.1.0', '2026-11-27 22:24:50.39465+00', '2026-11-27 22:34:22.697043+00', '2026-11-27 22:34:22.894988+00', '2026-11-27 22:36:52.888665+00', 12, true),
	(6, 'paris', 9736, '0.1.0', '2026-11-27 22:24:50.39465+00', '2026-11-27 22:34:25.81654+00', '2026-11-27 22:34:26.869459+00', '2026-11-27 22:36:56.869459+00', 8, false),
	(2, 'paris', 9670, '0.1.0', '2026-11-27 22:24:50.39465+00', '2026-11-27 22:34:22.011754+00', '2026-11-27 22:34:22.397015+00', '2026-11-27 22:36:52.387212+00', 20, true),
	(3, 'paris', 9670, '0.1.0', '2026-11-27 22:24:50.39465+00', '2026-11-27 22:34:22.442746+00', '2026-11-27 22:34:22.543002+00', '2026-11-27 22:36:52.53885+00', 18, true);
INSERT INTO segmentpush.snapshot OVERRIDING SYSTEM VALUE VALUES
	(1, '000-SBX-000', 1021, 'EMAIL', 1, '01a21f25-35b7-70bf-9d2a-e04c0219b998');
INSERT INTO segmentpush.snapshot_member VALUES
	(1, 4864181816467373735, 4041, 41, 1, '\x2f2ea9e6a7e1abb535bcf684ba0e4264'),
	(1, -1361387904685366718, 4042, 42, 1, '\xaf635c0708f32900a907edba1cdb348a'),
	(1, 8940421150614862817, 4043, 43, 1, '\xcba62af447d32ba8160d80a746bc0551'),
	(1, 7468023248378908851, 4044, 44, 1, '\xf07f7f37e2aa09faa91544be014aa51a'),
	(1, 1585264688878523439, 4045, 45, 1, '\x15010aa4cc450ddb3f53c01eeb707bb5'),
	(1, -6006732547533404770, 4046, 46, 1, '\x3733518db669e64c6f17d208424b3ce1'),
	(1, -5989610154138424473, 4047, 47, 1, '\x9326dc8362da18590ca76f3e3da3a087'),
	(1, 1999214995751129018, 4048, 48, 1, '\xded40d651c34cd2292febc3dfd33f0a6'),
	(1, -8440542895198734434, 4079, 79, 1, '\x5d99725369c3e7da070c24685ae8999f'),
	(1, 807848161706324799, 4080, 80, 1, '\x588c8c6067cabd2ad7eae45212fed715'),
	(1, 1224323512871356550, 4081, 81, 1, '\xb797669a63ef9adfc98c2a343a403fd9'),
	(1, -2187214136528575360, 4082, 82, 1, '\x25afd60b19f74c8ab719d32d8dd52785'),
	(1, 6417316606687338492, 4083, 83, 1, '\x21a6b1e2cf8cc8efa7cf086aa0d2524e'),
	(1, 2715274770807047027, 4084, 84, 1, '\x566668a345b8c5e22aa895b714d165b6'),
	(1, 7968508939671887797, 4085, 85, 1, '\x7269be4ed3c7807ed27d8661c8cc8e5b'),
	(1, 4790981621686288943, 4086, 86, 1, '\x1a060aebe531665bd32b75885ead5b4d'),
	(1, 4197967225381738496, 4087, 87, 1, '\xdfa42a25c63aeab5ea4c9b00ffcbec6e'),
	(1, 6084442543114822544, 4088, 88, 1, '\x612afdd3850c15a4e5b207e0aa261f44'),
	(1, 2858658335520872653, 4089, 89, 1, '\x604f8edef2fe3c9154044684cede267a'),
	(1, -3755245449883341120, 4090, 90, 1, '\xd3e1298018771daa813500a673b6b526'),
	(1, -4353162002580489329, 4091, 91, 1, '\xde9fcaba6fbf8259884163fa6fa24de3'),
	(1, 2527688466881539131, 4092, 92, 1, '\x18918650547cf2b393f664566fa92da5'),
	(1, -1217344169212019406, 4093, 93, 1, '\x8ac55cc2f8f458b15d2dcbbed2dcd8d1'),
	(1, -1185665413585129782, 4094, 94, 1, '\x9f694e2894439d32d318e88e23afebdc'),
	(1, 4932923882365676200, 4095, 95, 1, '\x636debc0f028c508d1b77736ee64aa33'),
	(1, 418531636121853917, 4096, 96, 1, '\x60d9198b8cc6fd906e998350b16f1cb6'),
	(1, -2683363996487249964, 4097, 97, 1, '\x7e1c8f4dab1d285fa76d191f24eb0dd9'),
	(1, 5568940931707784206, 4098, 98, 1, '\x734e2d3dcd1c18175256438bb1611c53'),
	(1, -1650086562701639900, 4099, 99, 1, '\x071410d809c92afb5eeca2639b6a9536'),
	(1, -2447906521338117345, 4100, 100, 1, '\xf79dc6a90964f1a6808ab4110bbdd87e'),
	(1, -2900887402436467102, 4101, 101, 1, '\x81653e40e1fa7b21aff54d1d1cfa412c'),
	(1, 1421758249558576809, 4102, 102, 1, '\x7d7ce5e9233e46254da1a0512f868523'),
	(1, -1996710134837621333, 4103, 103, 1, '\xd28c4c4d459b296df8853ab6ee93f13f'),
	(1, 7900965575923323815, 4104, 104, 1, '\xaf3cad2bd98bba7657330f3f4cabf510'),
	(1, -5787625636516892684, 4105, 105, 1, '\xf7414f7d7f3dc2ce70f68edb953ba0ef'),
	(1, -5345340861497815701, 4106, 106, 1, '\x04b3f7001556ed89eaf91c2ac9ce98d1'),
	(1, 5006066517487456454, 4107, 107, 1, '\xbf4fcbe35b0d06dc30d8bd2b5900ef81'),
	(1, -3751085978052366223, 4108, 108, 1, '\x6a64d784edab2321ec405ed2b987803d'),
	(1, 8861245304218210738, 4109, 109, 1, '\x3cd5993566c3b4ebc8c439689481a05b'),
	(1, 5203550556152882868, 4110, 110, 1, '\x21531a3986f5e7c61909ad0d12fbeada'),
	(1, -3891062342066299617, 4111, 111, 1, '\x3477a45cc996cd98cdaec13d292a5e43'),
	(1, 5235179142986217849, 4112, 112, 1, '\xc497e0b73bc4fd8529c12b2690c25957'),
	(1, 8292783821051798526, 4113, 113, 1, '\xe2f816114a400400e46e73218aa40a3f'),
	(1, -5028270212852334101, 4114, 114, 1, '\x9a65e05f5cc9195c6fe2324ac85db15d'),
	(1, -6790866193004977091, 4115, 115, 1, '\x5743b66e493ff4800d7c392b40b86c39'),
	(1, 180836482354718007, 4116, 116, 1, '\xcedb287960960a9260c1d495d4562acc'),
	(1, -8348300977372573025, 4117, 117, 1, '\xd11f29e3fe89dacd7999dc67d01a1bca'),
	(1, -1787103497440348648, 4118, 118, 1, '\xf0dff30a6dcef05e6009cd3355e86576'),
	(1, -7895848884790992273, 4119, 119, 1, '\x3d58e1f4c98c69bff4c3533bc4b09d14'),
	(1, -4378755526236482637, 4120, 120, 1, '\xd30897113df4be2293c6bbbac355ac7a');
INSERT INTO segmentpush.snapshot_member VALUES
	(1, 7176805276439662356, 4121, 121, 1, '\xbea18ade1db8489f499ca996c3540739'),
	(1, 6616158161020323193, 4122, 122, 1, '\x675c2054a518aff5b4cc1f6eff3a8b34'),
	(1, 6423268783187269527, 4123, 123, 1, '\x8b1df57eb09f2833c1cedd0642c0e4ae'),
	(1, -3361549415638284115, 4124, 124, 1, '\x64173ad3bbe4cd1de11ac4e1217a0dc8'),
	(1, -5469198639878194857, 4125, 125, 1, '\xc5b4687e8202677bb8580ab7e3625584'),
	(1, 4599930474430540767, 4131, 131, 1, '\xc2f8f02ada55f9fff913bd94048e14e4'),
	(1, 4599930474430540767, 4132, 132, 1, '\x8c109c7c0a84c83c1d2d9ee2afc25af3'),
	(1, 4599930474430540767, 4133, 133, 1, '\x2f84beaffd70005b939634a5df544379'),
	(1, 4599930474430540767, 4134, 134, 1, '\x4a2450acfb2440c8e8c06551d3e21675'),
	(1, 4599930474430540767, 4135, 135, 1, '\xeda9aef25f5ff69f82ac9a9194bb1d6b');
INSERT INTO segmentpush.unchanged_block VALUES
	(3, 0, 1, 60, 60, '\x0b17020080aaaaaaea1fcce0ae72ba1938b3b0b8bb5ddced743530d69b29b81ded7276aae044d6dc3a0d061f0386c5b2015c02d3ff4eff6ff363ebf73eaeb32fc76f4c733362a0908284129ec2cbf3fb34bf3dbfb9793517c6ee5e18bf7b610cef8571bc17c6f25e18cf7b614cef85713ddf1cc6f65e18df850a152a54a850a142850a955452492595545249259554529122458a142952a4489122a594524a29a594524a29a5d48f5ab77eefe33afb72fcc6'),
	(4, 0, 11, 55, 45, '\x0b95010080aaaaaaea1fccae76d0d34dc19499c59693e9e9aab0dc5441f5a887dbd9508563af5370a0783c1bc02530fd3ffecf9570c6ba529fadfa3cfab6bb12422d50a84831e5526ee5515e01df050a142850a0408102050a152a54a850a142850a152a52a4489122458a142952a498628a29a60e53ac2bf5d9aacfa30f');
SELECT pg_catalog.setval('segmentpush.call_call_key_seq', 40, true);
SELECT pg_catalog.setval('segmentpush.caller_lock', 6, true);
SELECT pg_catalog.setval('segmentpush.destination_destination_key_seq', 1, true);
SELECT pg_catalog.setval('segmentpush.push_push_key_seq', 6, true);
SELECT pg_catalog.setval('segmentpush.session_session_key_seq', 6, true);
SELECT pg_catalog.setval('segmentpush.snapshot_snapshot_key_seq', 1, true);
ALTER TABLE ONLY segmentpush.audience_export
    ADD CONSTRAINT audience_export_pkey PRIMARY KEY (push_key);
ALTER TABLE ONLY segmentpush.audience_file
    ADD CONSTRAINT audience_file_pkey PRIMARY KEY (push_key, number);
ALTER TABLE ONLY segmentpush.call_count
    ADD CONSTRAINT call_count_pkey PRIMARY KEY (push_key, began);
ALTER TABLE ONLY segmentpush.call_day
    ADD CONSTRAINT call_day_pkey PRIMARY KEY (instance, day);
ALTER TABLE ONLY segmentpush.call_pace
    ADD CONSTRAINT call_pace_pkey PRIMARY KEY (instance);
ALTER TABLE ONLY segmentpush.call
    ADD CONSTRAINT call_pkey PRIMARY KEY (call_key);
ALTER TABLE ONLY segmentpush.call_waiter
    ADD CONSTRAINT call_waiter_pkey PRIMARY KEY (instance, caller);
ALTER TABLE ONLY segmentpush.destination
    ADD CONSTRAINT destination_folded_name_key UNIQUE (folded_name);
ALTER TABLE ONLY segmentpush.destination
    ADD CONSTRAINT destination_pkey PRIMARY KEY (destination_key);
ALTER TABLE ONLY segmentpush.import_file
    ADD CONSTRAINT import_file_pkey PRIMARY KEY (push_key, number);
ALTER TABLE ONLY segmentpush.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (subject);
ALTER TABLE ONLY segmentpush.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (push_key, source, row_number);
ALTER TABLE ONLY segmentpush.push
    ADD CONSTRAINT push_id_key UNIQUE (id);
ALTER TABLE ONLY segmentpush.push
    ADD CONSTRAINT push_pkey PRIMARY KEY (push_key);
ALTER TABLE ONLY segmentpush.push_source
    ADD CONSTRAINT push_source_pkey PRIMARY KEY (push_key, source);
ALTER TABLE ONLY segmentpush.secret
    ADD CONSTRAINT secret_pkey PRIMARY KEY (name);
ALTER TABLE ONLY segmentpush.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY segmentpush.snapshot
    ADD CONSTRAINT snapshot_instance_list_id_identity_field_key UNIQUE (instance, list_id, identity_field);
ALTER TABLE ONLY segmentpush.snapshot_member
    ADD CONSTRAINT snapshot_member_pkey PRIMARY KEY (snapshot_key, member_number);
ALTER TABLE ONLY segmentpush.snapshot
    ADD CONSTRAINT snapshot_pkey PRIMARY KEY (snapshot_key);
ALTER TABLE ONLY segmentpush.spool_block
    ADD CONSTRAINT spool_block_pkey PRIMARY KEY (push_key, source, begins);
ALTER TABLE ONLY segmentpush.unchanged_block
    ADD CONSTRAINT unchanged_block_pkey PRIMARY KEY (push_key, source, first_row);
CREATE INDEX call_instance ON segmentpush.call USING btree (instance);
CREATE INDEX lease_session ON segmentpush.lease USING btree (session_key);
CREATE INDEX push_list ON segmentpush.push USING btree (list_id);
CREATE INDEX push_started ON segmentpush.push USING btree (started DESC, push_key DESC);
CREATE TRIGGER push_people AFTER DELETE ON segmentpush.push FOR EACH ROW EXECUTE FUNCTION segmentpush.delete_people();
CREATE TRIGGER snapshot_members AFTER DELETE ON segmentpush.snapshot FOR EACH ROW EXECUTE FUNCTION segmentpush.delete_members();
ALTER TABLE ONLY segmentpush.audience_export
    ADD CONSTRAINT audience_export_push_key_fkey FOREIGN KEY (push_key) REFERENCES segmentpush.push(push_key) ON DELETE CASCADE;
ALTER TABLE ONLY segmentpush.audience_file
    ADD CONSTRAINT audience_file_push_key_fkey FOREIGN KEY (push_key) REFERENCES segmentpush.audience_export(push_key) ON DELETE CASCADE;
ALTER TABLE ONLY segmentpush.call_count
    ADD CONSTRAINT call_count_push_key_fkey FOREIGN KEY (push_key) REFERENCES segmentpush.push(push_key) ON DELETE CASCADE;
ALTER TABLE ONLY segmentpush.destination
    ADD CONSTRAINT destination_snapshot_key_fkey FOREIGN KEY (snapshot_key) REFERENCES segmentpush.snapshot(snapshot_key) ON DELETE SET NULL;
ALTER TABLE ONLY segmentpush.import_file
    ADD CONSTRAINT import_file_push_key_fkey FOREIGN KEY (push_key) REFERENCES segmentpush.push(push_key) ON DELETE CASCADE;
ALTER TABLE ONLY segmentpush.lease
    ADD CONSTRAINT lease_session_key_fkey FOREIGN KEY (session_key) REFERENCES segmentpush.session(session_key) ON DELETE CASCADE;
ALTER TABLE ONLY segmentpush.push_source
    ADD CONSTRAINT push_source_push_key_fkey FOREIGN KEY (push_key) REFERENCES segmentpush.push(push_key) ON DELETE CASCADE;
ALTER TABLE ONLY segmentpush.spool_block
    ADD CONSTRAINT spool_block_push_key_fkey FOREIGN KEY (push_key) REFERENCES segmentpush.push(push_key) ON DELETE CASCADE;
ALTER TABLE ONLY segmentpush.unchanged_block
    ADD CONSTRAINT unchanged_block_push_key_fkey FOREIGN KEY (push_key) REFERENCES segmentpush.push(push_key) ON DELETE CASCADE;
