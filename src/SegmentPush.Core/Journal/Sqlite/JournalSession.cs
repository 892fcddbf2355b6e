using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal.Sqlite;

/// <summary>The open file of a journal, which the stores of one process share. It serves one thread at a time.</summary>
internal sealed class JournalSession(SqliteConnection connection, string path, ProcessHost host) : IDisposable
{
    /// <summary>The moment by this machine's clock, UTC.</summary>
    public DateTimeOffset Now => host.Time.GetUtcNow();

    /// <summary>Turns SQLite's faults into errors that say what to do.</summary>
    public T MapErrors<T>(Func<T> work) => JournalFile.MapErrors(path, work, host);

    /// <inheritdoc cref="MapErrors{T}"/>
    public void MapErrors(Action work) => MapErrors(() =>
    {
        work();
        return true;
    });

    /// <summary>Runs statements in one transaction: all of them, or none.</summary>
    public void InTransaction(Action work) => MapErrors(() =>
    {
        // It locks the file for writing at once: what it reads must still hold when it writes, and SQLite waits for others at no later time.
        using var transaction = connection.BeginTransaction(deferred: false);
        work();
        transaction.Commit();
        return true;
    });

    /// <summary>Makes a command. It runs in the transaction that is open, if one is.</summary>
    /// <param name="sql">Its text, which is the caller's own; every value is a parameter or a number.</param>
    /// <param name="values">The parameters.</param>
    public SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of the stores.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    /// <summary>Prepares a statement that runs for many people.</summary>
    /// <param name="sql">Its text, which is the caller's own.</param>
    /// <param name="people">People that one run writes.</param>
    public PersonStatement Prepare(string sql, int people = 1) => new(connection, sql, people);

    /// <summary>Runs a statement.</summary>
    /// <returns>The rows that it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The number that a query tells.</summary>
    public long Count(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The rows of a query.</summary>
    /// <param name="sql">Its text, which is the caller's own.</param>
    /// <param name="read">Reads one row.</param>
    /// <param name="values">The parameters.</param>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>The error for content that SQLite can read, and that is not what was written.</summary>
    public SegmentPushException Damaged(Exception cause) => JournalFile.Damaged(path, cause);

    public void Dispose() => connection.Dispose();
}
