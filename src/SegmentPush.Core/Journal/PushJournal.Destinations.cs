using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal;

/// <content>Saved destinations.</content>
internal sealed partial class PushJournal
{
    /// <summary>All destinations, by name.</summary>
    public IReadOnlyList<DestinationEntry> GetDestinations() => Guard(() =>
    {
        using var command = Command(null, """
            SELECT destination_key, name, definition, created, changed, is_seeded, segment_people, segment_ends_with_line
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
                IsSeeded = reader.GetBoolean(5),
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
    /// <param name="keepsMembers">Whether the snapshot still holds: list and identity are what they were.</param>
    /// <exception cref="SegmentPushException">The snapshot does not hold any more, and a push keeps it (<c>DestinationBusy</c>).</exception>
    public void SaveDestination(string name, string definition, DateTimeOffset now, bool keepsMembers) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        if (!keepsMembers) CheckNotPushed(transaction, name);
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
        if (!keepsMembers)
        {
            Run(transaction, "DELETE FROM member WHERE destination_key = $key", key);
            Run(transaction, "UPDATE destination SET is_seeded = 0, segment_people = NULL, segment_ends_with_line = NULL WHERE destination_key = $key", key);
        }

        transaction.Commit();
        return true;
    });

    /// <summary>Takes a destination out, and its snapshot with it.</summary>
    /// <exception cref="SegmentPushException">It is being pushed to (<c>DestinationBusy</c>).</exception>
    public void RemoveDestination(string name) => Guard(() =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        CheckNotPushed(transaction, name);
        using var command = Command(transaction, "DELETE FROM destination WHERE folded_name = $folded");
        command.Parameters.AddWithValue("$folded", Fold(name));
        command.ExecuteNonQuery();
        transaction.Commit();
        return true;
    });

    /// <summary>Notes what a destination's segment was like, once it has been pushed completely; people who left long ago are forgotten.</summary>
    /// <param name="destinationKey">The destination.</param>
    /// <param name="people">How many people it had.</param>
    /// <param name="endsWithLine">Whether its file ended with a line end; null where it was no file.</param>
    /// <param name="forgetBefore">Who left before this moment is forgotten.</param>
    public void EndSegment(long destinationKey, long people, bool? endsWithLine, DateTimeOffset forgetBefore) => Guard(() =>
    {
        using var command = Command(null, """
            UPDATE destination SET segment_people = $people, segment_ends_with_line = $ends WHERE destination_key = $key;
            DELETE FROM member WHERE destination_key = $key AND left_at < $before
            """);
        command.Parameters.AddWithValue("$key", destinationKey);
        command.Parameters.AddWithValue("$people", people);
        command.Parameters.AddWithValue("$ends", OrNull(endsWithLine));
        command.Parameters.AddWithValue("$before", forgetBefore.UtcTicks);
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
