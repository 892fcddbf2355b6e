namespace SegmentPush.Journal.Sqlite;

/// <summary>The journal's tables, one text for each step forward.</summary>
internal static class JournalSchema
{
    /// <summary>Pushes, their sources, and one row for each person.</summary>
    public const string Version1 = """
        CREATE TABLE push (
            push_key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            state INTEGER NOT NULL,
            reason TEXT,
            instance TEXT NOT NULL,
            list_id INTEGER NOT NULL,
            list_name TEXT NOT NULL,
            person_creation INTEGER NOT NULL,
            existing_people INTEGER NOT NULL,
            delivery INTEGER NOT NULL,
            partition_name TEXT,
            started INTEGER NOT NULL,
            ended INTEGER,
            touched INTEGER NOT NULL,
            received INTEGER NOT NULL,
            added INTEGER NOT NULL,
            already_member INTEGER NOT NULL,
            removed INTEGER NOT NULL,
            not_member INTEGER NOT NULL,
            unmatched INTEGER NOT NULL,
            duplicate INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            not_delivered INTEGER NOT NULL,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            multiple_matches INTEGER NOT NULL,
            without_company_fields INTEGER NOT NULL,
            calls INTEGER NOT NULL,
            reject_path TEXT
        );
        CREATE INDEX push_list ON push (list_id);
        CREATE TABLE push_source (
            push_key INTEGER NOT NULL REFERENCES push ON DELETE CASCADE,
            source INTEGER NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (push_key, source)
        ) WITHOUT ROWID;
        CREATE TABLE person (
            push_key INTEGER NOT NULL REFERENCES push ON DELETE CASCADE,
            source INTEGER NOT NULL,
            row_number INTEGER NOT NULL,
            identity TEXT NOT NULL,
            outcome INTEGER NOT NULL,
            change INTEGER NOT NULL,
            marketo_id INTEGER,
            code TEXT,
            reason TEXT,
            column_name TEXT,
            value_length INTEGER,
            PRIMARY KEY (push_key, source, row_number)
        ) WITHOUT ROWID;
        """;

    /// <summary>People in an import file share the outcome of its import, unless they have one of their own.</summary>
    public const string Version2 = """
        CREATE TABLE import_file (
            push_key INTEGER NOT NULL REFERENCES push ON DELETE CASCADE,
            number INTEGER NOT NULL,
            lookup_field TEXT NOT NULL,
            is_sent INTEGER NOT NULL,
            batch_id INTEGER,
            first_source INTEGER NOT NULL,
            first_row INTEGER NOT NULL,
            last_source INTEGER NOT NULL,
            last_row INTEGER NOT NULL,
            outcome INTEGER NOT NULL,
            change INTEGER NOT NULL,
            code TEXT,
            reason TEXT,
            PRIMARY KEY (push_key, number)
        ) WITHOUT ROWID;
        ALTER TABLE person ADD COLUMN import_number INTEGER;
        ALTER TABLE person ADD COLUMN sent INTEGER;
        ALTER TABLE push ADD COLUMN request TEXT;
        ALTER TABLE push ADD COLUMN identity_form INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE push_source ADD COLUMN delimiter TEXT;
        ALTER TABLE push_source ADD COLUMN length INTEGER;
        ALTER TABLE push_source ADD COLUMN written INTEGER;
        ALTER TABLE push_source ADD COLUMN spool TEXT;
        CREATE TABLE call (
            call_key INTEGER PRIMARY KEY,
            instance TEXT NOT NULL,
            caller TEXT NOT NULL,
            granted INTEGER NOT NULL,
            free_at INTEGER
        );
        CREATE INDEX call_instance ON call (instance);
        CREATE TABLE call_waiter (
            instance TEXT NOT NULL,
            caller TEXT NOT NULL,
            seen INTEGER NOT NULL,
            PRIMARY KEY (instance, caller)
        ) WITHOUT ROWID;
        CREATE TABLE call_pace (
            instance TEXT PRIMARY KEY,
            share REAL NOT NULL,
            since INTEGER NOT NULL,
            paused_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE call_day (
            instance TEXT NOT NULL,
            day TEXT NOT NULL,
            used INTEGER NOT NULL,
            PRIMARY KEY (instance, day)
        ) WITHOUT ROWID;
        """;

