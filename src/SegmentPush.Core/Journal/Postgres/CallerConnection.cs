using System.Data;
using Npgsql;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// The connection of one who calls Marketo. It holds an advisory lock with a number of its own: a caller whose lock is free is gone. A connection that is
/// lost is replaced, with the same number.
/// </summary>
internal sealed class CallerConnection(PostgresAddress address, ProcessHost host) : IDisposable
{
    private const int CallerLocks = 1_398_099_028;

    private readonly PostgresWait _wait = address.NewWait();

    /// <summary>The connection; null where it is not open.</summary>
    public NpgsqlConnection? Current { get; private set; }

    /// <summary>The number of the lock; 0 before the first connection.</summary>
    public int LockKey { get; private set; }

    /// <summary>Does work with the connection. A fault of the database that passes is waited out.</summary>
    /// <exception cref="SegmentPushException">The fault does not pass, or lasts too long.</exception>
    public T Do<T>(Func<NpgsqlConnection, T> work) => _wait.Out(
        () =>
        {
            host.Disk?.Invoke(DiskStep.BeforeJournal);
            var result = work(Connect());
            host.Disk?.Invoke(DiskStep.AfterJournal);
            return result;
        },
        Dispose);

    /// <summary>Closes the connection, and gives the lock back.</summary>
    public void Dispose()
    {
        var connection = Current;
        Current = null;
        try
        {
            connection?.Dispose();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
        {
            // It is gone already.
        }
    }

    private NpgsqlConnection Connect()
    {
        if (Current is { State: ConnectionState.Open } open) return open;
        Dispose();
        return Current = LivenessLock.Connect(address, host.MachineName, Lock);
    }

    private void Lock(NpgsqlConnection connection)
    {
        if (LockKey == 0)
        {
            using var next = new NpgsqlCommand("SELECT nextval('caller_lock')::integer", connection);
            LockKey = (int)next.ExecuteScalar()!;
        }

        LivenessLock.Take(connection, CallerLocks, LockKey);
    }
}
