using System.Buffers.Binary;
using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Postgres;

/// <summary>Writes many people with one statement, whose values travel as arrays.</summary>
internal sealed class PersonWriter(PostgresSession session, SnapshotStore snapshots, PushIdentities identities) : IPersonWriter
{
    // From here on copying is faster than a statement.
    private const int CopyFrom = 2_000;

    private const string Upsert = """
        WITH written AS (
            INSERT INTO person_row (push_key, source, row_number, identity, marketo_id, state, mark, detail)
            SELECT @key, NULLIF(source, 0), row_number, identity, id, state_of(outcome, change, stage, NULL), mark_of(hash, sent_hash, number),
                detail_of(sent, NULL, length, code, reason, column_name)
            FROM unnest(@source, @row, @identity, @outcome, @change, @id, @code, @reason, @column, @length, @sent, @hash, @sent_hash, @number, @stage)
                t (source, row_number, identity, outcome, change, id, code, reason, column_name, length, sent, hash, sent_hash, number, stage)
            ON CONFLICT (push_key, COALESCE(source, 0), row_number) DO UPDATE SET state = excluded.state, marketo_id = excluded.marketo_id, mark = excluded.mark,
                detail = detail_of((excluded.detail).sent, NULL, (person_row.detail).value_length, (excluded.detail).code, (excluded.detail).reason,
                    (person_row.detail).column_name)
            WHERE person_row.state < 0 OR person_row.state & 7 <> 5 RETURNING 1)
        SELECT prove((SELECT COUNT(*) FROM written), @expected)
        """;

    private const string CopyImported =
        "COPY person_row (push_key, source, row_number, identity, marketo_id, mark, state) FROM STDIN (FORMAT BINARY)";

    private const string InsertImported = """
        INSERT INTO person_row (push_key, source, row_number, identity, marketo_id, mark, state, detail)
        SELECT @key, NULLIF(source, 0), row_number, identity, id, mark_of(hash, sent_hash, number), @state, detail_of(NULL, @import, NULL, NULL, NULL, NULL)
        FROM unnest(@source, @row, @identity, @id, @hash, @sent_hash, @number) t (source, row_number, identity, id, hash, sent_hash, number)
        """;

    private const string Resettle = """
        UPDATE person SET state = state_of(t.outcome, t.change, 5::smallint, NULL), marketo_id = t.id,
            detail = detail_of(person.sent, NULL, person.value_length, t.code, t.reason, person.column_name)
        FROM unnest(@source, @row, @outcome, @change, @id, @code, @reason) t (source, row_number, outcome, change, id, code, reason)
        WHERE person.push_key = @key AND person.source = t.source AND person.row_number = t.row_number
            AND (person.import_number IS NOT NULL OR (person.outcome IN (1, 2) AND person.stage = 5))
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
            ("@sent", Array.ConvertAll(all, person => StageColumn.SentOf(person))),
            ("@hash", Array.ConvertAll(all, person => person.Mark is { } mark ? BytesOf(mark.IdentityHash) : null)),
            ("@sent_hash", Array.ConvertAll(all, person => person.Mark?.SentHash)),
            ("@number", Array.ConvertAll(all, person => person.Mark?.Number)),
            ("@stage", Array.ConvertAll(all, person => (short)StageColumn.ValueOf(person.Stage))));
    }

    /// <inheritdoc/>
    public void AddImported(long pushKey, int import, IEnumerable<ImportedPerson> people)
    {
        ImportedPerson[] all = [.. people];
        if (all.Length == 0) return;
        bool isNumberInState = import <= PersonTable.MostImports;
        if (all.Length >= CopyFrom && isNumberInState)
        {
            Copy(pushKey, import, all);
            return;
        }

        session.Run(
            InsertImported,
            ("@key", pushKey),
            ("@state", (short)(isNumberInState ? -import : (int)Stage.Imported)),
            ("@import", isNumberInState ? null : import),
            ("@source", Array.ConvertAll(all, person => person.Source)),
            ("@row", Array.ConvertAll(all, person => person.Row)),
            ("@identity", Array.ConvertAll(all, person => TextOf(identities.KeyOf(person.Identity)))),
            ("@id", Array.ConvertAll(all, person => person.MarketoId)),
            ("@hash", Array.ConvertAll(all, person => person.Mark is { } mark ? BytesOf(mark.IdentityHash) : null)),
            ("@sent_hash", Array.ConvertAll(all, person => person.Mark?.SentHash)),
            ("@number", Array.ConvertAll(all, person => person.Mark?.Number)));
    }

    /// <inheritdoc/>
    public void Remark(long pushKey, IReadOnlyCollection<ImportRemark> remarks)
    {
        if (remarks.Count == 0) return;
        ImportRemark[] all = [.. remarks];
        session.Run(
            """
            WITH remarked AS (
                UPDATE person SET detail = detail_of(sent, CASE WHEN state >= 0 THEN import_number END, value_length, t.code, t.reason, column_name)
                FROM unnest(@source, @row, @code, @reason) t (source, row_number, code, reason)
                WHERE push_key = @key AND person.source = t.source AND person.row_number = t.row_number RETURNING 1)
            SELECT prove((SELECT COUNT(*) FROM remarked), @expected)
            """,
            ("@key", pushKey),
            ("@expected", (long)all.Length),
            ("@source", Array.ConvertAll(all, remark => remark.Source)),
            ("@row", Array.ConvertAll(all, remark => remark.Row)),
            ("@code", Array.ConvertAll(all, remark => remark.Code)),
            ("@reason", Array.ConvertAll(all, remark => TextOf(remark.Reason))));
    }

    /// <inheritdoc/>
    public void Unsend(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows) => session.Run(
        """
        UPDATE person SET state = state - stage, detail = detail_of(NULL, import_number, value_length, code, reason, column_name)
        FROM unnest(@source, @row) t (source, row_number)
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
            if (person.Source > 0) copy.Write(person.Source);
            else copy.WriteNull();
            copy.Write(checked((int)person.Row));
            copy.Write(TextOf(identities.KeyOf(person.Identity)));
            if (person.MarketoId is { } id) copy.Write(id);
            else copy.WriteNull();
            if (person.Mark is { } mark) copy.Write(BytesOf(mark));
            else copy.WriteNull();
            copy.Write((short)-import);
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

    // What the function mark_of() makes in the database.
    private static byte[] BytesOf(MemberMark mark)
    {
        Span<byte> bytes = stackalloc byte[Hash128.Bytes + sizeof(long) + sizeof(int)];
        mark.IdentityHash.Write(bytes);
        int length = Hash128.Bytes;
        if (mark.SentHash is { } sent)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes[length..], sent);
            length += sizeof(long);
        }

        if (mark.Number is { } number)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes[length..], number);
            length += sizeof(int);
        }

        return bytes[..length].ToArray();
    }

    /// <summary>A text as the database can keep it: PostgreSQL's texts can't hold the character 0.</summary>
    public static string? TextOf(string? text) => text?.Replace("\0", "\uFFFD", StringComparison.Ordinal);
}
