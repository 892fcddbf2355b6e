using Npgsql;
using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// Takes destinations, snapshots and history of a journal of one machine along, in one transaction. What is there already stays as it is, so that it
/// may run again, and for one machine after the other.
/// </summary>
internal sealed class PostgresCopy
{
    // All tables whose rows belong to a push; rows of pipelines lie beside the journal of one machine, and none of its pushes goes on. A table that
    // refers to another one has a name behind it; the database refuses another order. People are packed.
    private const string TablesOfPushes = """
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'segmentpush' AND column_name = 'push_key' AND table_name NOT IN ('push', 'spool_block', 'person', 'person_row') ORDER BY table_name
        """;

    private readonly PostgresSession _session;
    private readonly IJournalContent _content;
    private readonly Dictionary<long, long> _pushes = [];
    private readonly Dictionary<long, long> _snapshots = [], _snapshotsThere = [];
    private readonly List<string> _destinationsThere = [];
    private int _pushesThere, _destinations;

    private PostgresCopy(PostgresSession session, IJournalContent content) => (_session, _content) = (session, content);

    /// <summary>Takes it along.</summary>
    /// <param name="address">The database.</param>
    /// <param name="source">The journal of this machine.</param>
    /// <param name="content">What it holds.</param>
    public static CopiedJournal Run(PostgresAddress address, JournalAddress source, IJournalContent content)
    {
        using var session = new PostgresSession(address, ProcessHost.Machine);
        PostgresSetup.CheckVersion(address, session.Read(() => (int)session.Count(PostgresSetup.VersionQuery)));
        bool hasSameKey = content.IdentityKey is not { } key || new DatabaseIdentityKey(session, address).Adopt(key);
        PostgresCopy? copy = null;
        session.Write(() =>
        {
            // The transaction may run again after the connection was lost.
            copy = new PostgresCopy(session, content);
            copy.Copy(hasSameKey);
        });
        return new CopiedJournal
        {
            From = source.ToString(),
            Journal = address.ToString(),
            Pushes = copy!._pushes.Count,
            PushesThere = copy._pushesThere,
            Destinations = copy._destinations,
            DestinationsThere = copy._destinationsThere,
            Snapshots = copy._snapshots.Count,
            HasSameKey = hasSameKey,
        };
    }

    private void Copy(bool hasSameKey)
    {
        _session.LockDestinations(isShared: false);
        ChooseSnapshots(hasSameKey);
        CopyRows("snapshot", "snapshot_key", _snapshots);
        CopyRows("snapshot_member", "snapshot_key", _snapshots);
        ChoosePushes();
        CopyPushes();
        new PersonCopy(_session, _content, _pushes).Run();
        foreach (string table in _session.Query(TablesOfPushes, row => row.GetString(0))) CopyRows(table, "push_key", _pushes);
        CopyDestinations();
        ForgetOutdatedSnapshots();
    }

    // Snapshots know people by hashes, which say nothing under another key. Where the database has a snapshot of the list, that one stays.
    private void ChooseSnapshots(bool hasSameKey)
    {
        var there = _session.Query(
            "SELECT instance, list_id, identity_field, snapshot_key FROM snapshot",
            row => (List: (row.GetString(0), row.GetInt64(1), row.GetString(2)), Key: row.GetInt64(3))).ToDictionary(snapshot => snapshot.List, snapshot => snapshot.Key);
        var chosen = new List<long>();
        _content.Read("snapshot", ["snapshot_key", "instance", "list_id", "identity_field"], row =>
        {
            long key = (long)row[0]!;
            if (there.TryGetValue(((string)row[1]!, (long)row[2]!, (string)row[3]!), out long other)) _snapshotsThere.Add(key, other);
            else if (hasSameKey) chosen.Add(key);
        });
        GiveKeys(chosen, _session.Count("SELECT LEAST(MIN(snapshot_key), 1) FROM snapshot"), _snapshots);
    }

    // A snapshot that was there does not know what the pushes that are taken along now have done to its list, so the next push reads the list. A push
    // that is open would go on with what it knows, and tell people wrong.
    private void ForgetOutdatedSnapshots()
    {
        if (_pushes.Count == 0) return;
        const string isOutdated = """
            NOT (snapshot.snapshot_key = ANY(@copied)) AND EXISTS (
                SELECT 1 FROM push AS taken WHERE taken.push_key BETWEEN @first AND @last AND taken.instance = snapshot.instance AND taken.list_id = snapshot.list_id)
            """;
        (string, object?)[] values = [("@copied", _snapshots.Values.ToArray()), ("@first", _pushes.Values.Min()), ("@last", _pushes.Values.Max())];
        var open = _session.Query(
            $"""
            SELECT id, list_name FROM push WHERE {PushStore.MayBeResumed} AND push_key NOT BETWEEN @first AND @last
                AND EXISTS (SELECT 1 FROM snapshot WHERE {SnapshotTable.IsWorkedWith} AND {isOutdated}) ORDER BY push_key LIMIT 1
            """,
            row => (Id: Guid.Parse(row.GetString(0)), List: row.GetString(1)),
            values);
        if (open is [var push]) throw HasOpenPush(push.Id, push.List);
        _session.Run($"DELETE FROM snapshot WHERE {isOutdated}", values);
    }

