namespace SegmentPush.Journal.Postgres;

/// <summary>
/// The table for people, who are nearly all of a journal. PostgreSQL adds 28 bytes to a row of up to eight columns, and empty columns cost nothing then; from the
/// ninth column on it adds 36. So the table packs its columns, and all queries see a view with the columns that every journal has.
/// </summary>
internal static class PersonTable
{
    /// <summary>The greatest number of an import that the column <c>state</c> can hold. A greater one is kept in <c>detail</c>.</summary>
    public const int MostImports = 32_768;

    /// <summary>What the fourth version of the schema makes of the table of the versions before.</summary>
    // state: the number of the import below 0, for people who are in an import file and have no outcome of their own; else outcome * 64 + change * 8 + stage.
    // source: empty for the first one, which most pushes have alone. mark: 16 bytes of the identity's hash, 8 of the hash of what was sent, 4 of the number of
    // the member; the length tells which of the last two there are. detail: what few people have. Sync calls write a row up to three times, so its old versions
    // are cleared away sooner than by default: at one in twenty.
    public const string Fourth = """
        ALTER TABLE person RENAME TO person_before;
        CREATE TYPE person_detail AS (sent bigint, import_number integer, value_length integer, code text, reason text, column_name text);
        CREATE TABLE person_row (
            marketo_id bigint,
            push_key integer NOT NULL,
            row_number integer NOT NULL,
            source integer CHECK (source <> 0),
            state smallint NOT NULL CHECK (
                state < 0 OR CASE state & 7 WHEN 1 THEN (detail).sent IS NOT NULL WHEN 2 THEN marketo_id IS NOT NULL WHEN 3 THEN (detail).import_number IS NOT NULL
                    WHEN 4 THEN (detail).sent IS NOT NULL AND marketo_id IS NOT NULL ELSE state & 7 IN (0, 5) END),
            identity text NOT NULL,
            mark bytea CHECK (length(mark) IN (16, 20, 24, 28)),
            detail person_detail
        ) WITH (autovacuum_vacuum_scale_factor = 0.05);

        CREATE FUNCTION state_of(p_outcome smallint, p_change smallint, p_stage smallint, p_import integer) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN p_import BETWEEN 1 AND 32768 AND p_outcome = 0 AND p_change = 0 AND p_stage = 3 THEN -p_import
                ELSE p_outcome * 64 + p_change * 8 + p_stage END::smallint
        $$;
        CREATE FUNCTION mark_of(p_hash bytea, p_sent bigint, p_number integer) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
            SELECT p_hash || COALESCE(int8send(p_sent), '') || COALESCE(int4send(p_number), '')
        $$;
        CREATE FUNCTION with_number(p_mark bytea, p_number integer) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
            SELECT substring(p_mark FROM 1 FOR length(p_mark) / 8 * 8) || COALESCE(int4send(p_number), '')
        $$;
        CREATE FUNCTION detail_of(p_sent bigint, p_import integer, p_length integer, p_code text, p_reason text, p_column text) RETURNS person_detail
            LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN num_nonnulls(p_sent, p_import, p_length, p_code, p_reason, p_column) > 0
                THEN ROW(p_sent, p_import, p_length, p_code, p_reason, p_column)::segmentpush.person_detail END
        $$;

        INSERT INTO person_row (marketo_id, push_key, row_number, source, state, identity, mark, detail)
            SELECT marketo_id, push_key, row_number, NULLIF(source, 0), s.state, identity, mark_of(identity_hash, sent_hash, member_number),
                detail_of(sent, CASE WHEN s.state >= 0 THEN import_number END, value_length, code, reason, column_name)
            FROM person_before, LATERAL (SELECT state_of(outcome, change, stage, import_number) state) s ORDER BY push_key, source, row_number;
        CREATE UNIQUE INDEX person_place ON person_row (push_key, COALESCE(source, 0), row_number);
        DROP TABLE person_before;

        CREATE VIEW person AS SELECT
            push_key, COALESCE(source, 0) AS source, row_number, identity, marketo_id, state, mark, detail,
            CASE WHEN state < 0 THEN -state::integer ELSE (detail).import_number END AS import_number,
            CASE WHEN state < 0 THEN 0 ELSE state >> 6 END::smallint AS outcome,
            CASE WHEN state < 0 THEN 0 ELSE state >> 3 & 7 END::smallint AS change,
            CASE WHEN state < 0 THEN 3 ELSE state & 7 END::smallint AS stage,
            substring(mark FROM 1 FOR 16) AS identity_hash,
            CASE WHEN length(mark) >= 24 THEN ('x' || encode(substring(mark FROM 17 FOR 8), 'hex'))::bit(64)::bigint END AS sent_hash,
            CASE WHEN length(mark) % 8 = 4 THEN ('x' || encode(substring(mark FROM length(mark) - 3), 'hex'))::bit(32)::integer END AS member_number,
            (detail).sent, (detail).value_length, (detail).code, (detail).reason, (detail).column_name
            FROM person_row;
        CREATE OR REPLACE FUNCTION delete_people() RETURNS trigger LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        BEGIN
            DELETE FROM person_row WHERE push_key = OLD.push_key;
            RETURN NULL;
        END $$;

        """;
}
