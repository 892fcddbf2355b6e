using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SegmentPush.Journal.Sqlite;

/// <summary>
/// The calls to one instance by all who share this journal: those under way, those of the last seconds, and those of the
/// day. A caller whose process is gone is known by its lock.
/// </summary>
internal sealed class CallLedger : IJournalLedger
{
    // A slot that another process frees is not told; this is how often it is looked for.
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_waiterStays = TimeSpan.FromSeconds(3);

    private readonly SqliteConnection _connection;
    private readonly string _folder;
    private readonly string _path;
    private readonly string _instance;
    private readonly Guid? _push;
    private readonly string _caller;
    private readonly ProcessHost _host;
    private readonly JournalLock _alive;
    private readonly List<(long Call, DateTimeOffset EndedAt)> _ended = [];
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private readonly Lock _lock = new();
    private SqliteTransaction? _transaction;
    private bool _isDisposed;

    private CallLedger(SqliteConnection connection, string folder, string instance, Guid? push, string caller, JournalLock alive, ProcessHost host)
    {
        _push = push;
        _host = host;
        _connection = connection;
        _folder = folder;
        _path = JournalFile.PathIn(folder);
        _instance = instance;
        _caller = caller;
        _alive = alive;
    }

    /// <summary>Opens the ledger of an instance.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="push">The push that makes the calls; the journal then knows when the last one was sent. Null for a plan.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    public static CallLedger Open(string folder, string instance, Guid? push, ProcessHost? host = null)
    {
        host ??= ProcessHost.Machine;
        var connection = JournalFile.Open(folder, isDurable: false, host);
        CallLedger? ledger = null;
        try
        {
            // Without its lock the caller would count as dead, and its calls as over.
            var (caller, alive) = TakeLock(folder, push ?? Guid.NewGuid(), host);
            ledger = new CallLedger(connection, folder, instance, push, caller, alive, host);

            // A push that is resumed has calls of the process before it, which are over.
            ledger.Write(() => ledger.Free(caller, host.Time.GetUtcNow()));
            return ledger;
        }
        catch
        {
            ledger?.Dispose();
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public CallTurn TryEnter(CallBudget budget, DateTimeOffset now) => Write(() =>
    {
        var pace = ReadPace(now);
        if (pace.PausedUntil > now) return new CallTurn(null, pace.PausedUntil - now);

        long used = Number("SELECT used FROM call_day WHERE instance = $instance AND day = $day", ("$day", DayOf(budget.Day))) ?? 0;
        if (used >= budget.CallsPerDay) return new CallTurn(null, TimeSpan.Zero, used);

        // A clock that was set back must not leave places taken for hours.
        Run(
            "DELETE FROM call WHERE instance = $instance AND (free_at <= $now OR free_at > $far)",
            ("$now", now.UtcTicks),
            ("$far", (now + (2 * PaceRules.Window)).UtcTicks));
        var calls = ReadCalls();
        int concurrency = Math.Max(1, (int)(budget.Concurrency * pace.Share));
        if (calls.UnderWay >= concurrency || calls.Own >= FairShare(concurrency, now)) return WaitForOthers(now);

        if (calls.All >= Math.Max(1, (int)(budget.Calls * pace.Share)))
        {
            bool isFreed = FreeTheDead(now);
            return new CallTurn(null, calls.NextFree is { } next && !isFreed ? Later(new DateTimeOffset(next, TimeSpan.Zero) - now) : s_lookAgain);
        }

        long call = Number(
            "INSERT INTO call (instance, caller, granted) VALUES ($instance, $caller, $now) RETURNING call_key", ("$now", now.UtcTicks))!.Value;
        Run(
            "INSERT INTO call_day (instance, day, used) VALUES ($instance, $day, 1) ON CONFLICT (instance, day) DO UPDATE SET used = used + 1",
            ("$day", DayOf(budget.Day)));
        Run("DELETE FROM call_waiter WHERE instance = $instance AND caller = $caller");
        if (_push is { } push) Run("UPDATE push SET touched = $now WHERE id = $push", ("$now", now.UtcTicks), ("$push", push.ToString()));
        return new CallTurn(call, TimeSpan.Zero);
    });

    /// <inheritdoc/>
    public void Ended(long call, DateTimeOffset endedAt)
    {
        lock (_lock) _ended.Add((call, endedAt));

        // What can't be written now is written with the next entry. Otherwise the place would stay taken while this process lives.
        Write(() => true);
    }

    /// <inheritdoc/>
    public void Add(IReadOnlyList<DateTimeOffset> endedAt, DateTimeOffset now) => Write(() =>
    {
        foreach (var ended in endedAt)
        {
            Run(
                "INSERT INTO call (instance, caller, granted, free_at) VALUES ($instance, $caller, $ended, $free_at)",
                ("$ended", ended.UtcTicks),
                ("$free_at", (ended + PaceRules.Window).UtcTicks));
        }

        return true;
    });

    /// <inheritdoc/>
    public void SlowDown(DateTimeOffset grantedAt, DateTimeOffset? pausedUntil, DateTimeOffset now) => Write(() =>
    {
        DropPaceOfAnotherClock(now);
        return Run(
            """
            INSERT INTO call_pace (instance, share, since, paused_until) VALUES ($instance, 0.5, $now, $paused)
            ON CONFLICT (instance) DO UPDATE SET paused_until = MAX(paused_until, excluded.paused_until),
                share = CASE WHEN since <= $granted THEN MAX($least, MIN(1.0, share + ($now - since) / $recovery) / 2) ELSE share END,
                since = CASE WHEN since <= $granted THEN $now ELSE since END
            """,
            ("$now", now.UtcTicks),
            ("$granted", grantedAt.UtcTicks),
            ("$paused", pausedUntil?.UtcTicks ?? 0),
            ("$least", PaceRules.LeastShare),
            ("$recovery", (double)PaceRules.FullRecovery.Ticks));
    });

    /// <inheritdoc/>
    public void Learn(DateOnly day, long used) => Write(() =>
    {
        // A day to come was counted while the clock was ahead.
        Run("DELETE FROM call_day WHERE instance = $instance AND day <> $day", ("$day", DayOf(day)));
        return Run(
            "INSERT INTO call_day (instance, day, used) VALUES ($instance, $day, $used) ON CONFLICT (instance, day) DO UPDATE SET used = MAX(used, $used)",
            ("$day", DayOf(day)),
            ("$used", used));
    });

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            foreach (var command in _commands.Values) command.Dispose();
            _connection.Dispose();
            _alive.Dispose();
        }
    }

