using SegmentPush.Lists;

namespace SegmentPush.Journal.Sql;

/// <summary>Writes how people of a push stand into the journal's tables.</summary>
internal sealed class OutcomeStore(
    ISqlSession session, IPersonWriter people, UnchangedStore unchanged, ImportStore imports, ISnapshotFollower snapshots) : IOutcomeStore
{
    /// <inheritdoc/>
    public void Write(long pushKey, params IReadOnlyList<OutcomeBatch> batches) => session.Write(() =>
    {
        foreach (var batch in batches) Write(pushKey, batch);
        var status = batches[^1].Status;
        session.Run(PushSql.Update(session.MachineUpdate), [.. PushSql.ValuesOfProgress(status), ("@machine", status.Machine), ("@key", pushKey)]);
        CountCalls(pushKey, status);
        if (batches.Max(batch => batch.CreateSent) is { } sent)
            session.Run("UPDATE push SET create_sent = @sent WHERE push_key = @key", ("@key", pushKey), ("@sent", sent.UtcTicks));
    });

    private void Write(long pushKey, OutcomeBatch batch)
    {
        if (batch.Import is { } import)
        {
            imports.Write(pushKey, import);
            if (import.State == ImportFileState.Accepted) LoseUploadsBefore(pushKey, import.Number);
            if (import.State == ImportFileState.Uploading) snapshots.DoubtImport(pushKey, import);
        }

        if (batch.Imported is { } imported) people.AddImported(pushKey, batch.Import!.Number, imported);
        else people.Add(pushKey, batch.People);
        people.Remark(pushKey, batch.Remarks);
        if (batch.Import is { State: ImportFileState.Settled } settled) snapshots.FollowImport(pushKey, settled);
        unchanged.Add(pushKey, batch.Unchanged);
    }

    /// <inheritdoc/>
    public void Unsend(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows) => session.Write(() => people.Unsend(pushKey, rows));

    /// <inheritdoc/>
    public void SettleAnew(long pushKey, IReadOnlyCollection<PersonEntry> entries) => session.Write(() =>
    {
        var others = people.SettleAnew(pushKey, entries);
        TakeOutUnchanged(pushKey, others.Select(person => (person.Source, person.Row)).ToHashSet());
        people.Add(pushKey, others);
    });

    /// <inheritdoc/>
    public void TellMembers(long pushKey, SnapshotGeneration generation, IReadOnlyList<int> members)
    {
        if (members.Count == 0) return;
        session.Write(() => session.Run(
            $"""
            UPDATE person SET {session.SetMemberNumber("m.member_number")} FROM snapshot_member m
            WHERE m.snapshot_key = @snapshot AND m.member_number IN ({string.Join(", ", members)})
                AND person.push_key = @key AND person.import_number IS NOT NULL AND person.member_number IS NULL AND person.identity_hash = m.identity_hash
            """,
            ("@key", pushKey),
            ("@snapshot", generation.Key)));
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> TellAdded(long pushKey, IReadOnlyList<int> members)
    {
        if (members.Count == 0) return [];
        string these = $"push_key = @key AND import_number IS NOT NULL AND member_number IN ({string.Join(", ", members)})";
        List<int> told = [];
        session.Write(() =>
        {
            told = session.Query($"SELECT member_number FROM person WHERE {these}", row => row.GetInt32(0), ("@key", pushKey));
            session.Run($"UPDATE person SET {session.SetMemberNumber("NULL")} WHERE {these}", ("@key", pushKey));
        });
        return told;
    }

    /// <inheritdoc/>
    public void TakeBack(long pushKey, IReadOnlyCollection<PersonEntry> entries) => session.Write(() =>
    {
        unchanged.TakeOut(pushKey, people.TakeOut(pushKey, [.. entries.Select(person => (person.Source, person.Row))]).ToHashSet());
        people.Add(pushKey, entries);
    });

    /// <inheritdoc/>
    public void TakeOut(long pushKey, IReadOnlyCollection<(int Source, long Row)> rows) =>
        session.Write(() => TakeOutUnchanged(pushKey, people.TakeOut(pushKey, rows).ToHashSet()));

    /// <inheritdoc/>
    public void Reopen(long pushKey, IReadOnlyCollection<Stage> stages, IReadOnlyDictionary<int, ImportFileState> lostImports) => session.Write(() =>
    {
        // The upload of a file in the state Uploading may still arrive, so its entry stays until it is known that it can't.
        string accepted = lostImports.Count == 0 ? string.Empty : $" OR (state = {(int)ImportFileState.Accepted} AND number IN ({string.Join(", ", lostImports.Keys)}))";
        string lost = $"SELECT number FROM import_file WHERE push_key = @key AND (state IN ({(int)ImportFileState.Filling}, {(int)ImportFileState.Uploading}){accepted})";
        string atStage = string.Concat(stages.Select(stage => $"{StageColumn.Is(stage)} OR "));
        Run($"DELETE FROM person WHERE push_key = @key AND ({atStage}(stage = {(int)Stage.Imported} AND import_number IN ({lost})))");
        foreach (var (number, state) in lostImports) Run($"UPDATE import_file SET state = {(int)state} WHERE push_key = @key AND number = {number}");
        Run($"UPDATE import_file SET state = {(int)ImportFileState.Lost} WHERE push_key = @key AND state = {(int)ImportFileState.Filling}");
        Run("UPDATE import_file SET code = NULL, reason = NULL WHERE push_key = @key AND outcome = 0");
        Run("UPDATE push SET state = 0, reason = NULL, ended = NULL WHERE push_key = @key");

        void Run(string sql) => session.Run(sql, ("@key", pushKey));
    });

    // The last number of calls of each window of 20 seconds, from the push's start on.
    private void CountCalls(long pushKey, PushStatus status)
    {
        long window = PaceRules.MarketoWindow.Ticks;
        session.Run(
            """
            INSERT INTO call_count (push_key, began, calls, per_window) VALUES (@key, @began, @calls, @permitted)
            ON CONFLICT (push_key, began) DO UPDATE SET calls = excluded.calls, per_window = excluded.per_window
            """,
            ("@key", pushKey),
            ("@began", status.Started.UtcTicks + (Math.Max(0, status.Duration.Ticks) / window * window)),
            ("@calls", status.Calls),
            ("@permitted", status.CallsPer20Seconds));
    }

    // One import at a time goes into a list, so an upload that Marketo accepts proves that the ones before it are over.
    private void LoseUploadsBefore(long pushKey, int number) => session.Run(
        $"UPDATE import_file SET state = {(int)ImportFileState.Lost} WHERE push_key = @key AND state = {(int)ImportFileState.Uploading} AND number < @number",
        ("@key", pushKey),
        ("@number", number));

    private void TakeOutUnchanged(long pushKey, HashSet<(int Source, long Row)> rows)
    {
        if (unchanged.TakeOut(pushKey, rows) != rows.Count) throw PushErrors.SettledTwice();
    }
}
