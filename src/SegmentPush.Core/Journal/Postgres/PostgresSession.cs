using System.Data;
using System.Data.Common;
using Npgsql;
using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// The connection of a journal in PostgreSQL. Statements of a transaction travel together; a lost connection is waited out, and the transaction
/// runs again unless the database tells that it was committed.
/// </summary>
/// <param name="address">The database.</param>
/// <param name="host">The process's host.</param>
/// <param name="main">The session whose leases the writes need; null where it is this one.</param>
internal sealed class PostgresSession(PostgresAddress address, ProcessHost host, PostgresSession? main = null) : ISqlSession, IDisposable
{
    private readonly PostgresWait _wait = address.NewWait();
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;
    private NpgsqlBatch? _statements;
    private TimeSpan _clockOffset;
    private long _writes;
    private bool _isTied;

    /// <summary>Holds the leases of this process; null where it has taken none.</summary>
    public ProcessLease? Lease { get; set; }

    /// <inheritdoc/>
    public DateTimeOffset Now => host.Time.GetUtcNow() + _clockOffset;

    /// <inheritdoc/>
    public T Read<T>(Func<T> work) => _statements is not null ? work() : WaitOut(() =>
    {
        host.Disk?.Invoke(DiskStep.BeforeJournal);
        Connect();
        var result = work();
        host.Disk?.Invoke(DiskStep.AfterJournal);
        return result;
    });

    /// <inheritdoc/>
    public void Write(Action work)
    {
        long number = ++_writes;
        bool isSent = false;
        WaitOut(() =>
        {
            host.Disk?.Invoke(DiskStep.BeforeJournal);
            Connect();

            // The connection was lost while the transaction ended, so only the database knows whether it did.
            if (isSent && Lease?.ReadLastWrite(_connection!) == number) return true;
            isSent = false;
            TransactWhileOwner(work, number, () => isSent = true);
            host.Disk?.Invoke(DiskStep.AfterJournal);
            return true;
        });
    }

