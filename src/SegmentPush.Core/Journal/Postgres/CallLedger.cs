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
    // How often to look for a place where nobody wakes this process.
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);

    // Ended calls wait so long for the next question, which takes them along.
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(10);

    private readonly string _instance;
    private readonly string _caller;
    private readonly ProcessHost _host;
    private readonly Func<ProcessLease?> _lease;
    private readonly Lock _lock = new();
    private readonly CallerConnection _connection;
    private readonly GrantedCalls _granted;
    private readonly EndedCalls _ended = new();
    private readonly CallEndListener _places;
    private bool _isGivingBack, _isAnswerLost, _isDisposed;
    private string _day = "";

    private CallLedger(PostgresAddress address, string instance, string caller, ProcessHost host, Func<ProcessLease?> lease)
    {
        (_instance, _caller, _host, _lease) = (instance, caller, host, lease);
        (_connection, _granted, _places) = (new CallerConnection(address, host), new GrantedCalls(host), new CallEndListener(address, instance, host));
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
            ledger.Do(connection => ledger.Run(
                connection,
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
            return Do(connection => Ask(connection, budget)) switch
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
        // What can't be written now is written with the next question. Otherwise the place would stay taken while this process lives.
        if (_ended.Add(call)) _ = Task.Run(TellAsync);
    }

    /// <inheritdoc/>
    public void Add(IReadOnlyList<DateTimeOffset> endedAt, DateTimeOffset now) => Do(connection => Run(
        connection,
        """
        INSERT INTO call (instance, caller, lock_key, granted, free_at)
        SELECT @instance, @caller, @lock, clock_timestamp(), clock_timestamp() + make_interval(secs => left_for) FROM unnest(@left) t (left_for)
        """,
        ("lock", _connection.LockKey),
        ("left", endedAt.Select(ended => EndedCalls.LeftAfter(now - ended)).ToArray())));

    /// <inheritdoc/>
    public void SlowDown(DateTimeOffset grantedAt, DateTimeOffset? pausedUntil, DateTimeOffset now) => Do(connection =>
    {
        // What was granted before belongs to the faster pace.
        _granted.DropAll();
        return Run(
            connection,
            "SELECT slow_down(@instance, @since_grant, @pause, @least, @recovery)",
            ("since_grant", Math.Max(0, (now - grantedAt).TotalSeconds)),
            ("pause", pausedUntil is { } until ? Math.Min((until - now).TotalSeconds, PaceRules.LongestPause.TotalSeconds) : null),
            ("least", PaceRules.LeastShare),
            ("recovery", PaceRules.FullRecovery.TotalSeconds));
    });

    /// <inheritdoc/>
    public void Learn(DateOnly day, long used) => Do(connection => Run(
        connection,
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
            _granted.DropAll();
            try
            {
                _host.Disk?.Invoke(DiskStep.BeforeJournal);
                if (_connection.Current is { } connection) Tell(connection);
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
            {
                // The calls of this process are over with its connection.
            }
            finally
            {
                _connection.Dispose();
            }
        }
    }

    private static string DayOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private long? TakeGrant()
    {
        var call = _granted.Take();
        if (call is not null) GiveBackLater();
        return call;
    }

    // Who waited for the other grants may have been stopped, or have gone to the ledger of a newer push. Nobody asks here then, and others need the places.
    private void GiveBackLater()
    {
        if (_granted.IsEmpty || _isGivingBack) return;
        _isGivingBack = true;
        _ = Task.Run(async () =>
        {
            await Task.Delay(GrantedCalls.Hold, _host.Time, CancellationToken.None).ConfigureAwait(false);
            lock (_lock)
            {
                _isGivingBack = false;
                _granted.DropOld();
                GiveBackLater();
            }

            TellWhatPasses();
        });
    }

    private (TimeSpan Wait, long? Used, bool IsFull) Ask(NpgsqlConnection connection, CallBudget budget)
    {
        var asked = _granted.Ask();
        var ended = _ended.Take();
        using var batch = new NpgsqlBatch(connection);

        // The lock comes first: two machines that change calls before they have it could wait for each other.
        Add(batch, "SELECT pg_advisory_xact_lock(1398099029, hashtext(@instance))", ("instance", _instance));
        AddLost(batch);
        AddEnd(batch, ended);
        _day = DayOf(budget.Day);
        Add(
            batch,
            "SELECT o_calls, o_wait, o_used, o_is_full FROM enter_calls(@instance, @caller, @lock, @session, @wanted, @calls, @concurrency, @day, @per_day, @window, @recovery)",
            ("instance", _instance),
            ("caller", _caller),
            ("lock", _connection.LockKey),
            ("session", _lease()?.Key),
            ("wanted", budget.Wanted),
            ("calls", budget.Calls),
            ("concurrency", budget.Concurrency),
            ("day", _day),
            ("per_day", budget.CallsPerDay),
            ("window", PaceRules.Window.TotalSeconds),
            ("recovery", PaceRules.FullRecovery.TotalSeconds));
        try
        {
            using var reader = batch.ExecuteReader();
            while (!reader.HasRows || reader.FieldCount != 4) reader.NextResult();
            reader.Read();
            long[] calls = reader.GetFieldValue<long[]>(0);
            var answer = (TimeSpan.FromSeconds(reader.GetDouble(1)), reader.NumberOrNull(2), reader.GetBoolean(3));
            while (reader.NextResult())
            {
                // An error of the last statement comes here. Nothing was granted then.
            }

            _isAnswerLost = false;
            _granted.ForgetUnused();
            _granted.Add(calls, asked);
            return answer;
        }
        catch
        {
            _isAnswerLost = true;
            _ended.TakeBack(ended);
            throw;
        }
    }

    // Calls that were granted by an answer that did not arrive. Nobody makes them, and they would take their places as long as this process lives.
    private void AddLost(NpgsqlBatch batch)
    {
        if (!_isAnswerLost) return;
        Add(
            batch,
            """
            WITH lost AS (
                DELETE FROM call WHERE instance = @instance AND caller = @caller AND lock_key = @lock AND free_at IS NULL AND call_key > @newest RETURNING 1)
            UPDATE call_day SET used = GREATEST(0, used - (SELECT COUNT(*) FROM lost)) WHERE instance = @instance AND day = @day
            """,
            ("instance", _instance),
            ("caller", _caller),
            ("lock", _connection.LockKey),
            ("newest", _granted.Newest),
            ("day", _day));
    }

    private async Task TellAsync()
    {
        await Task.Delay(s_gather, _host.Time, CancellationToken.None).ConfigureAwait(false);
        TellWhatPasses();
    }

    private void TellWhatPasses()
    {
        try
        {
            Do(connection =>
            {
                Tell(connection);
                return true;
            });
        }
        catch (SegmentPushException)
        {
            // They are told with the next question.
        }
    }

    private void Tell(NpgsqlConnection connection)
    {
        var ended = _ended.Take();
        if (ended.Count + _granted.Unused.Count == 0) return;
        try
        {
            using var batch = new NpgsqlBatch(connection);
            AddEnd(batch, ended);
            batch.ExecuteNonQuery();
            _granted.ForgetUnused();
        }
        catch
        {
            _ended.TakeBack(ended);
            throw;
        }
    }

    // The database's clock says when. This machine says only how long ago, by a clock that nobody sets.
    private void AddEnd(NpgsqlBatch batch, IReadOnlyList<EndedCall> ended)
    {
        if (ended.Count + _granted.Unused.Count == 0) return;
        Add(
            batch,
            "SELECT end_calls(@instance, @ended, @left, @unused, @day)",
            ("instance", _instance),
            ("ended", ended.Select(call => call.Call).ToArray()),
            ("left", ended.Select(call => call.Left).ToArray()),
            ("unused", _granted.Unused.ToArray()),
            ("day", _day));
    }

    private T Do<T>(Func<NpgsqlConnection, T> work)
    {
        lock (_lock) return _isDisposed ? default! : _connection.Do(work);
    }

    private bool Run(NpgsqlConnection connection, string sql, params (string Name, object? Value)[] values)
    {
        using var command = new NpgsqlCommand { Connection = connection };
#pragma warning disable CA2100 // The texts are this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        Fill(command.Parameters, [("instance", _instance), ("caller", _caller), .. values]);
        command.ExecuteNonQuery();
        return true;
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Fill(command.Parameters, values);
        batch.BatchCommands.Add(command);
    }

    private static void Fill(NpgsqlParameterCollection parameters, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        foreach (var (name, value) in values) parameters.AddWithValue(name, value ?? DBNull.Value);
    }
}