    // While calls of other pushes are in it, the ledger of a push that has ended is still open; a resume of the push is another caller then.
    private static (string Caller, JournalLock Lock) TakeLock(string folder, Guid push, ProcessHost host)
    {
        string caller = push.ToString();
        if (JournalLock.TryTake(folder, SubjectOf(caller), isTransient: true, host) is { } free) return (caller, free);
        caller = Guid.NewGuid().ToString();
        return (caller, JournalLock.Take(folder, SubjectOf(caller), host));
    }

    private static string SubjectOf(string caller) => "caller " + caller;

    private static string DayOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static TimeSpan Later(TimeSpan wait) => wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;

    private void DropPaceOfAnotherClock(DateTimeOffset now) =>
        Run("DELETE FROM call_pace WHERE instance = $instance AND since > $soon", ("$soon", (now + PaceRules.ClockTolerance).UtcTicks));

    private (double Share, DateTimeOffset PausedUntil) ReadPace(DateTimeOffset now)
    {
        DropPaceOfAnotherClock(now);
        var command = Command("SELECT share, since, paused_until FROM call_pace WHERE instance = $instance");
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return (1, DateTimeOffset.MinValue);
        var pausedUntil = new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero);
        return (
            PaceRules.Recovered(reader.GetDouble(0), now - new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero)),
            pausedUntil > now + PaceRules.LongestPause ? DateTimeOffset.MinValue : pausedUntil);
    }

    private (long All, long UnderWay, long Own, long? NextFree) ReadCalls()
    {
        var command = Command("""
            SELECT COUNT(*), COUNT(*) - COUNT(free_at), COALESCE(SUM(free_at IS NULL AND caller = $caller), 0), MIN(free_at)
            FROM call WHERE instance = $instance
            """);
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3));
    }

    // Who has calls under way would otherwise always be the first to take a slot that becomes free.
    private long FairShare(int concurrency, DateTimeOffset now)
    {
        long others = Number(
            """
            SELECT COUNT(*) FROM (
                SELECT caller FROM call WHERE instance = $instance AND free_at IS NULL AND caller <> $caller
                UNION
                SELECT caller FROM call_waiter WHERE instance = $instance AND seen > $long_ago AND seen <= $soon AND caller <> $caller)
            """,
            ("$long_ago", (now - s_waiterStays).UtcTicks),
            ("$soon", (now + PaceRules.ClockTolerance).UtcTicks))!.Value;
        return (concurrency + others) / (others + 1);
    }

    private CallTurn WaitForOthers(DateTimeOffset now)
    {
        Run(
            "INSERT INTO call_waiter (instance, caller, seen) VALUES ($instance, $caller, $now) ON CONFLICT (instance, caller) DO UPDATE SET seen = $now",
            ("$now", now.UtcTicks));
        FreeTheDead(now);
        return new CallTurn(null, s_lookAgain);
    }

    // Calls of a process that was killed have nobody to end them. Returns whether there were any.
    private bool FreeTheDead(DateTimeOffset now)
    {
        var callers = new List<string>();
        using (var reader = Command("SELECT DISTINCT caller FROM call WHERE instance = $instance AND free_at IS NULL AND caller <> $caller").ExecuteReader())
        {
            while (reader.Read()) callers.Add(reader.GetString(0));
        }

        string[] dead = [.. callers.Where(caller => !JournalLock.IsHeld(_folder, SubjectOf(caller), _host))];
        foreach (string caller in dead) Free(caller, now);
        return dead.Length > 0;
    }

    // What its process has sent may have arrived at the last moment.
    private bool Free(string caller, DateTimeOffset now) => Run(
        "UPDATE call SET free_at = $free_at WHERE instance = $instance AND caller = $other AND free_at IS NULL",
        ("$free_at", (now + PaceRules.Window).UtcTicks),
        ("$other", caller));

    private T Write<T>(Func<T> work)
    {
        lock (_lock)
        {
            if (_isDisposed) return default!;
            return JournalFile.MapErrors(_path, () =>
            {
                using var transaction = _transaction = _connection.BeginTransaction(deferred: false);
                foreach (var (call, endedAt) in _ended) EndCall(call, endedAt);
                var result = work();
                transaction.Commit();
                _ended.Clear();
                return result;
            }, _host);
        }
    }

    private void EndCall(long call, DateTimeOffset endedAt) => Run(
        "UPDATE call SET free_at = $free_at WHERE call_key = $call AND instance = $instance",
        ("$call", call),
        ("$free_at", (endedAt + PaceRules.Window).UtcTicks));

    private long? Number(string sql, params (string Name, object Value)[] values) => Command(sql, values).ExecuteScalar() as long?;

    private bool Run(string sql, params (string Name, object Value)[] values)
    {
        Command(sql, values).ExecuteNonQuery();
        return true;
    }

    // Prepared once: they run for each call.
    private SqliteCommand Command(string sql, params (string Name, object Value)[] values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this file's own.
            command.CommandText = sql;
#pragma warning restore CA2100
            _commands[sql] = command;
        }

        command.Transaction = _transaction;
        command.Parameters.Clear();
        if (sql.Contains("$instance", StringComparison.Ordinal)) command.Parameters.AddWithValue("$instance", _instance);
        if (sql.Contains("$caller", StringComparison.Ordinal)) command.Parameters.AddWithValue("$caller", _caller);
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
