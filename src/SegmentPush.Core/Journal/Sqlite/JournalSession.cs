using System.Data.Common;
using Microsoft.Data.Sqlite;
using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Sqlite;

/// <summary>The open file of a journal, which the stores of one process share. It serves one thread at a time.</summary>
internal sealed class JournalSession(SqliteConnection connection, string path, ProcessHost host) : ISqlSession, IDisposable
{
    // More than the stores have texts of their own; texts with lists of numbers in them come once.
    private const int MostIdle = 100;

    private readonly Dictionary<string, SqliteCommand> _idle = [];
    private SqliteTransaction? _transaction;

    /// <inheritdoc/>
    public DateTimeOffset Now => host.Time.GetUtcNow();

    /// <inheritdoc/>
    public T Read<T>(Func<T> work) => JournalFile.MapErrors(path, work, host);

    /// <inheritdoc/>
    public void Write(Action work) => Read(() =>
    {
        // It locks the file for writing at once: what it reads must still hold when it writes, and SQLite waits for others at no later time.
        using var transaction = connection.BeginTransaction(deferred: false);
        _transaction = transaction;
        try
        {
            work();
            transaction.Commit();
            return true;
        }
        finally
        {
            _transaction = null;
        }
    });

    // SQLite compiles a text once, and a command that comes again runs at once. While it runs it is not idle, so that its own text can run inside it.
    private T Use<T>(string sql, ReadOnlySpan<(string Name, object? Value)> values, Func<SqliteCommand, T> use)
    {
        if (!_idle.Remove(sql, out var command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of the stores; every value is a parameter or a number.
            command.CommandText = sql;
#pragma warning restore CA2100
        }

        bool isKept = false;
        try
        {
            command.Transaction = _transaction;
            foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            var result = use(command);
            command.Parameters.Clear();
            isKept = _idle.Count < MostIdle && _idle.TryAdd(sql, command);
            return result;
        }
        finally
        {
            if (!isKept) command.Dispose();
        }
    }

    /// <summary>Prepares a statement that runs for many people.</summary>
    /// <param name="sql">Its text, which is the caller's own.</param>
    /// <param name="people">People that one run writes.</param>
    public PersonStatement Prepare(string sql, int people = 1) => new(connection, sql, people);

    /// <inheritdoc/>
    public void Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Execute(sql, values);

    /// <summary>Runs a statement.</summary>
    /// <returns>The rows that it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Use(sql, values, command => command.ExecuteNonQuery());

    /// <inheritdoc/>
    public long Count(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Use(sql, values, command => (long)command.ExecuteScalar()!);

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values) => Use(sql, values, command =>
    {
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    });

    /// <inheritdoc/>
    public string IsSameText(string column, string parameter) => $"{column} = {parameter} COLLATE NOCASE";

    /// <inheritdoc/>
    public string IsLike(string column, string parameter) => $"{column} LIKE {parameter} ESCAPE '\\'";

    /// <inheritdoc/>
    public string SetMemberNumber(string number) => $"member_number = {number}";

    /// <inheritdoc/>
    public void LockDestinations(bool isShared)
    {
        // Each transaction has locked the whole file.
    }

    /// <inheritdoc/>
    public string MachineOfPush => "NULL";

    /// <inheritdoc/>
    public string MachineUpdate => string.Empty;

    /// <inheritdoc/>
    public void GiveSpaceBack() => Read(() =>
    {
        // It takes long, so only where it is worth it.
        return Count("SELECT freelist_count * 4 > page_count FROM pragma_freelist_count, pragma_page_count") == 0 || Execute("VACUUM") >= 0;
    });

    /// <inheritdoc/>
    public SegmentPushException Damaged(Exception cause) => JournalFile.Damaged(path, cause);

    public void Dispose()
    {
        foreach (var command in _idle.Values) command.Dispose();
        _idle.Clear();
        connection.Dispose();
    }
}
