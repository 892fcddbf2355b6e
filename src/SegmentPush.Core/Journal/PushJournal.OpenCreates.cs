using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal;

/// <content>What pushes have begun that may still create people in Marketo.</content>
internal sealed partial class PushJournal
{
    // As long as Marketo keeps the number of an import.
    private static readonly TimeSpan s_importsStay = TimeSpan.FromDays(7);

    /// <summary>When the last call of other pushes was sent that can create people and whose answer is not known; null where there is none.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="except">The push that asks.</param>
    /// <param name="since">Only calls since this moment, by Marketo's clock.</param>
    public DateTimeOffset? FindLastCreate(string instance, Guid except, DateTimeOffset since) => Guard(() =>
    {
        using var command = Command(null, $"""
            SELECT MAX(create_sent) FROM push WHERE instance = $instance AND id <> $except AND create_sent > $since
                AND EXISTS (SELECT 1 FROM person WHERE person.push_key = push.push_key AND stage = {(int)Stage.Sent})
            """);
        command.Parameters.AddWithValue("$instance", instance);
        command.Parameters.AddWithValue("$except", except.ToString());
        command.Parameters.AddWithValue("$since", since.UtcTicks);
        return command.ExecuteScalar() is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
    });

    /// <summary>Notes that no call of other pushes can create people any more.</summary>
    public void ForgetCreates(string instance, Guid except) => Guard(() =>
    {
        using var command = Command(null, "UPDATE push SET create_sent = NULL WHERE instance = $instance AND id <> $except AND create_sent IS NOT NULL");
        command.Parameters.AddWithValue("$instance", instance);
        command.Parameters.AddWithValue("$except", except.ToString());
        return command.ExecuteNonQuery();
    });

    /// <summary>Imports of other pushes that can create people and may still be under way.</summary>
    public IReadOnlyList<OpenImport> GetOpenImports(string instance, Guid except) => Guard(() =>
    {
        using var command = Command(null, $"""
            SELECT push_key, id, number, list_id, batch_id FROM import_file JOIN push USING (push_key)
            WHERE instance = $instance AND id <> $except AND person_creation = {(int)PersonCreation.MatchExistingAndCreateMissing}
                AND lookup_field <> 'id' AND is_over = 0 AND import_file.state IN ({(int)ImportFileState.Uploading}, {(int)ImportFileState.Accepted})
                AND COALESCE(uploaded, touched) > $since
            ORDER BY push_key, number
            """);
        command.Parameters.AddWithValue("$instance", instance);
        command.Parameters.AddWithValue("$except", except.ToString());
        command.Parameters.AddWithValue("$since", (Now - s_importsStay).UtcTicks);
        using var reader = command.ExecuteReader();
        var imports = new List<OpenImport>();
        while (reader.Read())
        {
            imports.Add(new OpenImport(
                reader.GetInt64(0),
                Guid.Parse(reader.GetString(1), CultureInfo.InvariantCulture),
                reader.GetInt32(2),
                reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetInt64(4)));
        }

        return imports;
    });

    /// <summary>Notes that an import is over. Its push finds out how it ended.</summary>
    public void EndImport(OpenImport import) => Guard(() =>
    {
        using var command = Command(null, "UPDATE import_file SET is_over = 1 WHERE push_key = $key AND number = $number");
        command.Parameters.AddWithValue("$key", import.PushKey);
        command.Parameters.AddWithValue("$number", import.Number);
        return command.ExecuteNonQuery();
    });
}
