using System.Text;
using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Sqlite;

/// <summary>Enters people in the transaction that is open: one by one, or many of an import at once.</summary>
internal sealed class PersonWriter(JournalSession session, SnapshotStore snapshots, PushIdentities identities) : IPersonWriter
{
    private const string InsertPerson =
        "INSERT INTO person (push_key, source, row_number, identity, outcome, change, marketo_id, code, reason, column_name, value_length, sent, "
        + "identity_hash, sent_hash, member_number, stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        + "ON CONFLICT (push_key, source, row_number) DO UPDATE SET outcome = excluded.outcome, change = excluded.change, "
        + "marketo_id = excluded.marketo_id, code = excluded.code, reason = excluded.reason, import_number = NULL, "
        + "identity_hash = excluded.identity_hash, sent_hash = excluded.sent_hash, member_number = excluded.member_number, "
        + "stage = excluded.stage, sent = excluded.sent "
        + "WHERE stage <> 5";

    private const int ImportedAtOnce = 32;

    /// <inheritdoc/>
    public void Add(long pushKey, IEnumerable<PersonEntry> people)
    {
        using var insert = session.Prepare(InsertPerson);
        using var snapshot = snapshots.OpenFollowed();
        insert.Bind(1, pushKey);
        foreach (var person in people)
        {
            insert.Bind(2, (long)person.Source);
            insert.Bind(3, person.Row);
            insert.Bind(4, identities.KeyOf(person.Identity));
            insert.Bind(5, (long)person.Outcome);
            insert.Bind(6, (long)person.Change);
            insert.Bind(7, person.MarketoId);
            insert.Bind(8, person.Code);
            insert.Bind(9, person.Reason);
            insert.Bind(10, person.Column);
            insert.Bind(11, (long?)person.ValueLength);
            insert.Bind(12, StageColumn.SentOf(person));
            BindMark(insert, 13, person.Mark);
            if ((person.Stage == Stage.Settled) != (person.Outcome != PersonOutcome.NotDelivered)) throw PushErrors.SettledTwice();
            insert.Bind(16, (long)StageColumn.ValueOf(person.Stage));
            insert.Run();
            snapshot?.Apply(person);
        }

        insert.Prove();
    }

    /// <inheritdoc/>
    public void AddImported(long pushKey, int import, IEnumerable<ImportedPerson> people)
    {
        // Many with one run: SQLite then looks only once for the place where they belong.
        using var many = session.Prepare(InsertImportedSql(ImportedAtOnce), ImportedAtOnce);
        using var one = session.Prepare(InsertImportedSql(1));
        var waiting = new ImportedPerson[ImportedAtOnce];
        int count = 0;
        foreach (var person in people)
        {
            waiting[count++] = person;
            if (count < waiting.Length) continue;
            for (int i = 0; i < waiting.Length; i++) Bind(many, i, waiting[i]);
            many.Run();
            count = 0;
        }

        for (int i = 0; i < count; i++)
        {
            Bind(one, 0, waiting[i]);
            one.Run();
        }

        many.Prove();
        one.Prove();

        void Bind(PersonStatement insert, int index, in ImportedPerson person)
        {
            int first = 3 + (7 * index);
            insert.Bind(1, pushKey);
            insert.Bind(2, (long)import);
            insert.Bind(first, (long)person.Source);
            insert.Bind(first + 1, person.Row);
            insert.Bind(first + 2, identities.KeyOf(person.Identity));
            insert.Bind(first + 3, person.MarketoId);
            BindMark(insert, first + 4, person.Mark);
        }
    }

    /// <inheritdoc/>
    public void Remark(long pushKey, IReadOnlyCollection<ImportRemark> remarks)
    {
        if (remarks.Count == 0) return;
        using var update = session.Prepare("UPDATE person SET code = ?, reason = ? WHERE push_key = ? AND source = ? AND row_number = ?");
        update.Bind(3, pushKey);
        foreach (var remark in remarks)
        {
            update.Bind(1, remark.Code);
            update.Bind(2, remark.Reason);
            update.Bind(4, (long)remark.Source);
            update.Bind(5, remark.Row);
            update.Run();
        }

        update.Prove();
    }

    /// <inheritdoc/>
    public void Unsend(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows)
    {
        using var update = session.Prepare("UPDATE person SET sent = NULL, stage = 0 WHERE push_key = ? AND source = ? AND row_number = ? AND stage IN (1, 2, 4)");
        update.Bind(1, pushKey);
        foreach (var (source, row) in rows)
        {
            update.Bind(2, (long)source);
            update.Bind(3, row);
            update.TryRun();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<PersonEntry> SettleAnew(long pushKey, IReadOnlyCollection<PersonEntry> people)
    {
        using var snapshot = snapshots.OpenFollowed();
        using var update = session.Prepare(
            "UPDATE person SET outcome = ?, change = ?, marketo_id = ?, code = ?, reason = ?, import_number = NULL, stage = 5 "
            + "WHERE push_key = ? AND source = ? AND row_number = ? AND (import_number IS NOT NULL OR outcome IN (1, 2)) AND (import_number IS NOT NULL OR stage = 5)");
        update.Bind(6, pushKey);
        var others = new List<PersonEntry>();
        foreach (var person in people)
        {
            update.Bind(1, (long)person.Outcome);
            update.Bind(2, (long)person.Change);
            update.Bind(3, person.MarketoId);
            update.Bind(4, person.Code);
            update.Bind(5, person.Reason);
            update.Bind(7, (long)person.Source);
            update.Bind(8, person.Row);
            if (update.TryRun()) snapshot?.Apply(person);
            else others.Add(person);
        }

        return others;
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<(int Source, long Row)> TakeOut(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows)
    {
        using var delete = session.Prepare("DELETE FROM person WHERE push_key = ? AND source = ? AND row_number = ?");
        delete.Bind(1, pushKey);
        var others = new List<(int, long)>();
        foreach (var (source, row) in rows)
        {
            delete.Bind(2, (long)source);
            delete.Bind(3, row);
            if (!delete.TryRun()) others.Add((source, row));
        }

        return others;
    }

    private static string InsertImportedSql(int people)
    {
        var sql = new StringBuilder(
            "INSERT INTO person (push_key, import_number, source, row_number, identity, marketo_id, identity_hash, sent_hash, member_number, outcome, change, stage) VALUES ");
        for (int i = 0; i < people; i++)
        {
            // Parameters without a number of their own go on from the last one.
            sql.Append(i == 0 ? "" : ", ").Append("(?1, ?2, ?, ?, ?, ?, ?, ?, ?, 0, 0, 3)");
        }

        return sql.ToString();
    }

    private static void BindMark(PersonStatement statement, int parameter, MemberMark? mark)
    {
        if (mark is null)
        {
            for (int i = 0; i < 3; i++) statement.BindNull(parameter + i);
            return;
        }

        statement.Bind(parameter, mark.IdentityHash);
        statement.Bind(parameter + 1, mark.SentHash);
        statement.Bind(parameter + 2, (long?)mark.Number);
    }
}
