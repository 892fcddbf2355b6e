using System.Globalization;
using Npgsql;
using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// The calls of all machines to one instance, by the database's clock. One round trip grants as many calls as wait here, tells which ones have ended, and
/// checks that this process still holds its leases. A connection of its own holds an advisory lock: a caller without it is gone, and its calls are over.
/// </summary>
internal sealed class CallLedger : IJournalLedger
{
    private const int CallerLocks = 1_398_099_028;

    // How long a grant may be used: a process that slept must ask again. And how often to look for a place where nobody wakes this process.
    private static readonly TimeSpan s_grantHolds = TimeSpan.FromSeconds(2), s_lookAgain = TimeSpan.FromSeconds(1);

    // Ended calls wait so long for the next question, which takes them along.
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(10);

    private readonly PostgresAddress _address;
    private readonly string _instance;
    private readonly string _caller;
    private readonly ProcessHost _host;
    private readonly Func<ProcessLease?> _lease;
    private readonly PostgresWait _wait;
    private readonly Lock _lock = new(), _endedLock = new();
    private readonly Queue<Grant> _grants = new();
    private readonly List<long> _unused = [];
    private readonly FreePlaces _places;
    private List<(long Call, long EndedAt)> _ended = [];
    private bool _isTelling, _isGivingBack;
    private string _day = "";
    private NpgsqlConnection? _connection;
    private int _lockKey;
    private bool _isDisposed;

    private CallLedger(PostgresAddress address, string instance, string caller, ProcessHost host, Func<ProcessLease?> lease)
    {
        (_address, _instance, _caller, _host, _lease, _wait) = (address, instance, caller, host, lease, address.NewWait());
        _places = new FreePlaces(address, instance, host);
    }

