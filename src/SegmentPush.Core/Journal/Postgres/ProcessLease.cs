using Npgsql;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// The leases of one open journal. They hold as long as this object renews them by the database's clock. A connection of its own renews them every
/// few seconds, and holds an advisory lock: others see by it at once that the process is gone.
/// </summary>
internal sealed class ProcessLease : IDisposable
{
    /// <summary>How long leases hold after they were renewed. A call may take 120 seconds.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(150);

    private static readonly TimeSpan s_renewEvery = TimeSpan.FromSeconds(5), s_tryAgain = TimeSpan.FromMilliseconds(200);

    // A renewal that a call waits for waits so long for the watch at most.
    private static readonly TimeSpan s_watch = TimeSpan.FromSeconds(1);

    private readonly PostgresAddress _address;
    private readonly ProcessHost _host;
    private readonly CancellationTokenSource _end = new();
    private readonly PostgresWait _wait;
    private readonly ReservedThreads _threads = ReservedThreads.Reserve();
    private readonly Lock _lock = new(), _renewLock = new();
    private readonly Thread? _watch;
    private NpgsqlConnection? _connection;
    private long _renewedAt, _renewedHereAt;
    private DateTimeOffset _renewedAtWallClock;
    private volatile bool _isLost, _isDoubtful;

    private ProcessLease(PostgresAddress address, ProcessHost host, NpgsqlConnection connection, int key, (long Timestamp, DateTimeOffset WallClock) asked)
    {
        (_address, _host, _connection, _wait, Key) = (address, host, connection, address.NewWait(), key);
        (_renewedAt, _renewedAtWallClock) = asked;
        _renewedHereAt = asked.Timestamp;
        if (!host.WatchesDatabase) return;
        _watch = new Thread(Watch) { IsBackground = true, Name = "SegmentPush lease" };
        _watch.Start();
    }

    /// <summary>Key of the process in the database; it is the fencing token of its writes. A later process has a greater one.</summary>
    public int Key { get; }

    /// <summary>Enters the process.</summary>
    public static ProcessLease Open(PostgresAddress address, ProcessHost host) => address.NewWait().Out(
        () =>
        {
            int key = 0;
            var asked = Ask(host);
            var connection = LivenessLock.Connect(address, host.MachineName, connection =>
            {
                asked = Ask(host);
                key = Enter(connection, host.MachineName);
                LivenessLock.Take(connection, PostgresSchema.AliveLocks, key);
            });
            return new ProcessLease(address, host, connection, key, asked);
        },
        () => { });

    /// <summary>
    /// How long the leases still hold, at least: not at all while the connection is lost that shows others that this process lives. A process that slept
    /// knows it by one of two clocks.
    /// </summary>
    public TimeSpan Left
    {
        get
        {
            lock (_lock)
            {
                if (_isLost || _isDoubtful) return TimeSpan.Zero;
                var byMonotonic = TimeProvider.System.GetElapsedTime(_renewedAt);
                var byWallClock = _host.Time.GetUtcNow() - _renewedAtWallClock;
                return Duration - (byWallClock > byMonotonic ? byWallClock : byMonotonic);
            }
        }
    }

    /// <summary>Checks that the leases hold for as long as a call may take. Where they do not, they are renewed first.</summary>
    /// <exception cref="SegmentPushException">They were taken over (<c>JournalLeaseLost</c>), or the database can't be reached (<c>JournalUnreachable</c>).</exception>
    public void ThrowIfLost(TimeSpan needed)
    {
        if (Left >= needed) return;
        lock (_renewLock)
        {
            // Another call may have done it meanwhile.
            if (Left < needed && !_isLost)
            {
                _wait.Out(
                    () =>
                    {
                        Renew();
                        return true;
                    },
                    CloseConnection);
            }

            // Beyond this lock the connection may be lost again, which is no loss of the leases.
            if (_isLost || Left < needed) throw PostgresErrors.LeaseLost(_address);
        }
    }

    /// <summary>Notes that a transaction has renewed the leases.</summary>
    /// <param name="asked">The moment just before, as <see cref="Ask()"/> tells it.</param>
    public void NoteRenewed((long Timestamp, DateTimeOffset WallClock) asked)
    {
        lock (_lock) (_renewedAt, _renewedAtWallClock) = asked;
    }

    /// <summary>The moment by both clocks of this machine.</summary>
    public (long Timestamp, DateTimeOffset WallClock) Ask() => Ask(_host);

    /// <summary>Adds to a transaction what makes it fail where the leases were taken over, and what notes that it was committed.</summary>
    public void Fence(PostgresSession session, long number) => session.Run(
        "SELECT fence(@key, @write, @seconds)", ("@key", Key), ("@write", number), ("@seconds", Duration.TotalSeconds));

