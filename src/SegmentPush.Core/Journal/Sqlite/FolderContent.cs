using Microsoft.Data.Sqlite;
using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Sqlite;

/// <summary>All that a journal in a folder holds, as it was when the first table was read.</summary>
internal sealed class FolderContent : IJournalContent
{
    private readonly string _folder;
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _moment;

    public FolderContent(string folder)
    {
        _folder = folder;
        _connection = JournalFile.Open(folder);
        _moment = _connection.BeginTransaction(deferred: true);
    }

    /// <inheritdoc/>
    public byte[]? IdentityKey
    {
        get
        {
            using var hash = IdentityHash.OpenExisting(_folder);
            return hash?.Key.ToArray();
        }
    }

    /// <inheritdoc/>
    public void Read(string table, IReadOnlyList<string> columns, Action<object?[]> read) => JournalFile.MapErrors(JournalFile.PathIn(_folder), () =>
    {
        using var command = _connection.CreateCommand();
        command.Transaction = _moment;
#pragma warning disable CA2100 // The names are those of the schema.
        command.CommandText = $"SELECT {string.Join(", ", columns)} FROM {table}";
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var values = new object?[columns.Count];
        while (reader.Read())
        {
            for (int i = 0; i < values.Length; i++) values[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            read(values);
        }

        return true;
    });

    public void Dispose()
    {
        _moment.Dispose();
        _connection.Dispose();
    }
}
