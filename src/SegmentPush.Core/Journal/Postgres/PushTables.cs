namespace SegmentPush.Journal.Postgres;

/// <summary>The SQL that creates the tables for pushes: what they were asked, their imports, exports and spools. <see cref="PersonTable"/> has their people.</summary>
internal static class PushTables
{
    /// <summary>What the first version of the schema makes.</summary>
    public const string First = """
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

    /// <summary>
    /// What the second version changes. Rows of pipelines are kept, compressed, until their push has ended; they hold values of people, so readers may not
    /// see them. People take less space, and no look at their push for each of them: the lease of the push guards that.
    /// </summary>
    public const string Second = """
        ALTER TABLE person DROP CONSTRAINT person_push_key_fkey;
        ALTER TABLE person ALTER COLUMN push_key TYPE integer, ALTER COLUMN row_number TYPE integer;
        CREATE FUNCTION delete_people() RETURNS trigger LANGUAGE plpgsql SET search_path = segmentpush, pg_catalog AS $$
        BEGIN
            DELETE FROM person WHERE push_key = OLD.push_key;
            RETURN NULL;
        END $$;
        CREATE TRIGGER push_people AFTER DELETE ON push FOR EACH ROW EXECUTE FUNCTION delete_people();

        CREATE TABLE spool_block (
            push_key bigint NOT NULL REFERENCES push ON DELETE CASCADE,
            source integer NOT NULL,
            begins bigint NOT NULL,
            length integer NOT NULL,
            content bytea NOT NULL,
            PRIMARY KEY (push_key, source, begins)
        );
        ALTER TABLE spool_block ALTER COLUMN content SET STORAGE EXTERNAL;

        """;

    /// <summary>
    /// What the fifth version adds: when a push changed people or its list last, and until when a call of it may still do so. Of older pushes it is known
    /// when they wrote to the journal last, and when they sent their last create.
    /// </summary>
    public const string Fifth = """
        ALTER TABLE push ADD COLUMN changed bigint, ADD COLUMN open_until bigint;
        UPDATE push SET changed = touched, open_until = CASE WHEN state <> 1 THEN create_sent + 900000000 END;

        """;
}
