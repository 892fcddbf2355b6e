using System.Globalization;
using Microsoft.Data.Sqlite;
using SegmentPush.Journal.Sqlite;

namespace SegmentPush.Journal;

/// <content>What is read of pushes and their people.</content>
internal sealed partial class PushJournal
{
    /// <summary>The people of an import who have no outcome of their own, in the order of their rows.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="import">The import.</param>
    /// <param name="after">The row before the first.</param>
    /// <param name="most">At most so many.</param>
    public IReadOnlyList<ImportedPerson> GetImported(long pushKey, ImportEntry import, (int Source, long Row) after, int most) => Guard(() =>
    {
        using var command = Command(null, """
            SELECT source, row_number, identity, marketo_id, identity_hash, sent_hash, member_number FROM person
            WHERE push_key = $key AND (source, row_number) > ($after_source, $after_row)
                AND (source, row_number) >= ($first_source, $first_row) AND (source, row_number) <= ($last_source, $last_row)
                AND import_number = $number
            ORDER BY source, row_number LIMIT $most
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        command.Parameters.AddWithValue("$after_source", after.Source);
        command.Parameters.AddWithValue("$after_row", after.Row);
        command.Parameters.AddWithValue("$most", most);
        ImportStore.AddBounds(command, import);
        using var reader = command.ExecuteReader();
        var people = new List<ImportedPerson>();
        while (reader.Read())
        {
            people.Add(new ImportedPerson(
                reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetInt64(3), MarkOf(reader, 4)));
        }

        return people;
    });

    /// <summary>How many people of a push the journal holds, by outcome.</summary>
    public IReadOnlyDictionary<PersonOutcome, long> CountOutcomes(long pushKey) => Guard(() =>
    {
        // The few groups are joined, not the people.
        using var command = Command(null, """
            SELECT COALESCE(i.outcome, g.outcome), i.number IS NOT NULL, g.people, g.members
            FROM (SELECT import_number, outcome, COUNT(*) people, COUNT(member_number) members FROM person
                WHERE push_key = $key GROUP BY import_number, outcome) g
            LEFT JOIN import_file i ON i.push_key = $key AND i.number = g.import_number
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        using var reader = command.ExecuteReader();
        var counts = new Dictionary<PersonOutcome, long>();
        while (reader.Read())
        {
            var outcome = (PersonOutcome)reader.GetInt32(0);

            // Who was on the list before was not added by an import.
            long members = outcome == PersonOutcome.Added && reader.GetBoolean(1) ? reader.GetInt64(3) : 0;
            Count(outcome, reader.GetInt64(2) - members);
            Count(PersonOutcome.AlreadyMember, members);
        }

        Count(PersonOutcome.AlreadyMember, CountUnchanged(pushKey));
        return counts;

        void Count(PersonOutcome outcome, long people)
        {
            if (people > 0) counts[outcome] = counts.GetValueOrDefault(outcome) + people;
        }
    });

    /// <summary>Pushes, newest first.</summary>
    public IReadOnlyList<PushStatus> GetPushes(PushFilter filter) => Guard(() =>
    {
        using var command = Command(null, "");
        var conditions = new List<string>();
        if (filter.Ids.Count > 0) conditions.Add(In("id", filter.Ids.Select(id => (object)id.ToString())));
        if (filter.States.Count > 0)
        {
            conditions.Add(In("state", StoredAs(filter.States).Select(s => (object)(int)s)));
        }

        if (filter.StaticListId is { } listId) conditions.Add(In("list_id", [listId]));
        if (filter.Since is { } since) conditions.Add($"started >= {since.UtcTicks}");
        if (filter.Before is { } before) conditions.Add($"started < {before.UtcTicks}");
        string where = conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions);
        SetText(command, $"SELECT push_key, {PushRow.Columns} FROM push {where} ORDER BY started DESC, push_key DESC");

        var pushes = new List<PushStatus>();
        var newest = new Lazy<NewestPushes>(ReadNewestPushes);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            // SQLite folds the case of ASCII only; a list may be called "Été".
            if (filter.StaticListName is { } name
                && !string.Equals(name, reader.GetString(reader.GetOrdinal("list_name")), StringComparison.OrdinalIgnoreCase)) continue;
            if (filter.Destinations.Count > 0
                && !filter.Destinations.Contains(StringOrNull(reader, reader.GetOrdinal("destination")), StringComparer.OrdinalIgnoreCase)) continue;
            if (pushes.Count == filter.Last) break;
            var push = Supersede(reader.GetInt64(0), Truthful(PushRow.Read(reader, GetSources(reader.GetInt64(0)))), newest);
            if (filter.States.Count == 0 || filter.States.Contains(push.State)) pushes.Add(push);
        }

        return pushes;

        string In(string column, IEnumerable<object> values)
        {
            var names = values.Select(value => command.Parameters.AddWithValue($"${command.Parameters.Count}", value).ParameterName);
            return $"{column} IN ({string.Join(", ", names.ToArray())})";
        }
    });

    /// <summary>The people of a push in the order of their rows, read as they are asked for.</summary>
    public IEnumerable<PersonStatus> GetPeople(Guid pushId, IReadOnlyList<PersonOutcome> outcomes)
    {
        if (Guard(() => FindKey(pushId)) is not var (pushKey, isPlain)) yield break;
        string[] sources = [.. Guard(() => GetAllSources(pushKey)).Select(source => source.Name)];
        using var command = Command(null, $"""
            SELECT p.source, p.row_number, p.identity, {Outcome}, COALESCE(i.change, p.change), p.marketo_id,
                COALESCE(p.code, i.code), COALESCE(p.reason, i.reason), p.column_name, p.value_length
            FROM {PersonWithImport}
            WHERE p.push_key = $key AND {Outcome} IN ({string.Join(", ", outcomes.Select(o => (int)o))})
            ORDER BY p.source, p.row_number
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        using var unchanged = (outcomes.Contains(PersonOutcome.AlreadyMember) ? GetUnchanged(pushKey, (-1, 0)) : []).GetEnumerator();
        bool hasUnchanged = unchanged.MoveNext();
        using var reader = Guard(command.ExecuteReader);
        while (Guard(reader.Read))
        {
            var row = (reader.GetInt32(0), reader.GetInt64(1));
            for (; hasUnchanged && (unchanged.Current.Source, unchanged.Current.Row).CompareTo(row) < 0; hasUnchanged = unchanged.MoveNext())
                yield return StatusOf(unchanged.Current);
            yield return new PersonStatus
            {
                PushId = pushId,
                Source = sources[row.Item1],
                Row = row.Item2,
                Identity = IdentityOf(reader, 2, isPlain),
                Outcome = (PersonOutcome)reader.GetInt32(3),
                Change = (PersonChange)reader.GetInt32(4),
                MarketoId = reader.IsDBNull(5) ? null : reader.GetInt64(5),
                Code = StringOrNull(reader, 6),
                Reason = StringOrNull(reader, 7),
                Column = StringOrNull(reader, 8),
                ValueLength = reader.IsDBNull(9) ? null : reader.GetInt32(9),
            };
        }

        for (; hasUnchanged; hasUnchanged = unchanged.MoveNext()) yield return StatusOf(unchanged.Current);

        PersonStatus StatusOf(UnchangedPerson person) => new()
        {
            PushId = pushId,
            Source = sources[person.Source],
            Row = person.Row,
            Identity = isPlain ? person.Identity : null,
            Outcome = PersonOutcome.AlreadyMember,
            Change = PersonChange.Unchanged,
            MarketoId = person.MarketoId,
        };
    }

    // Who was taken off the list without a row of the segment has no identity here.
    private static string? IdentityOf(SqliteDataReader reader, int ordinal, bool isPlain) =>
        isPlain && reader.GetString(ordinal) is { Length: > 0 } identity ? identity : null;

    /// <summary>The rejected rows of a push, in the order of the sources.</summary>
    public IEnumerable<(int Source, long Row, string Code, string Reason)> GetRejected(long pushKey)
    {
        using var command = Command(
            null,
            $"SELECT source, row_number, code, reason FROM person WHERE push_key = $key AND outcome = {(int)PersonOutcome.Rejected} "
            + "ORDER BY source, row_number");
        command.Parameters.AddWithValue("$key", pushKey);
        using var reader = Guard(command.ExecuteReader);
        while (Guard(reader.Read))
            yield return (reader.GetInt32(0), reader.GetInt64(1), StringOrNull(reader, 2) ?? "", StringOrNull(reader, 3) ?? "");
    }

    /// <summary>Why people of a push were not activated, the commonest reason first.</summary>
    public IReadOnlyList<ReasonCount> CountReasons(long pushKey) => Guard(() =>
    {
        using var command = Command(null, $"""
            SELECT COALESCE(p.code, i.code) reason_code, COUNT(*) FROM {PersonWithImport}
            WHERE p.push_key = $key AND {Outcome} IN ({(int)PersonOutcome.Unmatched}, {(int)PersonOutcome.NoIdentity}, {(int)PersonOutcome.NoConsent}, {(int)PersonOutcome.Duplicate}, {(int)PersonOutcome.Rejected})
                AND reason_code IS NOT NULL
            GROUP BY reason_code ORDER BY COUNT(*) DESC, reason_code
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        using var reader = command.ExecuteReader();
        var reasons = new List<ReasonCount>();
        while (reader.Read()) reasons.Add(new ReasonCount(reader.GetString(0), reader.GetInt64(1)));
        return reasons;
    });

    // A push whose process was killed could not say so itself.
    private PushStatus Truthful(PushStatus push)
    {
        if (push.State != PushState.Running || JournalLock.IsHeld(Folder, Alive(push.Id), _host)) return push;
        return push with
        {
            State = PushState.Interrupted,
            Reason = "Its process ended before it did.",
            Ended = push.Started + push.Duration,
            NotDelivered = push.Received - push.Activated - push.Excluded - push.Rejected,
        };
    }

    private static MemberMark? MarkOf(SqliteDataReader reader, int ordinal)
    {
        if (reader.IsDBNull(ordinal)) return null;
        return new MemberMark(
            Hash128.Read(reader.GetFieldValue<byte[]>(ordinal)), reader.IsDBNull(ordinal + 1) ? null : reader.GetInt64(ordinal + 1), reader.IsDBNull(ordinal + 2) ? null : reader.GetInt32(ordinal + 2));
    }

    private (long Key, bool IsPlain)? FindKey(Guid id)
    {
        using var command = Command(null, "SELECT push_key, identity_form FROM push WHERE id = $id");
        command.Parameters.AddWithValue("$id", id.ToString());
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), (JournalIdentity)reader.GetInt32(1) == JournalIdentity.Plain) : null;
    }

    private (string Name, string? Description)[] GetSources(long pushKey) =>
        [.. GetAllSources(pushKey).Where(source => source.Name != JournalSource.StaticList.Name)];

    // With the list itself, where people came from it.
    private List<(string Name, string? Description)> GetAllSources(long pushKey)
    {
        using var command = Command(null, "SELECT name, description FROM push_source WHERE push_key = $key ORDER BY source");
        command.Parameters.AddWithValue("$key", pushKey);
        using var reader = command.ExecuteReader();
        var sources = new List<(string, string?)>();
        while (reader.Read()) sources.Add((reader.GetString(0), StringOrNull(reader, 1)));
        return sources;
    }
}