    /// <summary>The number of the last transaction that was committed.</summary>
    public long ReadLastWrite(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT last_write FROM session WHERE session_key = @key", connection);
        command.Parameters.AddWithValue("key", Key);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Whether the database says that the leases were taken over.</summary>
    public bool IsTakenOver(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT COUNT(*) FROM session WHERE session_key = @key AND NOT is_over", connection);
        command.Parameters.AddWithValue("key", Key);
        return (long)command.ExecuteScalar()! == 0;
    }

    public void Dispose()
    {
        if (_end.IsCancellationRequested) return;
        _end.Cancel();
        _watch?.Join();
        try
        {
            _host.Disk?.Invoke(DiskStep.BeforeLock);
            if (_connection is not null) Execute(_connection, "UPDATE session SET is_over = true, seen = clock_timestamp() WHERE session_key = @key; DELETE FROM lease WHERE session_key = @key");
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
        {
            // The leases end with the connection.
        }
        finally
        {
            _connection?.Dispose();
            _threads.Dispose();
            _end.Dispose();
        }
    }

    // Renews the leases now and then, and sees at once when the connection is lost that shows others that this process lives.
    private void Watch()
    {
        while (!_end.IsCancellationRequested && !_isLost)
        {
            if (!TryWatch()) _end.Token.WaitHandle.WaitOne(s_tryAgain);
        }
    }

    // Returns whether the connection is as it should be.
    private bool TryWatch()
    {
        // What fails is closed before another thread can replace it: the connection that replaces it holds the lock that shows that this process lives.
        lock (_renewLock)
        {
            try
            {
                // A call that could not renew the leases leaves no connection.
                if (_connection is not { } connection || _isDoubtful || TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _renewedHereAt)) >= s_renewEvery) Renew();
                else connection.WaitAsync(s_watch, _end.Token).GetAwaiter().GetResult();
                return true;
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return true;
            }
            catch (Exception e)
            {
                // Every error is tried again: one that ends this thread would end the whole shell. If that takes too long, the leases expire.
                // A connection that still works is kept: others see by it that this process lives.
                if (PostgresErrors.NeedsNewConnection(e) || !PostgresErrors.Passes(e)) CloseConnection();
                else _isDoubtful = true;
                return false;
            }
        }
    }

    private void Renew()
    {
        lock (_renewLock)
        {
            var asked = Ask();
            if (_connection is not { State: System.Data.ConnectionState.Open })
            {
                _connection?.Dispose();
                _connection = null;
                _connection = LivenessLock.Connect(_address, _host.MachineName, connection => LivenessLock.Take(connection, PostgresSchema.AliveLocks, Key));
            }

            int renewed = Execute(
                _connection,
                "UPDATE session SET seen = clock_timestamp(), server_started = pg_postmaster_start_time(), expires = clock_timestamp() + make_interval(secs => @seconds) "
                + "WHERE session_key = @key AND NOT is_over");
            Interlocked.Exchange(ref _renewedHereAt, asked.Timestamp);
            if (renewed == 0)
            {
                _isLost = true;
                return;
            }

            NoteRenewed(asked);
            _isDoubtful = false;
        }
    }

    private void CloseConnection()
    {
        lock (_renewLock)
        {
            _isDoubtful = true;
            var connection = _connection;
            _connection = null;
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

    private static (long Timestamp, DateTimeOffset WallClock) Ask(ProcessHost host) => (TimeProvider.System.GetTimestamp(), host.Time.GetUtcNow());

    private int Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand { Connection = connection };
#pragma warning disable CA2100 // The texts are this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("key", Key);
        if (sql.Contains("@seconds", StringComparison.Ordinal)) command.Parameters.AddWithValue("seconds", Duration.TotalSeconds);
        return command.ExecuteNonQuery();
    }

    // Returns the key of the process.
    private static int Enter(NpgsqlConnection connection, string machine)
    {
        using var command = new NpgsqlCommand(
            """
            INSERT INTO session (machine, process_id, module_version, server_started, expires)
            VALUES (@machine, @process, @version, pg_postmaster_start_time(), clock_timestamp() + make_interval(secs => @seconds))
            RETURNING session_key
            """,
            connection);
        command.Parameters.AddWithValue("machine", machine);
        command.Parameters.AddWithValue("process", Environment.ProcessId);
        command.Parameters.AddWithValue("version", typeof(ProcessLease).Assembly.GetName().Version!.ToString(3));
        command.Parameters.AddWithValue("seconds", Duration.TotalSeconds);
        return (int)command.ExecuteScalar()!;
    }
}
