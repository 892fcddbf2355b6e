namespace SegmentPush.Journal.Sqlite;

/// <summary>Writes how people of a push stand into the journal's file.</summary>
internal sealed class OutcomeStore(
    JournalSession session, PersonWriter writer, UnchangedStore unchanged, ImportStore imports, SnapshotStore snapshots) : IOutcomeStore
{
    /// <inheritdoc/>
    public void Write(long pushKey, OutcomeBatch batch) => session.InTransaction(() =>
    {
        if (batch.Import is { } import)
        {
            imports.Write(pushKey, import);
            if (import.State == ImportFileState.Accepted) LoseUploadsBefore(pushKey, import.Number);
        }

        if (batch.Imported is { } imported) writer.AddImported(pushKey, batch.Import!.Number, imported);
        else writer.Add(pushKey, batch.People);
        if (batch.Import is { State: ImportFileState.Settled } settled) snapshots.FollowImport(pushKey, settled);
        unchanged.Add(pushKey, batch.Unchanged);
        Update(pushKey, batch.Status);
        if (batch.CreateSent is { } sent) session.Execute("UPDATE push SET create_sent = $sent WHERE push_key = $key", ("$key", pushKey), ("$sent", sent.UtcTicks));
    });

    /// <inheritdoc/>
    public void Unsend(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows) => session.InTransaction(() =>
    {
        using var update = session.Prepare("UPDATE person SET sent = NULL, stage = 0 WHERE push_key = ? AND source = ? AND row_number = ? AND stage IN (1, 2, 4)");
        update.Bind(1, pushKey);
        foreach (var (source, row) in rows)
        {
            update.Bind(2, (long)source);
            update.Bind(3, row);
            update.TryRun();
        }
    });

    /// <inheritdoc/>
    public void SettleAnew(long pushKey, IReadOnlyCollection<PersonEntry> people) => session.InTransaction(() =>
    {
        using var statements = snapshots.OpenFollowed();
        var unchangedPeople = new List<PersonEntry>();
        foreach (var person in people)
        {
            int changed = session.Execute(
                """
                UPDATE person SET outcome = $outcome, change = $change, marketo_id = $id, code = $code, reason = $reason, import_number = NULL, stage = 5
                WHERE push_key = $key AND source = $source AND row_number = $row
                    AND (import_number IS NOT NULL OR outcome IN (1, 2)) AND (import_number IS NOT NULL OR stage = 5)
                """,
                ("$key", pushKey),
                ("$source", person.Source),
                ("$row", person.Row),
                ("$outcome", (int)person.Outcome),
                ("$change", (int)person.Change),
                ("$id", person.MarketoId),
                ("$code", person.Code),
                ("$reason", person.Reason));
            if (changed == 0) unchangedPeople.Add(person);
            else statements?.Apply(person);
        }

        TakeOutUnchanged(pushKey, unchangedPeople.Select(person => (person.Source, person.Row)).ToHashSet());
        writer.Add(pushKey, unchangedPeople);
    });

    /// <inheritdoc/>
    public void TakeOut(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows) => session.InTransaction(() =>
    {
        using var delete = session.Prepare("DELETE FROM person WHERE push_key = ? AND source = ? AND row_number = ?");
        delete.Bind(1, pushKey);
        var others = new HashSet<(int, long)>();
        foreach (var (source, row) in rows)
        {
            delete.Bind(2, (long)source);
            delete.Bind(3, row);
            if (!delete.TryRun()) others.Add((source, row));
        }

        TakeOutUnchanged(pushKey, others);
    });

    /// <inheritdoc/>
    public void Reopen(long pushKey, IReadOnlyCollection<Stage> stages, IReadOnlyDictionary<int, ImportFileState> lostImports) => session.InTransaction(() =>
    {
        // The upload of a file in the state Uploading may still arrive, so its entry stays until it is known that it can't.
        string lost = $"SELECT number FROM import_file WHERE push_key = $key AND (state IN ({(int)ImportFileState.Filling}, {(int)ImportFileState.Uploading}) "
            + $"OR (state = {(int)ImportFileState.Accepted} AND number IN ({string.Join(", ", lostImports.Keys)})))";
        Run($"""
            DELETE FROM person WHERE push_key = $key AND (stage IN ({string.Join(", ", stages.Select(stage => (int)stage))})
                OR (stage = {(int)Stage.Imported} AND import_number IN ({lost})))
            """);
        foreach (var (number, state) in lostImports) Run($"UPDATE import_file SET state = {(int)state} WHERE push_key = $key AND number = {number}");
        Run($"UPDATE import_file SET state = {(int)ImportFileState.Lost} WHERE push_key = $key AND state = {(int)ImportFileState.Filling}");
        Run("""
            UPDATE import_file SET code = NULL, reason = NULL WHERE push_key = $key AND outcome = 0;
            UPDATE push SET state = 0, reason = NULL, ended = NULL WHERE push_key = $key
            """);

        void Run(string sql) => session.Execute(sql, ("$key", pushKey));
    });

    private void Update(long pushKey, PushStatus status)
    {
        using var command = session.Command(PushRow.Update, ("$key", pushKey));
        PushRow.AddProgress(command, status);
        command.ExecuteNonQuery();
        CountCalls(pushKey, status);
    }

    // The last number of calls of each window of 20 seconds, from the push's start on.
    private void CountCalls(long pushKey, PushStatus status)
    {
        long window = PaceRules.MarketoWindow.Ticks;
        session.Execute(
            """
            INSERT INTO call_count (push_key, began, calls, per_window) VALUES ($key, $began, $calls, $permitted)
            ON CONFLICT (push_key, began) DO UPDATE SET calls = excluded.calls, per_window = excluded.per_window
            """,
            ("$key", pushKey),
            ("$began", status.Started.UtcTicks + (Math.Max(0, status.Duration.Ticks) / window * window)),
            ("$calls", status.Calls),
            ("$permitted", status.CallsPer20Seconds));
    }

    // One import at a time goes into a list, so an upload that Marketo accepts proves that the ones before it are over.
    private void LoseUploadsBefore(long pushKey, int number) => session.Execute(
        $"UPDATE import_file SET state = {(int)ImportFileState.Lost} WHERE push_key = $key AND state = {(int)ImportFileState.Uploading} AND number < $number",
        ("$key", pushKey),
        ("$number", number));

    private void TakeOutUnchanged(long pushKey, HashSet<(int Source, long Row)> rows)
    {
        if (unchanged.TakeOut(pushKey, rows) != rows.Count) throw PushErrors.SettledTwice();
    }
}
