using System.Globalization;
using Microsoft.Data.Sqlite;
using SegmentPush.Lists;

namespace SegmentPush.Journal;

/// <content>Saved destinations.</content>
internal sealed partial class PushJournal
{
    /// <summary>All destinations, by name.</summary>
    public IReadOnlyList<DestinationEntry> GetDestinations() => Guard(() =>
    {
        using var command = Command(null, """
            SELECT destination_key, name, definition, created, changed, snapshot_key, segment_people, segment_ends_with_line
            FROM destination ORDER BY folded_name
            """);
        using var reader = command.ExecuteReader();
        var destinations = new List<DestinationEntry>();
        while (reader.Read())
        {
            destinations.Add(new DestinationEntry(
                reader.GetInt64(0),
                reader.GetString(1),
                reader.GetString(2),
                new DateTimeOffset(reader.GetInt64(3), TimeSpan.Zero),
                new DateTimeOffset(reader.GetInt64(4), TimeSpan.Zero))
            {
                SnapshotKey = reader.IsDBNull(5) ? null : reader.GetInt64(5),
                SegmentPeople = reader.IsDBNull(6) ? null : reader.GetInt64(6),
                SegmentEndsWithLine = reader.IsDBNull(7) ? null : reader.GetBoolean(7),
            });
        }

        return destinations;
    });

