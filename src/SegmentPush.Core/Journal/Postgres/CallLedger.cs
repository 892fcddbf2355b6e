using System.Globalization;
using Npgsql;
using SegmentPush.Journal.Sql;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// The calls of all machines to one instance, by the database's clock. A connection of its own holds an advisory lock: a caller without it is gone,
/// and its calls are over.
/// </summary>
internal sealed class CallLedger : IJournalLedger
{
    private const int CallerLocks = 1_398_099_028;

    private readonly PostgresAddress _address;
    private readonly string _instance;
    private readonly string _caller;
    private readonly ProcessHost _host;
    private readonly Lock _lock = new();
    private readonly List<(long Call, DateTimeOffset SentAt)> _ended = [];
    private NpgsqlConnection? _connection;
    private int _lockKey;
    private bool _isDisposed;

    private CallLedger(PostgresAddress address, string instance, string caller, ProcessHost host)
    {
        (_address, _instance, _caller, _host) = (address, instance, caller, host);
    }

    /// <summary>Opens the ledger of an instance.</summary>
    /// <param name="address">The database.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="push">The push that makes the calls; the journal then knows when the last one was sent. Null for a plan.</param>
    /// <param name="host">The process's host.</param>
    public static CallLedger Open(PostgresAddress address, string instance, Guid? push, ProcessHost host)
    {
        var ledger = new CallLedger(address, instance, (push ?? Guid.NewGuid()).ToString(), host);
        try
        {
            // A push that is resumed has calls of the process before it, which are over.
            ledger.Do(() => ledger.Run(
                "UPDATE call SET free_at = granted + make_interval(secs => @window) WHERE instance = @instance AND caller = @caller AND free_at IS NULL",
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
    public CallTurn TryEnter(CallBudget budget, DateTimeOffset now) => Do(() =>
    {
        using var command = Command(
            "SELECT o_call, o_wait, o_used FROM enter_call(@instance, @caller, @lock, @calls, @concurrency, @day, @per_day, @window, @recovery)",
            ("lock", _lockKey),
            ("calls", budget.Calls),
            ("concurrency", budget.Concurrency),
            ("day", DayOf(budget.Day)),
            ("per_day", budget.CallsPerDay),
            ("window", PaceRules.Window.TotalSeconds),
            ("recovery", PaceRules.FullRecovery.TotalSeconds));
        using var reader = command.ExecuteReader();
        reader.Read();
        return new CallTurn(reader.NumberOrNull(0), TimeSpan.FromSeconds(reader.GetDouble(1)), reader.NumberOrNull(2));
    });

    /// <inheritdoc/>
    public void Ended(long call, DateTimeOffset sentAt)
    {
        // What can't be written now is written with the next entry. Otherwise the place would stay taken while this process lives.
        lock (_lock) _ended.Add((call, sentAt));
        Do(() => true);
    }

    /// <inheritdoc/>
    public void SlowDown(DateTimeOffset grantedAt, DateTimeOffset? pausedUntil, DateTimeOffset now) => Do(() => Run(
        "SELECT slow_down(@instance, @since_grant, @pause, @least, @recovery)",
        ("since_grant", Math.Max(0, (now - grantedAt).TotalSeconds)),
        ("pause", pausedUntil is { } until ? Math.Min((until - now).TotalSeconds, PaceRules.LongestPause.TotalSeconds) : null),
        ("least", PaceRules.LeastShare),
        ("recovery", PaceRules.FullRecovery.TotalSeconds)));

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
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            Reset();
        }
    }

    private static string DayOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private T Do<T>(Func<T> work)
    {
        lock (_lock)
        {
            if (_isDisposed) return default!;
            return _address.Wait.Out(
                () =>
                {
                    Connect();
                    End();
                    return work();
                },
                Reset);
        }
    }

    private void Connect()
    {
        if (_connection is { State: System.Data.ConnectionState.Open }) return;
        Reset();
        _connection = _address.Connect(_host.MachineName);
        if (_lockKey == 0)
        {
            using var next = new NpgsqlCommand("SELECT nextval('caller_lock')::integer", _connection);
            _lockKey = (int)next.ExecuteScalar()!;
        }

        using var command = new NpgsqlCommand("SELECT pg_advisory_lock(@kind, @key)", _connection);
        command.Parameters.AddWithValue("kind", CallerLocks);
        command.Parameters.AddWithValue("key", _lockKey);
        command.ExecuteNonQuery();
    }

    // The database's clock says when: the caller's own says only how long ago.
    private void End()
    {
        if (_ended.Count == 0) return;
        var now = _host.Time.GetUtcNow();
        Run(
            """
            UPDATE call SET free_at = clock_timestamp() + make_interval(secs => t.left_for) FROM unnest(@ended, @left) t (ended, left_for)
            WHERE instance = @instance AND call_key = t.ended
            """,
            ("ended", _ended.Select(call => call.Call).ToArray()),
            ("left", _ended.Select(call => (PaceRules.Window - AgeOf(call.SentAt, now)).TotalSeconds).ToArray()));
        _ended.Clear();
    }

    private static TimeSpan AgeOf(DateTimeOffset sentAt, DateTimeOffset now) => now > sentAt ? now - sentAt : TimeSpan.Zero;

    private bool Run(string sql, params (string Name, object? Value)[] values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
        return true;
    }

    private NpgsqlCommand Command(string sql, params (string Name, object? Value)[] values)
    {
        var command = new NpgsqlCommand { Connection = _connection };
#pragma warning disable CA2100 // The texts are this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("instance", _instance);
        if (sql.Contains("@caller", StringComparison.Ordinal)) command.Parameters.AddWithValue("caller", _caller);
        foreach (var (name, value) in values)
        {
            if (value is null) command.Parameters.Add(new NpgsqlParameter(name, NpgsqlTypes.NpgsqlDbType.Double) { Value = DBNull.Value });
            else command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private void Reset()
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
}
