using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal.Sqlite;

/// <summary>The open file of a journal, which the stores of one process share. It serves one thread at a time.</summary>
internal sealed class JournalSession(SqliteConnection connection, string path, ProcessHost host)
{
    /// <summary>The moment by this machine's clock, UTC.</summary>
    public DateTimeOffset Now => host.Time.GetUtcNow();

    /// <summary>Turns SQLite's faults into errors that say what to do.</summary>
    public T MapErrors<T>(Func<T> work) => JournalFile.Guard(path, work, host);

    /// <summary>Makes a command.</summary>
    /// <param name="sql">Its text, which is the caller's own; every value is a parameter or a number.</param>
    /// <param name="values">The parameters.</param>
    public SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of the stores.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }

    /// <summary>Begins a transaction, in which all statements run until it ends.</summary>
    public SqliteTransaction Begin() => connection.BeginTransaction();

    /// <summary>Runs a statement.</summary>
    public void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    /// <summary>The number that a query tells.</summary>
    public long Count(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(sql, values);
        return (long)command.ExecuteScalar()!;
    }
}
