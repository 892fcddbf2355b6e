using SegmentPush.Lists;

namespace SegmentPush.Journal.Sql;

/// <summary>Keeps destinations in the journal's tables.</summary>
internal sealed class DestinationStore(ISqlSession session, IJournalLocks locks) : IDestinationStore
{
    /// <inheritdoc/>
    public IReadOnlyList<DestinationEntry> GetAll() => session.Read(() => session.Query(
        """
        SELECT destination_key, name, definition, created, changed, snapshot_key, segment_people, segment_ends_with_line
        FROM destination ORDER BY folded_name
        """,
        row => new DestinationEntry(row.GetInt64(0), row.GetString(1), row.GetString(2), row.TimeOrNull(3)!.Value, row.TimeOrNull(4)!.Value)
        {
            SnapshotKey = row.NumberOrNull(5),
            SegmentPeople = row.NumberOrNull(6),
            SegmentEndsWithLine = row.IsDBNull(7) ? null : row.Flag(7),
        }));

    /// <inheritdoc/>
    public DestinationEntry? Find(string name) =>
        GetAll().FirstOrDefault(entry => DestinationEntry.Fold(entry.Name) == DestinationEntry.Fold(name));

    /// <inheritdoc/>
    public IReadOnlyList<string> GetPushedNames() => session.Read(() =>
        session.Query("SELECT DISTINCT destination FROM push WHERE destination IS NOT NULL", row => row.GetString(0)));

    /// <inheritdoc/>
    public void Save(string name, string definition, DateTimeOffset now, SnapshotKey? snapshot, bool isMoved) => session.Write(() =>
    {
        session.LockDestinations(isShared: false);
        if (isMoved) CheckNotPushed(name);
        long key = session.Count(
            """
            INSERT INTO destination (name, folded_name, definition, created, changed) VALUES (@name, @folded, @definition, @now, @now)
            ON CONFLICT (folded_name) DO UPDATE SET name = excluded.name, definition = excluded.definition, changed = excluded.changed
            RETURNING destination_key
            """,
            ("@name", name),
            ("@folded", DestinationEntry.Fold(name)),
            ("@definition", definition),
            ("@now", now.UtcTicks));
        if (!isMoved) return;
        LeaveSnapshot(name);
        session.Run(
            """
            UPDATE destination SET segment_people = NULL, segment_ends_with_line = NULL, snapshot_key =
                (SELECT snapshot_key FROM snapshot WHERE instance = @instance AND list_id = @list AND identity_field = @field)
            WHERE destination_key = @key
            """,
            ("@key", key),
            ("@instance", snapshot?.Instance),
            ("@list", snapshot?.ListId),
            ("@field", snapshot?.IdentityField));
    });

    /// <inheritdoc/>
    public void ReferToSnapshot(long destinationKey, long snapshotKey) => session.Write(() => session.Run(
        "UPDATE destination SET snapshot_key = @snapshot WHERE destination_key = @key", ("@key", destinationKey), ("@snapshot", snapshotKey)));

    /// <inheritdoc/>
    public void EndSegment(long destinationKey, long people, bool? endsWithLine) => session.Write(() => session.Run(
        "UPDATE destination SET segment_people = @people, segment_ends_with_line = @ends WHERE destination_key = @key",
        ("@key", destinationKey),
        ("@people", people),
        ("@ends", endsWithLine)));

    /// <inheritdoc/>
    public void Remove(string name) => session.Write(() =>
    {
        session.LockDestinations(isShared: false);
        CheckNotPushed(name);
        LeaveSnapshot(name);
        session.Run("DELETE FROM destination WHERE folded_name = @folded", ("@folded", DestinationEntry.Fold(name)));
    });

    // A snapshot that no destination refers to would not be kept in step with its list any more. A push that may be resumed needs it until then.
    private void LeaveSnapshot(string name)
    {
        var left = session.Query("SELECT snapshot_key FROM destination WHERE folded_name = @folded", row => row.NumberOrNull(0), ("@folded", DestinationEntry.Fold(name)));
        session.Run("UPDATE destination SET snapshot_key = NULL WHERE folded_name = @folded", ("@folded", DestinationEntry.Fold(name)));
        if (left is not [{ } key]) return;
        session.Run($"DELETE FROM snapshot WHERE snapshot_key = @key AND {SnapshotTable.IsUnused}", ("@key", key), ("@except", Guid.Empty.ToString()));
    }

    // A push enters itself before it looks for its destination. So it is found here, or it finds what is done here.
    private void CheckNotPushed(string name)
    {
        var running = session.Query(
            $"SELECT id, destination FROM push WHERE state = {(int)PushState.Running} AND destination IS NOT NULL",
            row => (Id: row.Id(0), Destination: row.GetString(1)));
        foreach (var (id, destination) in running)
        {
            if (DestinationEntry.Fold(destination) == DestinationEntry.Fold(name) && locks.IsHeld(PushHistory.LockOf(id))) throw PushErrors.DestinationBusy(name, id);
        }
    }
}