    /// <summary>Destinations, the people on their lists as far as they are known, the proof of their pushes, and unchanged people, many in a row.</summary>
    public const string Version3 = """
        CREATE TABLE destination (
            destination_key INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            folded_name TEXT NOT NULL UNIQUE,
            definition TEXT NOT NULL,
            created INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            is_seeded INTEGER NOT NULL DEFAULT 0,
            segment_people INTEGER,
            segment_ends_with_line INTEGER
        );
        CREATE TABLE member (
            destination_key INTEGER NOT NULL REFERENCES destination ON DELETE CASCADE,
            member_number INTEGER NOT NULL,
            identity_hash BLOB NOT NULL,
            sent_hash INTEGER NOT NULL,
            marketo_id INTEGER,
            left_at INTEGER,
            PRIMARY KEY (destination_key, member_number)
        ) WITHOUT ROWID;
        CREATE INDEX member_left ON member (destination_key, left_at) WHERE left_at IS NOT NULL;
        CREATE TABLE unchanged_block (
            push_key INTEGER NOT NULL REFERENCES push ON DELETE CASCADE,
            source INTEGER NOT NULL,
            first_row INTEGER NOT NULL,
            last_row INTEGER NOT NULL,
            people INTEGER NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY (push_key, source, first_row)
        );
        ALTER TABLE push ADD COLUMN destination TEXT;
        ALTER TABLE push ADD COLUMN mode INTEGER;
        ALTER TABLE push ADD COLUMN is_verified INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE push ADD COLUMN undo_of TEXT;
        ALTER TABLE push ADD COLUMN error_id TEXT;
        ALTER TABLE push ADD COLUMN receipt TEXT;
        ALTER TABLE person ADD COLUMN identity_hash BLOB;
        ALTER TABLE person ADD COLUMN sent_hash INTEGER;
        ALTER TABLE person ADD COLUMN member_number INTEGER;
        """;

    /// <summary>The form of each file, which replaces delimiter, length and time, and values that a push left out.</summary>
    public const string Version4 = """
        ALTER TABLE push_source ADD COLUMN form TEXT;
        ALTER TABLE push_source ADD COLUMN description TEXT;
        ALTER TABLE push ADD COLUMN values_left_out INTEGER NOT NULL DEFAULT 0;
        """;

    /// <summary>
    /// One stage for each person and one state for each import file, which were combinations of nulls before. The stages of complete pushes
    /// are not looked at, and history may be long, so only people of other pushes get theirs.
    /// </summary>
    public const string Version5 = """
        ALTER TABLE push ADD COLUMN has_begun INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE push ADD COLUMN create_sent INTEGER;
        ALTER TABLE import_file ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE import_file ADD COLUMN uploaded INTEGER;
        ALTER TABLE import_file ADD COLUMN is_over INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE import_file ADD COLUMN fields TEXT;
        ALTER TABLE person ADD COLUMN stage INTEGER NOT NULL DEFAULT 5 CHECK (
            CASE stage WHEN 1 THEN sent IS NOT NULL WHEN 2 THEN marketo_id IS NOT NULL WHEN 3 THEN import_number IS NOT NULL
                WHEN 4 THEN sent IS NOT NULL AND marketo_id IS NOT NULL ELSE stage IN (0, 5) END);
        UPDATE import_file SET state = CASE WHEN outcome <> 0 THEN 3 WHEN batch_id IS NOT NULL THEN 2 WHEN is_sent <> 0 THEN 1 ELSE 0 END;
        UPDATE person SET stage = CASE WHEN import_number IS NOT NULL THEN 3
                WHEN marketo_id IS NOT NULL AND change <> 0 THEN 2
                WHEN sent IS NOT NULL AND marketo_id IS NOT NULL THEN 4
                WHEN sent IS NOT NULL THEN 1
                ELSE 0 END
            WHERE outcome = 0 AND push_key IN (SELECT push_key FROM push WHERE state <> 1);
        UPDATE push SET create_sent = (SELECT MAX(sent) FROM person WHERE person.push_key = push.push_key AND stage = 1) WHERE state <> 1;
        """;