    /// <summary>Opens the ledger of an instance.</summary>
    /// <param name="address">The database.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="push">The push that makes the calls; null for a plan.</param>
    /// <param name="host">The process's host.</param>
    /// <param name="lease">Tells what holds the leases of the push; null where there is none.</param>
    public static CallLedger Open(PostgresAddress address, string instance, Guid? push, ProcessHost host, Func<ProcessLease?>? lease = null)
    {
        var ledger = new CallLedger(address, instance, (push ?? Guid.NewGuid()).ToString(), host, lease ?? (() => null));
        try
        {
            // A push that is resumed has calls of the process before it, which are over.
            ledger.Do(() => ledger.Run(
                "UPDATE call SET free_at = clock_timestamp() + make_interval(secs => @window) WHERE instance = @instance AND caller = @caller AND free_at IS NULL",
                ("window", PaceRules.Window.TotalSeconds)));
            return ledger;
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public CallTurn TryEnter(CallBudget budget, DateTimeOffset now)
    {
        // Taken before the question, so that a place that becomes free meanwhile is not missed.
        var freed = _places.Next;
        lock (_lock)
        {
            if (TakeGrant() is { } call) return new CallTurn(call, TimeSpan.Zero);
            return Do(() => Ask(budget)) switch
            {
                { Wait: var wait, IsFull: true } => new CallTurn(null, _places.Listen() ? s_lookAgain : wait, Sooner: freed),
                { Used: { } used } => new CallTurn(null, TimeSpan.Zero, used),
                var answer => new CallTurn(TakeGrant(), answer.Wait),
            };
        }
    }

    /// <inheritdoc/>
    public void Ended(long call, DateTimeOffset endedAt)
    {
        lock (_endedLock)
        {
            // What can't be written now is written with the next question. Otherwise the place would stay taken while this process lives.
            _ended.Add((call, TimeProvider.System.GetTimestamp()));
            if (_isTelling) return;
            _isTelling = true;
            _ = Task.Run(TellAsync);
        }
    }

    /// <inheritdoc/>
    public void Add(IReadOnlyList<DateTimeOffset> endedAt, DateTimeOffset now) => Do(() => Run(
        """
        INSERT INTO call (instance, caller, lock_key, granted, free_at)
        SELECT @instance, @caller, @lock, clock_timestamp(), clock_timestamp() + make_interval(secs => left_for) FROM unnest(@left) t (left_for)
        """,
        ("lock", _lockKey),
        ("left", endedAt.Select(ended => LeftAfter(now - ended)).ToArray())));

    /// <inheritdoc/>
    public void SlowDown(DateTimeOffset grantedAt, DateTimeOffset? pausedUntil, DateTimeOffset now) => Do(() =>
    {
        // What was granted before belongs to the faster pace.
        while (_grants.TryDequeue(out var grant)) _unused.Add(grant.Call);
        return Run(
            "SELECT slow_down(@instance, @since_grant, @pause, @least, @recovery)",
            ("since_grant", Math.Max(0, (now - grantedAt).TotalSeconds)),
            ("pause", pausedUntil is { } until ? Math.Min((until - now).TotalSeconds, PaceRules.LongestPause.TotalSeconds) : null),
            ("least", PaceRules.LeastShare),
            ("recovery", PaceRules.FullRecovery.TotalSeconds));
    });

    /// <inheritdoc/>
    public void Learn(DateOnly day, long used) => Do(() => Run(
        """
        DELETE FROM call_day WHERE instance = @instance AND day <> @day;
        INSERT INTO call_day VALUES (@instance, @day, @used) ON CONFLICT (instance, day) DO UPDATE SET used = GREATEST(call_day.used, excluded.used)
        """,
        ("day", DayOf(day)),
        ("used", used)));

    public void Dispose()
    {
        _places.Dispose();
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            while (_grants.TryDequeue(out var grant)) _unused.Add(grant.Call);
            try
            {
                _host.Disk?.Invoke(DiskStep.BeforeJournal);
                if (_connection is not null) Tell();
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
            {
                // The calls of this process are over with its connection.
            }
            finally
            {
                Close();
            }
        }
    }

    private static string DayOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private long? TakeGrant()
    {
        while (_grants.TryDequeue(out var grant))
        {
            if (grant.Age(_host) < s_grantHolds)
            {
                GiveBackLater();
                return grant.Call;
            }

            _unused.Add(grant.Call);
        }

        return null;
    }

    // Who waited for the other grants may have been stopped, or have gone to the ledger of a newer push. Nobody asks here then, and others need the places.
    private void GiveBackLater()
    {
        if (_grants.Count == 0 || _isGivingBack) return;
        _isGivingBack = true;
        _ = Task.Run(async () =>
        {
            await Task.Delay(s_grantHolds, _host.Time, CancellationToken.None).ConfigureAwait(false);
            lock (_lock)
            {
                _isGivingBack = false;
                while (_grants.TryPeek(out var grant) && grant.Age(_host) >= s_grantHolds) _unused.Add(_grants.Dequeue().Call);
                GiveBackLater();
            }

            TellWhatPasses();
        });
    }

    private (TimeSpan Wait, long? Used, bool IsFull) Ask(CallBudget budget)
    {
        var asked = new Grant(0, _host.Time.GetTimestamp(), _host.Time.GetUtcNow());
        _day = DayOf(budget.Day);
        var ended = TakeEnded();
        using var batch = new NpgsqlBatch(_connection);
        AddEnd(batch, ended);
        var enter = new NpgsqlBatchCommand(
            "SELECT o_calls, o_wait, o_used, o_is_full FROM enter_calls(@instance, @caller, @lock, @session, @wanted, @calls, @concurrency, @day, @per_day, @window, @recovery)");
        Fill(
            enter.Parameters,
            ("instance", _instance),
            ("caller", _caller),
            ("lock", _lockKey),
            ("session", _lease()?.Key),
            ("wanted", budget.Wanted),
            ("calls", budget.Calls),
            ("concurrency", budget.Concurrency),
            ("day", _day),
            ("per_day", budget.CallsPerDay),
            ("window", PaceRules.Window.TotalSeconds),
            ("recovery", PaceRules.FullRecovery.TotalSeconds));
        batch.BatchCommands.Add(enter);
        try
        {
            using var reader = batch.ExecuteReader();
            while (!reader.HasRows || reader.FieldCount != 4) reader.NextResult();
            reader.Read();
            foreach (long call in reader.GetFieldValue<long[]>(0)) _grants.Enqueue(asked with { Call = call });
            var answer = (TimeSpan.FromSeconds(reader.GetDouble(1)), reader.NumberOrNull(2), reader.GetBoolean(3));
            while (reader.NextResult())
            {
                // An error of the last statement comes here.
            }

            _unused.Clear();
            return answer;
        }
        catch
        {
            TakeBack(ended);
            throw;
        }
    }

    private async Task TellAsync()
    {
        await Task.Delay(s_gather, _host.Time, CancellationToken.None).ConfigureAwait(false);
        lock (_endedLock) _isTelling = false;
        TellWhatPasses();
    }

    private void TellWhatPasses()
    {
        try
        {
            Do(() =>
            {
                Tell();
                return true;
            });
        }
        catch (SegmentPushException)
        {
            // They are told with the next question.
        }
    }

    private void Tell()
    {
        var ended = TakeEnded();
        if (ended.Count + _unused.Count == 0) return;
        try
        {
            using var batch = new NpgsqlBatch(_connection);
            AddEnd(batch, ended);
            batch.ExecuteNonQuery();
            _unused.Clear();
        }
        catch
        {
            TakeBack(ended);
            throw;
        }
    }

    // The database's clock says when. This machine says only how long ago, by a clock that nobody sets.
    private void AddEnd(NpgsqlBatch batch, List<(long Call, long EndedAt)> ended)
    {
        if (ended.Count + _unused.Count == 0) return;
        var end = new NpgsqlBatchCommand("SELECT end_calls(@instance, @ended, @left, @unused, @day)");
        Fill(
            end.Parameters,
            ("instance", _instance),
            ("ended", ended.Select(call => call.Call).ToArray()),
            ("left", ended.Select(call => LeftAfter(TimeProvider.System.GetElapsedTime(call.EndedAt))).ToArray()),
            ("unused", _unused.ToArray()),
            ("day", _day));
        batch.BatchCommands.Add(end);
    }

    // For how long a call that has ended takes its place, in seconds.
    private static double LeftAfter(TimeSpan since) => (PaceRules.Window - (since > TimeSpan.Zero ? since : TimeSpan.Zero)).TotalSeconds;

    private List<(long Call, long EndedAt)> TakeEnded()
    {
        lock (_endedLock)
        {
            var ended = _ended;
            _ended = [];
            return ended;
        }
    }

    private void TakeBack(List<(long Call, long EndedAt)> ended)
    {
        lock (_endedLock) _ended.AddRange(ended);
    }

    private T Do<T>(Func<T> work)
    {
        lock (_lock)
        {
            if (_isDisposed) return default!;
            return _wait.Out(
                () =>
                {
                    _host.Disk?.Invoke(DiskStep.BeforeJournal);
                    Connect();
                    var result = work();
                    _host.Disk?.Invoke(DiskStep.AfterJournal);
                    return result;
                },
                Close);
        }
    }

    private void Connect()
    {
        if (_connection is { State: System.Data.ConnectionState.Open }) return;
        Close();
        _connection = _address.Connect(_host.MachineName);
        if (_lockKey == 0)
        {
            using var next = new NpgsqlCommand("SELECT nextval('caller_lock')::integer", _connection);
            _lockKey = (int)next.ExecuteScalar()!;
        }

        using var command = new NpgsqlCommand("SELECT pg_advisory_lock(@kind, @key)", _connection);
        Fill(command.Parameters, ("kind", CallerLocks), ("key", _lockKey));
        command.ExecuteNonQuery();
    }

    private bool Run(string sql, params (string Name, object? Value)[] values)
    {
        using var command = new NpgsqlCommand { Connection = _connection };
#pragma warning disable CA2100 // The texts are this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        Fill(command.Parameters, [("instance", _instance), ("caller", _caller), .. values]);
        command.ExecuteNonQuery();
        return true;
    }

    private static void Fill(NpgsqlParameterCollection parameters, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        foreach (var (name, value) in values) parameters.AddWithValue(name, value ?? DBNull.Value);
    }

    private void Close()
    {
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

    // A call that may be sent, and when it was asked for by both clocks of this machine: one of them tells that the process slept.
    private readonly record struct Grant(long Call, long Asked, DateTimeOffset AskedByWallClock)
    {
        public TimeSpan Age(ProcessHost host)
        {
            var byMonotonic = host.Time.GetElapsedTime(Asked);
            var byWallClock = host.Time.GetUtcNow() - AskedByWallClock;
            return byWallClock > byMonotonic ? byWallClock : byMonotonic;
        }
    }
}
