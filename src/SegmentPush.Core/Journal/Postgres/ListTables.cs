namespace SegmentPush.Journal.Postgres;

/// <summary>The tables and functions for snapshots of lists and destinations.</summary>
internal static class ListTables
{
    /// <summary>What the first version of the schema makes.</summary>
    public const string First = """
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

    /// <summary>What the second version changes: members are entered without a look at their snapshot for each of them, as check_generation() guards that.</summary>
    public const string Second = """
        ALTER TABLE snapshot_member DROP CONSTRAINT snapshot_member_snapshot_key_fkey;
        CREATE FUNCTION delete_members() RETURNS trigger LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        BEGIN
            DELETE FROM snapshot_member WHERE snapshot_key = OLD.snapshot_key;
            RETURN NULL;
        END $$;
        CREATE TRIGGER snapshot_members AFTER DELETE ON snapshot FOR EACH ROW EXECUTE FUNCTION delete_members();

        """;

    /// <summary>What the fourth version changes: members take less space.</summary>
    public const string Fourth = """
        ALTER TABLE snapshot_member ALTER COLUMN snapshot_key TYPE integer, ALTER COLUMN is_from_segment TYPE smallint;

        """;
}
