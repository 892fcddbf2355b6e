using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SegmentPush.Journal.Sqlite;

/// <summary>
/// A statement that runs for one person or some, straight on SQLite: the provider's own work for each execution costs more than
/// the row. It runs in the transaction that is open on the connection.
/// </summary>
internal sealed class PersonStatement : IDisposable
{
    private const int LongestOnStack = 512;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly Bound[] _bound;
    private readonly int _people;
    private int _runs;
    private int _changes;

    /// <summary>Prepares it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">Its text.</param>
    /// <param name="people">People that one run writes.</param>
    public PersonStatement(SqliteConnection connection, string sql, int people = 1)
    {
        _people = people;
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        _bound = new Bound[raw.sqlite3_bind_parameter_count(_statement) + 1];
    }

    // What a parameter holds: nothing at first.
    private enum Kind
    {
        Null,
        Number,
        Other,
    }

    /// <summary>Gives a parameter a value that stays for all runs until it is given another.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public void Bind(int parameter, long value)
    {
        ref var bound = ref _bound[parameter];
        if (bound.Kind == Kind.Number && bound.Number == value) return;
        bound = new Bound(Kind.Number, value);
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
    }

    public void Bind(int parameter, long? value)
    {
        if (value is { } number) Bind(parameter, number);
        else BindNull(parameter);
    }

    [MethodImpl(EveryRow.Compiled)]
    public void Bind(int parameter, string? value)
    {
        if (value is null)
        {
            BindNull(parameter);
            return;
        }

        // SQLite keeps a copy of its own.
        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        _bound[parameter] = new Bound(Kind.Other, 0);
        Span<byte> bytes = most <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[most];
        Check(raw.sqlite3_bind_text(_statement, parameter, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
    }

    public void Bind(int parameter, Hash128 value)
    {
        Span<byte> bytes = stackalloc byte[Hash128.Bytes];
        value.Write(bytes);
        _bound[parameter] = new Bound(Kind.Other, 0);
        Check(raw.sqlite3_bind_blob(_statement, parameter, bytes));
    }

    public void BindNull(int parameter)
    {
        ref var bound = ref _bound[parameter];
        if (bound.Kind == Kind.Null) return;
        bound = default;
        Check(raw.sqlite3_bind_null(_statement, parameter));
    }

    /// <summary>Runs for the people whose values it was given.</summary>
    public void Run()
    {
        _runs++;
        Step();
        _changes += raw.sqlite3_changes(_database);
    }

    /// <summary>Runs for somebody who may not be there.</summary>
    /// <returns>Whether a row was changed.</returns>
    public bool TryRun()
    {
        Step();
        return raw.sqlite3_changes(_database) > 0;
    }

    /// <summary>Goes to the next row of a query.</summary>
    /// <returns>False after the last one.</returns>
    public bool Read()
    {
        int result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE) return result == raw.SQLITE_ROW;
        Check(raw.sqlite3_reset(_statement));
        return false;
    }

    /// <summary>A number of the current row; 0 where there is none.</summary>
    public long GetNumber(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>A number of the current row that is never 0; null where there is none.</summary>
    public long? GetNumberOrNull(int column) => GetNumber(column) is not 0 and var number ? number : null;

    /// <summary>A hash of the current row.</summary>
    public Hash128 GetHash(int column) => Hash128.Read(raw.sqlite3_column_blob(_statement, column));

    /// <summary>Proves that every run changed one row for each of its people.</summary>
    /// <exception cref="SegmentPushException">One did not (<c>SumsDisagree</c>).</exception>
    public void Prove()
    {
        if (_changes != _runs * _people) throw PushErrors.SettledTwice();
    }

    public void Dispose() => _statement.Dispose();

    private void Step()
    {
        if (raw.sqlite3_step(_statement) != raw.SQLITE_DONE) Check(raw.sqlite3_reset(_statement));
        Check(raw.sqlite3_reset(_statement));
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);

    private readonly struct Bound(Kind kind, long number)
    {
        public Kind Kind => kind;

        public long Number => number;
    }
}
