using Npgsql;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>The calls of several machines, in one ledger in PostgreSQL.</summary>
public sealed class SharedLedgerTests
{
    private static readonly ProcessHost s_paris = new() { MachineName = "paris" }, s_rome = new() { MachineName = "rome" };
    private static readonly DateOnly s_day = new(2026, 11, 27);

    [Fact]
    public void Calls_that_wait_together_are_granted_by_one_question_and_count_at_once()
    {
        var address = PostgresServer.Shared.NewJournal();
        using var one = address.OpenLedger("instance", s_paris);
        using var other = address.OpenLedger("instance", s_rome);

        long?[] calls = [.. Enumerable.Range(0, 3).Select(i => one.TryEnter(new CallBudget(4, 10, 1_000, s_day, Wanted: i == 0 ? 3 : 1), default).Call)];

        Assert.Equal(3, calls.OfType<long>().Distinct().Count());
        Assert.Equal((3, 1), (Count(address, "call"), Count(address, "(SELECT DISTINCT granted FROM segmentpush.call) g", isTable: false)));
        Assert.NotNull(other.TryEnter(new CallBudget(4, 10, 1_000, s_day), default).Call);
        Assert.Null(other.TryEnter(new CallBudget(4, 10, 1_000, s_day), default).Call);
    }

    [Fact]
    public void A_grant_that_was_not_used_in_time_is_given_back()
    {
        var address = PostgresServer.Shared.NewJournal();
        var clock = new JumpingClock();
        using var slow = address.OpenLedger("instance", s_paris with { Time = clock });
        var budget = new CallBudget(100, 10, 1_000, s_day, Wanted: 3);
        long first = slow.TryEnter(budget, default).Call!.Value;

        clock.Ahead = TimeSpan.FromMinutes(5);
        long next = slow.TryEnter(budget with { Wanted = 1 }, default).Call!.Value;

        Assert.True(next > first + 2, "A grant of five minutes ago was used.");
        Assert.Equal(2, Count(address, "call"));
        Assert.Equal(2, Count(address, "(SELECT generate_series(1, used) FROM segmentpush.call_day) u", isTable: false));
    }