    private static SegmentPushException HasOpenPush(Guid push, string list) => new(
        "ListHasOpenPush",
        $"The shared journal holds the push {PushIds.Short(push)} into the static list '{list}', which runs or was interrupted. It would go on without knowing the other pushes into that list, which the journal to copy brings.",
        "Resume it, or give it up with Stop-SegmentPush, with the shared journal; then copy.",
        push);

    // A later push has a greater key, and all pushes that the machines share come later than those of one machine alone.
    private void ChoosePushes()
    {
        var there = _session.Query("SELECT id FROM push", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal);
        var chosen = new List<long>();
        _content.Read("push", ["push_key", "id"], row =>
        {
            if (there.Contains((string)row[1]!)) _pushesThere++;
            else chosen.Add((long)row[0]!);
        });
        GiveKeys(chosen, _session.Count("SELECT LEAST(MIN(push_key), 1) FROM push"), _pushes);
    }

    private static void GiveKeys(List<long> chosen, long least, Dictionary<long, long> keys)
    {
        chosen.Sort();
        for (int i = 0; i < chosen.Count; i++) keys.Add(chosen[i], least - chosen.Count + i);
    }

    private void CopyPushes()
    {
        var columns = ColumnsOf("push", except: "machine");
        int key = columns.FindIndex(column => column.Name == "push_key");
        int snapshot = columns.FindIndex(column => column.Name == "snapshot_key"), generation = columns.FindIndex(column => column.Name == "snapshot_generation");
        CopyRows("push", columns, row =>
        {
            if (!_pushes.TryGetValue((long)row[key]!, out long own)) return false;
            row[key] = own;
            if (row[snapshot] is long of && _snapshots.TryGetValue(of, out long copied)) row[snapshot] = copied;
            else row[snapshot] = row[generation] = null;
            return true;
        });
    }

    private void CopyDestinations()
    {
        var there = _session.Query("SELECT folded_name FROM destination", row => row.GetString(0)).ToHashSet(StringComparer.Ordinal);
        var columns = ColumnsOf("destination", except: "destination_key");
        int name = columns.FindIndex(column => column.Name == "name"), folded = columns.FindIndex(column => column.Name == "folded_name");
        int snapshot = columns.FindIndex(column => column.Name == "snapshot_key");
        CopyRows("destination", columns, row =>
        {
            if (there.Contains((string)row[folded]!))
            {
                _destinationsThere.Add((string)row[name]!);
                return false;
            }

            _destinations++;
            row[snapshot] = row[snapshot] is not long of ? null
                : _snapshots.TryGetValue(of, out long copied) ? copied
                : _snapshotsThere.TryGetValue(of, out long other) ? other
                : null;
            return true;
        });
    }

    private void CopyRows(string table, string keyColumn, Dictionary<long, long> keys)
    {
        if (keys.Count == 0) return;
        var columns = ColumnsOf(table);
        int key = columns.FindIndex(column => column.Name == keyColumn);
        CopyRows(table, columns, row =>
        {
            if (!keys.TryGetValue((long)row[key]!, out long own)) return false;
            row[key] = own;
            return true;
        });
    }

    private void CopyRows(string table, List<Column> columns, Func<object?[], bool> takes)
    {
        string[] names = [.. columns.Select(column => column.Name)];
        _session.Copy($"COPY {table} ({string.Join(", ", names)}) FROM STDIN (FORMAT BINARY)", copy => _content.Read(table, names, row =>
        {
            if (!takes(row)) return;
            copy.StartRow();
            for (int i = 0; i < row.Length; i++) Write(copy, row[i], columns[i].Type);
        }));
    }

    private List<Column> ColumnsOf(string table, string? except = null) => [.. _session.Query(
        "SELECT column_name, udt_name FROM information_schema.columns WHERE table_schema = 'segmentpush' AND table_name = @table ORDER BY ordinal_position",
        row => new Column(row.GetString(0), row.GetString(1)),
        ("@table", table)).Where(column => column.Name != except)];

    private void Write(NpgsqlBinaryImporter copy, object? value, string type)
    {
        switch (value, type)
        {
            case (null, _): copy.WriteNull(); break;
            case (long number, "int8"): copy.Write(number); break;
            case (long number, "int4"): copy.Write(checked((int)number)); break;
            case (long number, "int2"): copy.Write(checked((short)number)); break;
            case (string text, "text"): copy.Write(PersonWriter.TextOf(text)!); break;
            case (byte[] bytes, "bytea"): copy.Write(bytes); break;
            default: throw _session.Damaged(new InvalidDataException($"A value of the type {value.GetType().Name} stands where {type} belongs."));
        }
    }

    private readonly record struct Column(string Name, string Type);
}