    /// <summary>Names of the destinations that pushes were for, saved still or not.</summary>
    public IReadOnlyList<string> GetPushedDestinations() => Guard(() =>
    {
        using var command = Command(null, "SELECT DISTINCT destination FROM push WHERE destination IS NOT NULL");
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read()) names.Add(reader.GetString(0));
        return names;
    });

    /// <summary>A destination by its name, compared without case; null where there is none.</summary>
    public DestinationEntry? FindDestination(string name) => GetDestinations().FirstOrDefault(entry => Fold(entry.Name) == Fold(name));

    /// <summary>Saves a destination, in the place of the one with this name if there is one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="definition">What it is.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="snapshot">Its list and identity field: it takes the snapshot of these.</param>
    /// <param name="isMoved">Whether list or identity field are others than before, or it is new.</param>
    /// <exception cref="SegmentPushException">It moves, and is being pushed to (<c>DestinationBusy</c>).</exception>
    public void SaveDestination(string name, string definition, DateTimeOffset now, SnapshotKey? snapshot, bool isMoved) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        if (isMoved) CheckNotPushed(transaction, name);
        using var command = Command(transaction, """
            INSERT INTO destination (name, folded_name, definition, created, changed) VALUES ($name, $folded, $definition, $now, $now)
            ON CONFLICT (folded_name) DO UPDATE SET name = excluded.name, definition = excluded.definition, changed = excluded.changed
            RETURNING destination_key
            """);
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$folded", Fold(name));
        command.Parameters.AddWithValue("$definition", definition);
        command.Parameters.AddWithValue("$now", now.UtcTicks);
        long key = (long)command.ExecuteScalar()!;
        if (isMoved)
        {
            ForgetOwnSnapshot(transaction, name);
            using var moved = Command(transaction, """
                UPDATE destination SET segment_people = NULL, segment_ends_with_line = NULL, snapshot_key =
                    (SELECT snapshot_key FROM snapshot WHERE instance = $instance AND list_id = $list AND identity_field = $field)
                WHERE destination_key = $key
                """);
            moved.Parameters.AddWithValue("$key", key);
            moved.Parameters.AddWithValue("$instance", OrNull(snapshot?.Instance));
            moved.Parameters.AddWithValue("$list", OrNull(snapshot?.ListId));
            moved.Parameters.AddWithValue("$field", OrNull(snapshot?.IdentityField));
            moved.ExecuteNonQuery();
        }

        transaction.Commit();
        return true;
    });

    /// <summary>Notes which snapshot a destination refers to, once its list was read.</summary>
    public void ReferToSnapshot(long destinationKey, long snapshotKey) => Guard(() =>
    {
        using var command = Command(null, "UPDATE destination SET snapshot_key = $snapshot WHERE destination_key = $key");
        command.Parameters.AddWithValue("$key", destinationKey);
        command.Parameters.AddWithValue("$snapshot", snapshotKey);
        return command.ExecuteNonQuery();
    });

    /// <summary>Takes a destination out, and its snapshot with it unless another destination refers to that one.</summary>
    /// <exception cref="SegmentPushException">It is being pushed to (<c>DestinationBusy</c>).</exception>
    public void RemoveDestination(string name) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        CheckNotPushed(transaction, name);
        ForgetOwnSnapshot(transaction, name);
        using var command = Command(transaction, "DELETE FROM destination WHERE folded_name = $folded");
        command.Parameters.AddWithValue("$folded", Fold(name));
        command.ExecuteNonQuery();
        transaction.Commit();
        return true;
    });

    /// <summary>Notes what a destination's segment was like, once it has been pushed completely.</summary>
    /// <param name="destinationKey">The destination.</param>
    /// <param name="people">How many people it had.</param>
    /// <param name="endsWithLine">Whether its file ended with a line end; null where it was no file.</param>
    public void EndSegment(long destinationKey, long people, bool? endsWithLine) => Guard(() =>
    {
        using var command = Command(null, "UPDATE destination SET segment_people = $people, segment_ends_with_line = $ends WHERE destination_key = $key");
        command.Parameters.AddWithValue("$key", destinationKey);
        command.Parameters.AddWithValue("$people", people);
        command.Parameters.AddWithValue("$ends", OrNull(endsWithLine));
        return command.ExecuteNonQuery();
    });

    /// <summary>Keeps the proof of a push.</summary>
    public void SaveReceipt(long pushKey, string receipt) => Guard(() =>
    {
        using var command = Command(null, "UPDATE push SET receipt = $receipt WHERE push_key = $key");
        command.Parameters.AddWithValue("$key", pushKey);
        command.Parameters.AddWithValue("$receipt", receipt);
        return command.ExecuteNonQuery();
    });

    /// <summary>The proof of a push; null where it has none.</summary>
    public string? GetReceipt(Guid id) => Guard(() =>
    {
        using var command = Command(null, "SELECT receipt FROM push WHERE id = $id");
        command.Parameters.AddWithValue("$id", id.ToString());
        return command.ExecuteScalar() as string;
    });

    // What was known of a list is not looked after any more once no destination refers to it.
    private void ForgetOwnSnapshot(SqliteTransaction transaction, string name)
    {
        using var command = Command(transaction, """
            DELETE FROM snapshot WHERE snapshot_key = (SELECT snapshot_key FROM destination WHERE folded_name = $folded)
                AND NOT EXISTS (SELECT 1 FROM destination other WHERE other.snapshot_key = snapshot.snapshot_key AND other.folded_name <> $folded)
            """);
        command.Parameters.AddWithValue("$folded", Fold(name));
        command.ExecuteNonQuery();
    }

    // A push enters itself before it looks for its destination. So it is found here, or it finds what is done here.
    private void CheckNotPushed(SqliteTransaction transaction, string name)
    {
        using var command = Command(transaction, $"SELECT id, destination FROM push WHERE state = {(int)PushState.Running} AND destination IS NOT NULL");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var id = Guid.Parse(reader.GetString(0), CultureInfo.InvariantCulture);
            if (Fold(reader.GetString(1)) != Fold(name) || !JournalLock.IsHeld(Folder, Alive(id))) continue;
            throw new SegmentPushException(
                "DestinationBusy",
                $"The destination '{name}' is being pushed to by the push {id}.",
                "Wait until that push has ended (Get-PushStatus shows it), or stop it.",
                name);
        }
    }

    // SQLite folds the case of ASCII only.
    private static string Fold(string name) => name.Trim().ToUpperInvariant();
}