    /// <summary>
    /// Snapshots as things of their own: destinations with the same instance, list and identity field share one. Where several destinations
    /// had a snapshot of one list, none of them is taken over, because they may disagree: the next push reads the list.
    /// </summary>
    public const string Version6 = """
        CREATE TABLE snapshot (
            snapshot_key INTEGER PRIMARY KEY AUTOINCREMENT,
            instance TEXT NOT NULL,
            list_id INTEGER NOT NULL,
            identity_field TEXT NOT NULL,
            generation INTEGER NOT NULL,
            read_by TEXT,
            UNIQUE (instance, list_id, identity_field)
        );
        CREATE TABLE snapshot_member (
            snapshot_key INTEGER NOT NULL REFERENCES snapshot ON DELETE CASCADE,
            member_number INTEGER NOT NULL,
            identity_hash BLOB NOT NULL,
            sent_hash INTEGER NOT NULL,
            marketo_id INTEGER,
            is_from_segment INTEGER NOT NULL,
            PRIMARY KEY (snapshot_key, member_number)
        ) WITHOUT ROWID;
        ALTER TABLE destination ADD COLUMN snapshot_key INTEGER REFERENCES snapshot ON DELETE SET NULL;
        ALTER TABLE push ADD COLUMN snapshot_key INTEGER;
        ALTER TABLE push ADD COLUMN snapshot_generation INTEGER;
        ALTER TABLE push ADD COLUMN has_unknown_changes INTEGER NOT NULL DEFAULT 0;
        INSERT INTO snapshot (snapshot_key, instance, list_id, identity_field, generation)
            SELECT MIN(destination_key), instance, list_id, identity_field, 1
            FROM (SELECT destination_key, json_extract(definition, '$.instance') instance, json_extract(definition, '$.staticList.id') list_id,
                    (SELECT UPPER(json_extract(value, '$.target')) FROM json_each(definition, '$.mapping')
                        WHERE json_extract(value, '$.identity') IS NOT NULL LIMIT 1) identity_field
                FROM destination WHERE is_seeded = 1 AND json_valid(definition))
            WHERE instance IS NOT NULL AND list_id IS NOT NULL AND identity_field IS NOT NULL
            GROUP BY instance, list_id, identity_field HAVING COUNT(*) = 1;
        UPDATE destination SET snapshot_key = destination_key WHERE destination_key IN (SELECT snapshot_key FROM snapshot);
        INSERT INTO snapshot_member
            SELECT destination_key, member_number, identity_hash, sent_hash, marketo_id, 1
            FROM member WHERE left_at IS NULL AND destination_key IN (SELECT snapshot_key FROM snapshot);
        DROP TABLE member;
        """;

    /// <summary>
    /// People who are excluded because they have no identity or no consent; and exports of audiences. Each step of an export is written down before the
    /// next one begins, so that a push that was killed finds its export again.
    /// </summary>
    public const string Version7 = """
        ALTER TABLE push ADD COLUMN no_identity INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE push ADD COLUMN no_consent INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE audience_export (
            push_key INTEGER PRIMARY KEY REFERENCES push ON DELETE CASCADE,
            audience_id TEXT NOT NULL,
            dataset_id TEXT,
            fields TEXT NOT NULL,
            asked INTEGER NOT NULL,
            job_id TEXT,
            batch_id TEXT,
            is_listed INTEGER NOT NULL DEFAULT 0 CHECK (is_listed = 0 OR job_id IS NOT NULL),
            is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted = 0 OR batch_id IS NOT NULL)
        );
        CREATE TABLE audience_file (
            push_key INTEGER NOT NULL REFERENCES audience_export ON DELETE CASCADE,
            number INTEGER NOT NULL,
            file_id TEXT NOT NULL,
            name TEXT NOT NULL,
            length INTEGER NOT NULL,
            spool_name TEXT NOT NULL,
            is_fetched INTEGER NOT NULL DEFAULT 0,
            form TEXT,
            PRIMARY KEY (push_key, number)
        ) WITHOUT ROWID;
        """;

    /// <summary>How many calls a push had made at the end of each window of 20 seconds.</summary>
    public const string Version8 = """
        CREATE TABLE call_count (
            push_key INTEGER NOT NULL REFERENCES push ON DELETE CASCADE,
            began INTEGER NOT NULL,
            calls INTEGER NOT NULL,
            per_window INTEGER NOT NULL,
            PRIMARY KEY (push_key, began)
        ) WITHOUT ROWID;
        """;

    /// <summary>
    /// When a push changed people or its list last, and until when a call of it may still do so. Of older pushes it is known when they wrote to the journal
    /// last, and when they sent their last create.
    /// </summary>
    public const string Version10 = """
        ALTER TABLE push ADD COLUMN changed INTEGER;
        ALTER TABLE push ADD COLUMN open_until INTEGER;
        UPDATE push SET changed = touched, open_until = CASE WHEN state <> 1 THEN create_sent + 900000000 END;
        """;
}
