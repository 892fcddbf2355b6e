using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Postgres;

/// <summary>Writes many people with one statement, whose values travel as arrays.</summary>
internal sealed class PersonWriter(PostgresSession session, SnapshotStore snapshots, PushIdentities identities) : IPersonWriter
{
    // From here on copying is faster than a statement.
    private const int CopyFrom = 2_000;

    private const string Upsert = """
        WITH written AS (
            INSERT INTO person (push_key, source, row_number, identity, outcome, change, marketo_id, code, reason, column_name, value_length, sent,
                identity_hash, sent_hash, member_number, stage)
            SELECT @key, t.* FROM unnest(@source, @row, @identity, @outcome, @change, @id, @code, @reason, @column, @length, @sent, @hash, @sent_hash, @number, @stage) t
            ON CONFLICT (push_key, source, row_number) DO UPDATE SET outcome = excluded.outcome, change = excluded.change,
                marketo_id = excluded.marketo_id, code = excluded.code, reason = excluded.reason, import_number = NULL,
                identity_hash = excluded.identity_hash, sent_hash = excluded.sent_hash, member_number = excluded.member_number,
                stage = excluded.stage, sent = excluded.sent
            WHERE person.stage <> 5 RETURNING 1)
        SELECT prove((SELECT COUNT(*) FROM written), @expected)
        """;

    private const string CopyImported =
        "COPY person (push_key, source, row_number, identity, marketo_id, identity_hash, sent_hash, member_number, import_number, outcome, change, stage) FROM STDIN (FORMAT BINARY)";

    private const string InsertImported = """
        INSERT INTO person (push_key, source, row_number, identity, marketo_id, identity_hash, sent_hash, member_number, import_number, outcome, change, stage)
        SELECT @key, t.*, @import, 0, 0, 3 FROM unnest(@source, @row, @identity, @id, @hash, @sent_hash, @number) t
        """;

    private const string Resettle = """
        UPDATE person SET outcome = t.outcome, change = t.change, marketo_id = t.id, code = t.code, reason = t.reason, import_number = NULL, stage = 5
        FROM unnest(@source, @row, @outcome, @change, @id, @code, @reason) t (source, row_number, outcome, change, id, code, reason)
        WHERE person.push_key = @key AND person.source = t.source AND person.row_number = t.row_number
            AND (import_number IS NOT NULL OR person.outcome IN (1, 2)) AND (import_number IS NOT NULL OR stage = 5)
        RETURNING person.source, person.row_number
        """;

    /// <inheritdoc/>
    public void Add(long pushKey, IEnumerable<PersonEntry> people)
    {
        PersonEntry[] all = [.. people];
        snapshots.Followed?.Apply(all);
        if (all.Length == 0) return;
        if (all.Any(person => (person.Stage == Stage.Settled) != (person.Outcome != PersonOutcome.NotDelivered))) throw PushErrors.SettledTwice();
        session.Run(
            Upsert,
            ("@key", pushKey),
            ("@expected", (long)all.Length),
            ("@source", Array.ConvertAll(all, person => person.Source)),
            ("@row", Array.ConvertAll(all, person => person.Row)),
            ("@identity", Array.ConvertAll(all, person => TextOf(identities.KeyOf(person.Identity)))),
            ("@outcome", Array.ConvertAll(all, person => (short)person.Outcome)),
            ("@change", Array.ConvertAll(all, person => (short)person.Change)),
            ("@id", Array.ConvertAll(all, person => person.MarketoId)),
            ("@code", Array.ConvertAll(all, person => person.Code)),
            ("@reason", Array.ConvertAll(all, person => TextOf(person.Reason))),
            ("@column", Array.ConvertAll(all, person => TextOf(person.Column))),
            ("@length", Array.ConvertAll(all, person => person.ValueLength)),
            ("@sent", Array.ConvertAll(all, person => person.Sent?.UtcTicks)),
            ("@hash", Array.ConvertAll(all, person => person.Mark is { } mark ? BytesOf(mark.IdentityHash) : null)),
            ("@sent_hash", Array.ConvertAll(all, person => person.Mark?.SentHash)),
            ("@number", Array.ConvertAll(all, person => person.Mark?.Number)),
            ("@stage", Array.ConvertAll(all, person => (short)person.Stage)));
    }