    [Fact]
    public async Task Calls_that_nobody_makes_leave_their_places_to_other_machines()
    {
        var address = PostgresServer.Shared.NewJournal();
        var budget = new CallBudget(100, 4, 1_000, s_day);
        using var left = address.OpenLedger("instance", s_paris);
        using var other = address.OpenLedger("instance", s_rome);

        // Those who waited with the first one have gone to the ledger of a newer push.
        left.Ended(left.TryEnter(budget with { Wanted = 4 }, default).Call!.Value, default);
        int granted = 0;
        for (int attempt = 0; granted < 4 && attempt < 200; attempt++)
        {
            if (other.TryEnter(budget, default).Call is not null) granted++;
            else await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal(4, granted);
    }

    [Fact]
    public async Task A_caller_that_could_not_show_that_it_lives_calls_only_when_it_can()
    {
        var address = PostgresServer.Shared.NewJournal();
        string database = DatabaseOf(address);
        const string Lock = "1398099028, 1";
        PostgresServer.Shared.Execute($"ALTER DATABASE {database} SET statement_timeout = '200ms'", database);
        await using var before = PostgresServer.Shared.Connect(database);
        Execute(before, $"SELECT pg_advisory_lock({Lock})");

        var error = Assert.Throws<SegmentPushException>(() => (address with { Timeout = TimeSpan.FromSeconds(1) }).OpenLedger("instance", s_paris).Dispose());
        Assert.Equal("JournalUnreachable", error.ErrorId);

        PostgresServer.Shared.Execute("ALTER SEQUENCE segmentpush.caller_lock RESTART", database);
        var opening = Task.Run(() => address.OpenLedger("instance", s_paris), TestContext.Current.CancellationToken);
        await Task.Delay(600, TestContext.Current.CancellationToken);
        Execute(before, $"SELECT pg_advisory_unlock({Lock})");
        using var ledger = await opening;
        Assert.NotNull(ledger.TryEnter(new CallBudget(100, 10, 1_000, s_day), default).Call);
        Assert.Equal(1, Count(address, "pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database() AND locktype = 'advisory' AND classid = 1398099028 AND granted", isTable: false));
    }

    [Fact]
    public async Task A_process_whose_push_was_taken_over_gets_no_leave_to_call()
    {
        var address = PostgresServer.Shared.NewJournal();
        var push = JournalSetup.NewPush("Webinar");
        using var frozen = PushJournal.Open(address, s_paris);
        frozen.BeginPush(push);
        using var ledger = frozen.OpenLedger("instance", push.Id);
        Assert.NotNull(ledger.TryEnter(new CallBudget(100, 10, 1_000, s_day), default).Call);
        using var other = PushJournal.Open(address, s_rome);
        PostgresServer.Shared.Execute("UPDATE segmentpush.session SET expires = clock_timestamp()", DatabaseOf(address));
        await other.Lifecycle.TakeOverAsync(push.Id, false, TestContext.Current.CancellationToken);

        var error = Assert.Throws<SegmentPushException>(() => ledger.TryEnter(new CallBudget(100, 10, 1_000, s_day), default));

        Assert.Equal("JournalLeaseLost", error.ErrorId);
    }

    [Fact]
    public void Calls_whose_grant_was_lost_on_the_way_take_no_place_and_count_for_nothing()
    {
        var near = PostgresServer.Shared.NewJournal();
        using var way = new FarServer(PostgresServer.Shared.Port, TimeSpan.Zero);
        var budget = new CallBudget(100, 10, 1_000, s_day, Wanted: 10);
        using var ledger = PostgresAddress.Parse($"postgresql://owner@127.0.0.1:{way.Port}/{DatabaseOf(near)}?sslmode=disable", mayHoldPassword: false).OpenLedger("instance", s_paris);
        long known = ledger.TryEnter(budget with { Wanted = 1 }, default).Call!.Value;

        way.LoseAnswer();
        long?[] calls = [.. Enumerable.Range(0, 9).Select(_ => ledger.TryEnter(budget, default).Call)];

        Assert.Equal(9, calls.OfType<long>().Distinct().Count());
        Assert.DoesNotContain(known, calls.OfType<long>());
        Assert.Equal(10, Count(near, "call"));
        Assert.Equal(10, Count(near, "(SELECT generate_series(1, used) FROM segmentpush.call_day) u", isTable: false));
    }

    [Fact]
    public async Task Two_machines_that_ask_for_calls_never_wait_for_each_other()
    {
        var address = PostgresServer.Shared.NewJournal();
        var budget = new CallBudget(100, 10, 1_000, s_day);
        var clock = new JumpingClock();
        using var ledger = address.OpenLedger("instance", s_paris with { Time = clock });
        ledger.TryEnter(budget with { Wanted = 3 }, default);

        // The other machine is in the middle of its question when this one asks, and gives back what it did not use.
        await using var other = PostgresServer.Shared.Connect(DatabaseOf(address));
        Execute(other, "SET lock_timeout = '500ms'; BEGIN; SELECT pg_advisory_xact_lock(1398099029, hashtext('instance'))");
        clock.Ahead = TimeSpan.FromMinutes(5);
        var asks = Task.Run(() => ledger.TryEnter(budget, default), TestContext.Current.CancellationToken);
        while (Count(address, "pg_locks WHERE locktype = 'advisory' AND classid = 1398099029 AND NOT granted", isTable: false) == 0)
            await Task.Delay(20, TestContext.Current.CancellationToken);

        Execute(other, "UPDATE segmentpush.call_day SET used = used + 1; COMMIT");
        Assert.NotNull((await asks).Call);
    }

    [Fact]
    public async Task A_push_that_waits_for_a_place_is_woken_when_a_call_of_another_machine_ends()
    {
        var address = PostgresServer.Shared.NewJournal();
        var budget = new CallBudget(100, 1, 1_000, s_day);
        using var one = address.OpenLedger("instance", s_paris);
        using var other = address.OpenLedger("instance", s_rome);
        long call = one.TryEnter(budget, default).Call!.Value;
        CallTurn turn;
        do
        {
            // It begins to listen when it waits first.
            await Task.Delay(20, TestContext.Current.CancellationToken);
            turn = other.TryEnter(budget, default);
        }
        while (turn.Wait < TimeSpan.FromSeconds(1));
        Assert.False(turn.Sooner!.IsCompleted);

        one.Ended(call, TimeProvider.System.GetUtcNow());

        await turn.Sooner.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.NotNull(other.TryEnter(budget, default).Call);
    }

    [Fact]
    public void All_machines_keep_one_pace_also_with_wrong_clocks()
    {
        var address = PostgresServer.Shared.NewJournal();
        var budget = new CallBudget(3, 10, 1_000, new DateOnly(2026, 11, 27));
        using var one = address.OpenLedger("instance", s_paris);
        using var other = address.OpenLedger("instance", s_rome);
        var now = DateTimeOffset.UnixEpoch;

        Assert.NotNull(one.TryEnter(budget, now).Call);
        Assert.NotNull(other.TryEnter(budget, now.AddYears(50)).Call);
        long third = one.TryEnter(budget, now).Call!.Value;
        Assert.Null(other.TryEnter(budget, now.AddYears(50)).Call);
        one.Ended(third, TimeProvider.System.GetUtcNow());

        // Its next question tells that the call has ended.
        Assert.Null(one.TryEnter(budget, now).Call);
        var turn = other.TryEnter(budget, now);

        Assert.Null(turn.Call);
        // Two that have not ended, and one that counts from its end.
        Assert.InRange(turn.Wait.TotalSeconds, 19, 20.2);
    }

    [Fact]
    public void The_days_quota_and_a_slower_pace_hold_for_all_machines()
    {
        var address = PostgresServer.Shared.NewJournal();
        var day = new DateOnly(2026, 11, 27);
        using var one = address.OpenLedger("instance", s_paris);
        using var other = address.OpenLedger("instance", s_rome);
        one.Learn(day, 9);
        Assert.NotNull(one.TryEnter(new CallBudget(100, 10, 10, day), default).Call);
        Assert.Equal(10, other.TryEnter(new CallBudget(100, 10, 10, day), default).UsedToday);
        var now = TimeProvider.System.GetUtcNow();
        one.SlowDown(now, now.AddSeconds(30), now);
        Assert.InRange(other.TryEnter(new CallBudget(100, 10, 1_000, day), now).Wait.TotalSeconds, 20, 31);
    }

    [Fact]
    public void Calls_of_a_process_that_is_gone_take_no_place()
    {
        var address = PostgresServer.Shared.NewJournal();
        var budget = new CallBudget(100, 1, 1_000, new DateOnly(2026, 11, 27));
        using (var gone = address.OpenLedger("instance", s_paris)) Assert.NotNull(gone.TryEnter(budget, default).Call);
        using var other = address.OpenLedger("instance", s_rome);

        Assert.Null(other.TryEnter(budget, default).Call);
        Assert.NotNull(other.TryEnter(budget, default).Call);
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The texts are this file's own.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static int Count(PostgresAddress address, string what, bool isTable = true)
    {
        using var connection = PostgresServer.Shared.Connect(DatabaseOf(address));
#pragma warning disable CA2100 // A text of a test.
        using var command = new NpgsqlCommand($"SELECT COUNT(*) FROM {(isTable ? "segmentpush." : "")}{what}", connection);
#pragma warning restore CA2100
        return (int)(long)command.ExecuteScalar()!;
    }

    private static string DatabaseOf(PostgresAddress address) => address.ToString().Split('/')[^1];

    // A wall clock that a machine finds ahead once it has slept.
    private sealed class JumpingClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
