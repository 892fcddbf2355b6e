using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Postgres;

/// <summary>Takes the people of a journal of one machine along, some at a time, in the transaction that is open.</summary>
/// <param name="session">The open database.</param>
/// <param name="content">What the journal holds.</param>
/// <param name="pushes">The keys of the pushes that are taken along, and their keys here.</param>
internal sealed class PersonCopy(PostgresSession session, IJournalContent content, IReadOnlyDictionary<long, long> pushes)
{
    private const int PeopleAtOnce = 10_000;

    private const string Insert = """
        WITH entered AS (
            INSERT INTO person_row (push_key, source, row_number, identity, marketo_id, state, mark, detail)
            SELECT push_key, NULLIF(source, 0), row_number, identity, marketo_id, s.state, mark_of(identity_hash, sent_hash, member_number),
                detail_of(sent, CASE WHEN s.state >= 0 THEN import_number END, value_length, code, reason, column_name)
            FROM unnest(@push_key, @source, @row_number, @identity, @marketo_id, @outcome, @change, @stage, @import_number, @identity_hash, @sent_hash,
                    @member_number, @sent, @value_length, @code, @reason, @column_name)
                t (push_key, source, row_number, identity, marketo_id, outcome, change, stage, import_number, identity_hash, sent_hash,
                    member_number, sent, value_length, code, reason, column_name),
                LATERAL (SELECT state_of(outcome, change, stage, import_number) state) s
            RETURNING 1)
        SELECT COUNT(*) FROM entered
        """;

    private static readonly string[] s_columns =
    [
        "push_key", "source", "row_number", "identity", "marketo_id", "outcome", "change", "stage", "import_number", "identity_hash", "sent_hash",
        "member_number", "sent", "value_length", "code", "reason", "column_name",
    ];

    private readonly List<object?[]> _people = [];

    /// <summary>Takes them along.</summary>
    public void Run()
    {
        content.Read("person", s_columns, row =>
        {
            if (!pushes.TryGetValue((long)row[0]!, out long key)) return;
            object?[] person = [.. row];
            person[0] = key;
            _people.Add(person);
            if (_people.Count == PeopleAtOnce) Write();
        });
        Write();
    }

    private void Write()
    {
        if (_people.Count == 0) return;
        try
        {
            session.Count(Insert, [.. s_columns.Select((name, column) => ("@" + name, ValuesOf(name, column)))]);
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException)
        {
            throw session.Damaged(e);
        }

        _people.Clear();
    }

    private object ValuesOf(string name, int column)
    {
        return name switch
        {
            "identity" or "code" or "reason" or "column_name" => Each(value => PersonWriter.TextOf((string?)value)),
            "identity_hash" => Each(value => (byte[]?)value),
            "outcome" or "change" or "stage" => Each(value => checked((short)(long)value!)),
            "marketo_id" or "sent_hash" or "sent" => Each(value => (long?)value),
            _ => Each(value => value is long number ? checked((int)number) : (int?)null),
        };

        T[] Each<T>(Func<object?, T> read) => [.. _people.Select(person => read(person[column]))];
    }
}