    /// <inheritdoc/>
    public void AddImported(long pushKey, int import, IEnumerable<ImportedPerson> people)
    {
        ImportedPerson[] all = [.. people];
        if (all.Length == 0) return;
        if (all.Length >= CopyFrom)
        {
            Copy(pushKey, import, all);
            return;
        }

        session.Run(
            InsertImported,
            ("@key", pushKey),
            ("@import", import),
            ("@source", Array.ConvertAll(all, person => person.Source)),
            ("@row", Array.ConvertAll(all, person => person.Row)),
            ("@identity", Array.ConvertAll(all, person => TextOf(identities.KeyOf(person.Identity)))),
            ("@id", Array.ConvertAll(all, person => person.MarketoId)),
            ("@hash", Array.ConvertAll(all, person => person.Mark is { } mark ? BytesOf(mark.IdentityHash) : null)),
            ("@sent_hash", Array.ConvertAll(all, person => person.Mark?.SentHash)),
            ("@number", Array.ConvertAll(all, person => person.Mark?.Number)));
    }

    /// <inheritdoc/>
    public void Unsend(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows) => session.Run(
        """
        UPDATE person SET sent = NULL, stage = 0 FROM unnest(@source, @row) t (source, row_number)
        WHERE push_key = @key AND person.source = t.source AND person.row_number = t.row_number AND stage IN (1, 2, 4)
        """,
        [("@key", pushKey), .. PlacesOf(rows)]);

    /// <inheritdoc/>
    public IReadOnlyList<PersonEntry> SettleAnew(long pushKey, IReadOnlyCollection<PersonEntry> people)
    {
        PersonEntry[] all = [.. people];
        var changed = session.Query(
            Resettle,
            row => (row.GetInt32(0), row.GetInt64(1)),
            ("@key", pushKey),
            ("@source", Array.ConvertAll(all, person => person.Source)),
            ("@row", Array.ConvertAll(all, person => person.Row)),
            ("@outcome", Array.ConvertAll(all, person => (short)person.Outcome)),
            ("@change", Array.ConvertAll(all, person => (short)person.Change)),
            ("@id", Array.ConvertAll(all, person => person.MarketoId)),
            ("@code", Array.ConvertAll(all, person => person.Code)),
            ("@reason", Array.ConvertAll(all, person => TextOf(person.Reason)))).ToHashSet();
        snapshots.Followed?.Apply(Array.FindAll(all, person => changed.Contains((person.Source, person.Row))));
        return Array.FindAll(all, person => !changed.Contains((person.Source, person.Row)));
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<(int Source, long Row)> TakeOut(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows)
    {
        var taken = session.Query(
            """
            DELETE FROM person USING unnest(@source, @row) t (source, row_number)
            WHERE push_key = @key AND person.source = t.source AND person.row_number = t.row_number RETURNING person.source, person.row_number
            """,
            row => (row.GetInt32(0), row.GetInt64(1)),
            [("@key", pushKey), .. PlacesOf(rows)]).ToHashSet();
        return [.. rows.Where(row => !taken.Contains(row))];
    }

    private void Copy(long pushKey, int import, ImportedPerson[] people) => session.Copy(CopyImported, copy =>
    {
        foreach (var person in people)
        {
            copy.StartRow();
            copy.Write(checked((int)pushKey));
            copy.Write(person.Source);
            copy.Write(checked((int)person.Row));
            copy.Write(TextOf(identities.KeyOf(person.Identity)));
            Write(person.MarketoId);
            if (person.Mark is { } mark) copy.Write(BytesOf(mark.IdentityHash));
            else copy.WriteNull();
            Write(person.Mark?.SentHash);
            if (person.Mark?.Number is { } number) copy.Write(number);
            else copy.WriteNull();
            copy.Write(import);
            copy.Write((short)0);
            copy.Write((short)0);
            copy.Write((short)Stage.Imported);
        }

        void Write(long? value)
        {
            if (value is { } number) copy.Write(number);
            else copy.WriteNull();
        }
    });

    private static (string Name, object? Value)[] PlacesOf(IReadOnlyCollection<(int Source, long Row)> rows) =>
        [("@source", rows.Select(row => row.Source).ToArray()), ("@row", rows.Select(row => row.Row).ToArray())];

    /// <summary>A hash as the database keeps it.</summary>
    public static byte[] BytesOf(Hash128 hash)
    {
        byte[] bytes = new byte[Hash128.Bytes];
        hash.Write(bytes);
        return bytes;
    }

    /// <summary>A text as the database can keep it: PostgreSQL's texts can't hold the character 0.</summary>
    public static string? TextOf(string? text) => text?.Replace("\0", "\uFFFD", StringComparison.Ordinal);
}