    /// <inheritdoc/>
    public void Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = new NpgsqlBatchCommand();
        Fill(command, sql, values);
        Statements.BatchCommands.Add(command);
    }

    /// <inheritdoc/>
    public long Count(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Copies rows into a table, in the transaction that is open.</summary>
    public void Copy(string sql, Action<NpgsqlBinaryImporter> write)
    {
        Flush();
        using var copy = _connection!.BeginBinaryImport(sql);
        write(copy);
        copy.Complete();
    }

    /// <summary>Copies rows out of a table.</summary>
    public void CopyOut(string sql, Action<NpgsqlBinaryExporter> read)
    {
        Flush();
        using var copy = _connection!.BeginBinaryExport(sql);
        while (copy.StartRow() >= 0) read(copy);
    }

    /// <inheritdoc/>
    public string IsSameText(string column, string parameter) => $"{Lower(column)} = {Lower(parameter)}";

    /// <inheritdoc/>
    public string IsLike(string column, string parameter) => $"{Lower(column)} LIKE {Lower(parameter)}";

    /// <inheritdoc/>
    public string SetMemberNumber(string number) => $"mark = with_number(mark, {number})";

    /// <inheritdoc/>
    public string MachineOfPush => "machine";

    /// <inheritdoc/>
    public string MachineUpdate => ", machine = COALESCE(@machine, current_setting('segmentpush.machine', true))";

    /// <inheritdoc/>
    public void GiveSpaceBack()
    {
        // PostgreSQL's own autovacuum does.
    }

    /// <inheritdoc/>
    public void LockDestinations(bool isShared) => Run(isShared
        ? "SELECT pg_advisory_xact_lock_shared(1398099030, 1)"
        : "SELECT pg_advisory_xact_lock(1398099030, 1)");

    /// <inheritdoc/>
    public SegmentPushException Damaged(Exception cause) => PostgresErrors.Damaged(address, cause);

    /// <summary>Whether it was disposed: its leases are given back.</summary>
    public bool IsDisposed { get; private set; }

    public void Dispose()
    {
        if (IsDisposed) return;
        IsDisposed = true;
        Reset();
        Lease?.Dispose();
    }

    private NpgsqlBatch Statements => _statements ?? throw new InvalidOperationException("No transaction is open.");

    private T WaitOut<T>(Func<T> work) => _wait.Out(
        () =>
        {
            try
            {
                return work();
            }
            catch (InvalidOperationException) when (_connection is { State: not ConnectionState.Open })
            {
                // What Npgsql throws where it has seen between two statements that the connection was lost.
                throw new NpgsqlException("The connection was lost between two statements.");
            }
        },
        Reset);

    private void Connect()
    {
        if (_connection is not { State: ConnectionState.Open })
        {
            Reset();
            _connection = address.Connect(host.MachineName);
            using var command = new NpgsqlCommand("SELECT clock_timestamp()", _connection);
            _clockOffset = new DateTimeOffset((DateTime)command.ExecuteScalar()!, TimeSpan.Zero) - host.Time.GetUtcNow();
        }

        // Who takes the leases over ends the connections that write for this process.
        if (_isTied || (main ?? this).Lease is not { } lease) return;
        LivenessLock.Share(_connection!, PostgresSchema.WriterLocks, lease.Key);
        _isTied = true;
    }

    // A process that has taken the leases over may have written what this one wants to write, so a statement may fail before the fence does.
    private void TransactWhileOwner(Action work, long number, Action sending)
    {
        try
        {
            Transact(work, number, sending);
        }
        catch (PostgresException e) when (!PostgresErrors.Passes(e))
        {
            if (_connection is { State: ConnectionState.Open } && Lease?.IsTakenOver(_connection) == true) throw PostgresErrors.LeaseLost(address);
            throw;
        }
    }

    private void Transact(Action work, long number, Action sending)
    {
        _statements = new NpgsqlBatch(_connection);
        bool isDone = false;
        try
        {
            work();
            if (_transaction is null && _statements.BatchCommands.Count == 0) return;
            var asked = Lease?.Ask();
            Lease?.Fence(this, number);
            sending();
            Send();
            _transaction?.Commit();
            isDone = true;
            if (asked is { } moment) Lease!.NoteRenewed(moment);
        }
        finally
        {
            _statements.Dispose();
            _statements = null;
            Rollback(isDone);
        }
    }

    private void Rollback(bool isDone)
    {
        var transaction = _transaction;
        _transaction = null;
        if (transaction is null) return;
        try
        {
            if (!isDone && _connection is { State: ConnectionState.Open }) transaction.Rollback();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
        {
            // The connection is gone, and the transaction with it.
        }

        transaction.Dispose();
    }

    // All statements that wait run in the transaction, before a query that may read what they have written.
    private void Flush()
    {
        if (_statements is null) return;
        if (_transaction is null) _transaction = _connection!.BeginTransaction();
        Send();
    }

    private void Send()
    {
        if (Statements.BatchCommands.Count == 0) return;
        Statements.Transaction = _transaction;
        Statements.ExecuteNonQuery();
        Statements.BatchCommands.Clear();
    }

    private NpgsqlCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        Flush();
        var command = new NpgsqlCommand { Connection = _connection, Transaction = _transaction };
#pragma warning disable CA2100 // The texts are those of the stores.
        command.CommandText = sql;
#pragma warning restore CA2100
        Add(command.Parameters, values);
        return command;
    }

    // It makes ASCII letters small and leaves all others, in every locale of the database.
    private static string Lower(string text) => $"lower({text} COLLATE \"C\")";

    private static void Fill(NpgsqlBatchCommand command, string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        command.CommandText = sql;
        Add(command.Parameters, values);
    }

    private static void Add(NpgsqlParameterCollection parameters, ReadOnlySpan<(string Name, object? Value)> values)
    {
        foreach (var (name, value) in values)
        {
            parameters.AddWithValue(name[1..], value switch
            {
                null => DBNull.Value,
                bool isSo => isSo ? 1 : 0,
                _ => value,
            });
        }
    }

    private void Reset()
    {
        var connection = _connection;
        _connection = null;
        _transaction = null;
        _isTied = false;
        try
        {
            connection?.Dispose();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
        {
            // It is gone already.
        }
    }
}
