using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal;

/// <content>What it takes to go on with a push that was stopped.</content>
internal sealed partial class PushJournal
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes over a push whose process has ended, or that ended before its people were delivered.</summary>
    /// <param name="id">The push.</param>
    /// <param name="evenIfSuperseded">Whether a push is taken over although a newer one of its destination has completed.</param>
    /// <param name="cancellation">Ends the waiting for its lock.</param>
    /// <exception cref="SegmentPushException"><c>PushNotFound</c>, <c>PushRunning</c>, <c>NothingToResume</c>, <c>Abandoned</c>, <c>Superseded</c>.</exception>
    public async Task<StartedPush> TakeOverAsync(Guid id, bool evenIfSuperseded, CancellationToken cancellation)
    {
        // Whoever looks whether a push runs holds its lock for a moment.
        for (int i = 0; _alive is null && i < 5; i++)
        {
            _alive = TakeAlive(id);
            if (_alive is null) await Task.Delay(s_lookAgain, _host.Time, cancellation).ConfigureAwait(false);
        }

        var pushes = GetPushes(new PushFilter { Ids = [id] });
        if (pushes.Count == 0) throw NotFound(id);
        if (_alive is null) throw Running(id);

        return WhyNotResumable(pushes[0], evenIfSuperseded) is { } error ? throw error : ReadStarted(pushes[0]);
    }

    /// <summary>The error for a push that runs.</summary>
    public static SegmentPushException Running(Guid id) => new(
        "PushRunning", $"The push {id} is under way in another process.", "Get-PushStatus shows how it stands; wait until it has ended.", id);

    /// <summary>
    /// Takes out the people of a push who are read from its sources again: those at some stages, and those of import files that are lost.
    /// </summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="stages">The stages of people who are read again.</param>
    /// <param name="lostImports">Accepted imports that Marketo does not know, has given up or does not account for, with their new state.</param>
    public void Reopen(long pushKey, IReadOnlyCollection<Stage> stages, IReadOnlyDictionary<int, ImportFileState> lostImports) => Guard(() =>
    {
        // The upload of a file in the state Uploading may still arrive, so its entry stays until it is known that it can't.
        string lost = $"SELECT number FROM import_file WHERE push_key = $key AND (state IN ({(int)ImportFileState.Filling}, {(int)ImportFileState.Uploading}) "
            + $"OR (state = {(int)ImportFileState.Accepted} AND number IN ({string.Join(", ", lostImports.Keys)})))";
        using var transaction = _connection.BeginTransaction();
        Run(transaction, $"""
            DELETE FROM person WHERE push_key = $key AND (stage IN ({string.Join(", ", stages.Select(stage => (int)stage))})
                OR (stage = {(int)Stage.Imported} AND import_number IN ({lost})))
            """, pushKey);
        foreach (var (number, state) in lostImports) Run(transaction, $"UPDATE import_file SET state = {(int)state} WHERE push_key = $key AND number = {number}", pushKey);
        Run(transaction, $"UPDATE import_file SET state = {(int)ImportFileState.Lost} WHERE push_key = $key AND state = {(int)ImportFileState.Filling}", pushKey);
        Run(transaction, """
            UPDATE import_file SET code = NULL, reason = NULL WHERE push_key = $key AND outcome = 0;
            UPDATE push SET state = 0, reason = NULL, ended = NULL WHERE push_key = $key
            """, pushKey);
        transaction.Commit();
        return true;
    });

    // One import at a time goes into a list, so an upload that Marketo accepts proves that the ones before it are over.
    private void LoseUploadsBefore(SqliteTransaction transaction, long pushKey, int number) => Run(
        transaction,
        $"UPDATE import_file SET state = {(int)ImportFileState.Lost} WHERE push_key = $key AND state = {(int)ImportFileState.Uploading} AND number < {number}",
        pushKey);

    /// <summary>Takes people back to the stage Received, because their call was not executed or its answer left them open.</summary>
    public void Unsend(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction();
        using var update = new PersonStatement(
            _connection, "UPDATE person SET sent = NULL, stage = 0 WHERE push_key = ? AND source = ? AND row_number = ? AND stage IN (1, 2, 4)");
        update.Bind(1, pushKey);
        foreach (var (source, row) in rows)
        {
            update.Bind(2, (long)source);
            update.Bind(3, row);
            update.TryRun();
        }

        transaction.Commit();
        return true;
    });

    /// <summary>Takes rows of a push out, whatever their outcome.</summary>
    /// <exception cref="SegmentPushException">It does not hold one of them (<c>SumsDisagree</c>).</exception>
    public void TakeOut(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction();
        using var delete = new PersonStatement(_connection, "DELETE FROM person WHERE push_key = ? AND source = ? AND row_number = ?");
        delete.Bind(1, pushKey);
        var unchanged = new HashSet<(int, long)>();
        foreach (var (source, row) in rows)
        {
            delete.Bind(2, (long)source);
            delete.Bind(3, row);
            if (!delete.TryRun()) unchanged.Add((source, row));
        }

        if (TakeOutUnchanged(transaction, pushKey, unchanged) != unchanged.Count) throw PersonStatement.SettledTwice();
        transaction.Commit();
        return true;
    });

    /// <summary>How many people of a push the journal holds, with outcome or without.</summary>
    public long CountPeople(long pushKey) => Guard(() => Number("SELECT COUNT(*) FROM person WHERE push_key = $key", pushKey) + CountUnchanged(pushKey));

    /// <summary>How many people with an outcome had a change made to their record.</summary>
    public long CountChanges(long pushKey, PersonChange change) => Guard(() => Number(
        $"SELECT COUNT(*) FROM {PersonWithImport} WHERE p.push_key = $key AND {Outcome} <> 0 AND COALESCE(i.change, p.change) = {(int)change}", pushKey));

    /// <summary>The people of a push at a stage, in the order of their rows.</summary>
    public IReadOnlyList<PersonEntry> GetPeople(long pushKey, Stage stage) => Guard(() =>
    {
        using var command = Command(null, $"""
            SELECT source, row_number, identity, change, marketo_id, sent, identity_hash, sent_hash, member_number FROM person
            WHERE push_key = $key AND stage = {(int)stage} ORDER BY source, row_number
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        using var reader = command.ExecuteReader();
        var people = new List<PersonEntry>();
        while (reader.Read())
        {
            people.Add(new PersonEntry(
                reader.GetInt32(0),
                reader.GetInt64(1),
                reader.GetString(2),
                PersonOutcome.NotDelivered,
                (PersonChange)reader.GetInt32(3),
                reader.IsDBNull(4) ? null : reader.GetInt64(4),
                Sent: reader.IsDBNull(5) ? null : new DateTimeOffset(reader.GetInt64(5), TimeSpan.Zero))
            {
                Stage = stage,
                Mark = MarkOf(reader, 6),
            });
        }

        return people;
    });

    /// <summary>Rows of a push that the journal holds, in order, from one on.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="after">The row before the first.</param>
    /// <param name="most">At most so many.</param>
    public IReadOnlyList<(int Source, long Row)> GetRows(long pushKey, (int Source, long Row) after, int most) => Guard<IReadOnlyList<(int, long)>>(() =>
    {
        using var command = Command(null, """
            SELECT source, row_number FROM person WHERE push_key = $key AND (source, row_number) > ($source, $row)
            ORDER BY source, row_number LIMIT $most
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        command.Parameters.AddWithValue("$source", after.Source);
        command.Parameters.AddWithValue("$row", after.Row);
        command.Parameters.AddWithValue("$most", most);
        using var reader = command.ExecuteReader();
        var rows = new List<(int, long)>(most);
        while (reader.Read()) rows.Add((reader.GetInt32(0), reader.GetInt64(1)));
        var unchanged = GetUnchanged(pushKey, after).Take(most).Select(person => (person.Source, person.Row)).ToArray();

        // Each is whole as far as it goes, so both together are as far as the shorter one.
        var end = Min(EndOf(rows), EndOf(unchanged));
        return [.. rows.Concat(unchanged).Where(row => row.CompareTo(end) <= 0).Order()];

        (int, long) EndOf(IReadOnlyList<(int, long)> some) => some.Count < most ? (int.MaxValue, 0) : some[^1];

        static (int, long) Min((int, long) one, (int, long) other) => one.CompareTo(other) < 0 ? one : other;
    });

    /// <summary>The people that a push put on its list or took off it, as far as Marketo said so.</summary>
    public IReadOnlyList<ListEdit> GetListEdits(Guid id) => Guard(() =>
    {
        using var command = Command(null, $"""
            SELECT {Outcome}, CASE WHEN push.identity_form = 0 THEN p.identity ELSE '' END, COALESCE(i.change, p.change), p.marketo_id, p.identity_hash
            FROM {PersonWithImport} JOIN push ON push.push_key = p.push_key
            WHERE push.id = $id AND {Outcome} IN ({(int)PersonOutcome.Added}, {(int)PersonOutcome.Removed})
            ORDER BY p.source, p.row_number
            """);
        command.Parameters.AddWithValue("$id", id.ToString());
        using var reader = command.ExecuteReader();
        var edits = new List<ListEdit>();
        while (reader.Read())
        {
            var hash = reader.IsDBNull(4) ? default : Hash128.Read(reader.GetFieldValue<byte[]>(4));
            edits.Add(new ListEdit(
                (PersonOutcome)reader.GetInt32(0),
                reader.GetString(1),
                (PersonChange)reader.GetInt32(2),
                reader.IsDBNull(3) ? null : reader.GetInt64(3),
                hash.IsZero ? null : hash));
        }

        return edits;
    });

    /// <summary>Ids of the people that a push has taken off its list by now.</summary>
    public IReadOnlySet<long> GetRemovedIds(long pushKey) => Guard(() =>
    {
        using var command = Command(null, $"SELECT marketo_id FROM person WHERE push_key = $key AND outcome = {(int)PersonOutcome.Removed} AND marketo_id IS NOT NULL");
        command.Parameters.AddWithValue("$key", pushKey);
        using var reader = command.ExecuteReader();
        var ids = new HashSet<long>();
        while (reader.Read()) ids.Add(reader.GetInt64(0));
        return ids;
    });

    /// <summary>What became of rows of a push by now. Rows without an entry of their own are unchanged members.</summary>
    public IReadOnlyDictionary<(int Source, long Row), (PersonOutcome Outcome, PersonChange Change)> GetOutcomes(
        long pushKey, IReadOnlyCollection<(int Source, long Row)> rows) => Guard(() =>
    {
        using var command = Command(null, $"""
            SELECT {Outcome}, COALESCE(i.change, p.change) FROM {PersonWithImport}
            WHERE p.push_key = $key AND p.source = $source AND p.row_number = $row
            """);
        command.Parameters.AddWithValue("$key", pushKey);
        var source = command.Parameters.AddWithValue("$source", 0);
        var row = command.Parameters.AddWithValue("$row", 0L);
        var found = new Dictionary<(int, long), (PersonOutcome, PersonChange)>(rows.Count);
        foreach (var place in rows)
        {
            (source.Value, row.Value) = place;
            using var reader = command.ExecuteReader();
            found[place] = reader.Read()
                ? ((PersonOutcome)reader.GetInt32(0), (PersonChange)reader.GetInt32(1))
                : (PersonOutcome.AlreadyMember, PersonChange.Unchanged);
        }

        return found;
    });

    /// <summary>The last row of a source of a push that the journal holds; 0 where it holds none.</summary>
    public long GetLastRow(long pushKey, int source) => Guard(() => Number(
        $"SELECT COALESCE(MAX(row_number), 0) FROM person WHERE push_key = $key AND source = {source}", pushKey));

    /// <summary>Names of the files beside the journal that keep the rows of pushes, and whether their push may still be resumed.</summary>
    public IReadOnlyDictionary<string, bool> GetSpools() => Guard(() =>
    {
        using var command = Command(
            null,
            $"SELECT spool, state NOT IN ({(int)PushState.Completed}, {(int)PushState.Abandoned}) AND NOT (state = {(int)PushState.Failed} AND has_begun = 0) "
            + $"AND COALESCE(error_id, '') NOT IN ('{string.Join("', '", SegmentPushException.FinalErrors)}') FROM push_source JOIN push USING (push_key) WHERE spool IS NOT NULL");
        using var reader = command.ExecuteReader();
        var spools = new Dictionary<string, bool>(StringComparer.Ordinal);
        while (reader.Read()) spools[reader.GetString(0)] = reader.GetBoolean(1);
        return spools;
    });

    /// <summary>What a push was to do.</summary>
    public StartedPush ReadStarted(PushStatus status) => Guard(() =>
    {
        using var command = Command(null, "SELECT push_key, request, identity_form FROM push WHERE id = $id");
        command.Parameters.AddWithValue("$id", status.Id.ToString());
        using var reader = command.ExecuteReader();
        reader.Read();
        long key = reader.GetInt64(0);
        if ((JournalIdentity)reader.GetInt32(2) == JournalIdentity.Hash) _hash = IdentityHash.Open(Folder);
        using var sources = Command(null, "SELECT name, form, description, spool FROM push_source WHERE push_key = $key ORDER BY source");
        sources.Parameters.AddWithValue("$key", key);
        using var source = sources.ExecuteReader();
        var found = new List<JournalSource>();
        while (source.Read()) found.Add(new JournalSource(source.GetString(0), StringOrNull(source, 1), StringOrNull(source, 2), StringOrNull(source, 3)));
        return new StartedPush(key, status, StringOrNull(reader, 1), found);
    });
}
