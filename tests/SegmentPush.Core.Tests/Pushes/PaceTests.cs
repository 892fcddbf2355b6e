using System.Globalization;
using SegmentPush.Core.Tests.Journal;
using SegmentPush.Core.Tests.Journal.Postgres;
using SegmentPush.Journal;
using SegmentPush.Journal.Sqlite;
using SegmentPush.Marketo;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

// Alone, because a machine that is busy with other tests delays calls on their way.
[CollectionDefinition(nameof(PaceTests), DisableParallelization = true)]
[Collection(nameof(PaceTests))]
public sealed class PaceTests
{
    [Fact]
    public async Task Pushes_of_several_processes_stay_together_inside_what_Marketo_permits()
    {
        var time = new HurriedTime(5);
        var limits = new SandboxOptions { CallsPer20Seconds = 40, ConcurrentCalls = 3, TimeProvider = time, Latency = TimeSpan.FromMilliseconds(5) };
        await using var it = await PushFixture.StartAsync(limits, time, concurrency: 3, callsPer20Seconds: 40);
        it.Marketo.AddStaticList("Third", 1023);
        it.Exist("nobody0@example.com");
        var connections = new List<MarketoConnection>();
        for (int i = 0; i < 3; i++) connections.Add(await PushFixture.ConnectAsync(it.Marketo, time, 3, 40));
        var pushes = connections.Select((connection, i) => it.PushAsync(
            it.OptionsFor(PersonCreation.MatchExisting) with
            {
                Connection = connection,
                StaticList = StaticListReference.Parse(string.Create(CultureInfo.InvariantCulture, $"{1021 + i}")),
            },
            Enumerable.Range(0, 6000).Select(n => new[] { $"nobody{n}@example.com" })));

        var ended = await Task.WhenAll(pushes);

        Assert.All(ended, status => Assert.Equal((PushState.Completed, 5999), (status.State, status.Unmatched)));
        Assert.DoesNotContain(it.Marketo.Calls, call => call.Code is "606" or "615");
        foreach (var connection in connections) connection.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_that_were_held_up_and_quick_ones_after_them_never_share_a_window(bool isShared)
    {
        var time = new HurriedTime(10);
        using var marketo = SandboxInstance.Start(new SandboxOptions { CallsPer20Seconds = 5, TimeProvider = time });
        using var way = new FarServer(marketo.Endpoint.Port, TimeSpan.FromMilliseconds(600));
        using var connection = await PushFixture.ConnectAsync(marketo, time, callsPer20Seconds: 5, endpoint: new Uri($"http://127.0.0.1:{way.Port}"));
        using var folder = new TemporaryFolder();
        using var ledger = isShared ? CallLedger.Open(folder.Path, connection.Instance, null, new ProcessHost { Time = time }) : null;
        using var sharing = ledger is null ? null : connection.Share(ledger, null);

        // The first five arrive three seconds after they were sent, and the next five at once.
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => connection.Facts.GetCallsOfTodayAsync(CancellationToken.None)));
        way.RoundTrip = TimeSpan.Zero;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => connection.Facts.GetCallsOfTodayAsync(CancellationToken.None)));

        Assert.Equal(10, marketo.Calls.Count(call => call.Path == "/rest/v1/stats/usage.json"));
        Assert.DoesNotContain(marketo.Calls, call => call.Code is "606");
    }

    [Fact]
    public async Task Calls_of_before_a_push_count_in_its_ledger()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions());
        using var connection = await PushFixture.ConnectAsync(marketo, callsPer20Seconds: 5);
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 3; i++) await connection.Facts.GetCallsOfTodayAsync(CancellationToken.None);
        using var ledger = CallLedger.Open(folder.Path, connection.Instance, null);
        using var sharing = connection.Share(ledger, null);
        using var other = CallLedger.Open(folder.Path, connection.Instance, null);
        var now = DateTimeOffset.UtcNow;
        var budget = new CallBudget(5, 5, 1000, DateOnly.FromDateTime(now.UtcDateTime));

        Assert.Equal(2, Enumerable.Range(0, 3).Count(_ => other.TryEnter(budget, now).Call is not null));
    }

    [Fact]
    public void A_push_can_be_resumed_while_its_ledger_waits_for_calls_of_other_pushes()
    {
        using var folder = new TemporaryFolder();
        var (push, now) = (Guid.NewGuid(), DateTimeOffset.UtcNow);
        var budget = new CallBudget(1, 1, 1000, DateOnly.FromDateTime(now.UtcDateTime));
        var ended = new LastingLedger(CallLedger.Open(folder.Path, "000-SBX-000", push));
        long call = ended.TryEnter(budget, now).Call!.Value;
        ended.Dispose();

        using var resumed = CallLedger.Open(folder.Path, "000-SBX-000", push);

        // The call of the other push still takes its place.
        Assert.Null(resumed.TryEnter(budget, now).Call);
        ended.Ended(call, now);
        Assert.NotNull(resumed.TryEnter(budget, now + PaceRules.Window).Call);
    }

    [Fact]
    public void A_ledger_that_is_closed_while_calls_of_other_pushes_run_ends_them_too()
    {
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var budget = new CallBudget(50, 1, 1000, DateOnly.FromDateTime(now.UtcDateTime));
        var ended = new LastingLedger(CallLedger.Open(folder.Path, "000-SBX-000", null));
        using var other = CallLedger.Open(folder.Path, "000-SBX-000", null);
        long call = ended.TryEnter(budget, now).Call!.Value;

        ended.Dispose();

        // Its place stays taken until Marketo has answered.
        for (int i = 0; i < 3; i++) Assert.Null(other.TryEnter(budget, now).Call);
        Assert.Null(ended.TryEnter(budget, now).Call);
        ended.Ended(call, now);
        Assert.NotNull(other.TryEnter(budget, now).Call);
    }

    [Fact]
    public async Task The_reserve_of_the_daily_quota_is_never_touched_and_the_push_can_be_continued()
    {
        await using var it = await PushFixture.StartAsync(dailyCallQuota: 1000);
        it.Marketo.CallsToday = 890;

        var status = await it.PushAsync(PersonCreation.MatchExisting, Enumerable.Range(0, 6000).Select(n => new[] { $"nobody{n}@example.com" }));

        Assert.Equal(900, it.Marketo.CallsToday);
        Assert.Equal(PushState.Interrupted, status.State);
        Assert.Equal(6000 - status.Unmatched, status.NotDelivered + 6000 - status.Received);
        Assert.Equal("DailyReserveReached", it.Error!.ErrorId);
        var resets = Assert.IsAssignableFrom<MarketoException>(it.Error).QuotaResets;
        Assert.Contains(resets!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_can_keep_another_reserve_than_its_connection()
    {
        await using var it = await PushFixture.StartAsync(dailyCallQuota: 1000);
        it.Marketo.CallsToday = 890;
        it.Exist("nobody0@example.com");

        var status = await it.PushAsync(
            it.OptionsFor(PersonCreation.MatchExisting) with { DailyCallReserve = 5 },
            Enumerable.Range(0, 6000).Select(n => new[] { $"nobody{n}@example.com" }));

        Assert.Equal(PushState.Completed, status.State);
        Assert.Equal(890 + 3 + 20 + 1, it.Marketo.CallsToday);
    }

    [Fact]
    public async Task Where_Marketo_does_not_tell_todays_use_the_push_says_so_and_goes_on()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.Inject(SandboxFault.Error("603", "Access denied") with { Path = "/rest/v1/stats/usage.json" });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]]);

        Assert.Equal(PushState.Completed, status.State);
        Assert.Contains(it.Events, e => e is SegmentPush.Pushes.PushWarned { Message: var message } && message.English.Contains("quota", StringComparison.Ordinal));
    }

    [Fact]
    public void A_slot_of_a_process_that_was_killed_is_free_again()
    {
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var budget = new CallBudget(50, 1, 1000, DateOnly.FromDateTime(now.UtcDateTime));
        using (var killed = CallLedger.Open(folder.Path, "000-SBX-000", null)) Assert.NotNull(killed.TryEnter(budget, now).Call);
        using var next = CallLedger.Open(folder.Path, "000-SBX-000", null);

        next.TryEnter(budget, now);

        Assert.NotNull(next.TryEnter(budget, now).Call);
    }

    [Fact]
    public void Who_waits_gets_a_fair_share_of_the_slots()
    {
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var budget = new CallBudget(50, 4, 1000, DateOnly.FromDateTime(now.UtcDateTime));
        using var first = CallLedger.Open(folder.Path, "000-SBX-000", null);
        using var second = CallLedger.Open(folder.Path, "000-SBX-000", null);
        var calls = Enumerable.Range(0, 4).Select(_ => first.TryEnter(budget, now).Call!.Value).ToArray();
        Assert.Null(second.TryEnter(budget, now).Call);

        foreach (long call in calls[..2]) first.Ended(call, now);

        Assert.Null(first.TryEnter(budget, now).Call);
        Assert.NotNull(second.TryEnter(budget, now).Call);
        Assert.NotNull(second.TryEnter(budget, now).Call);
        Assert.Null(second.TryEnter(budget, now).Call);
    }

    [Fact]
    public void When_Marketo_asks_one_process_to_slow_down_all_do_and_recover()
    {
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var budget = new CallBudget(50, 4, 1000, DateOnly.FromDateTime(now.UtcDateTime));
        using var first = CallLedger.Open(folder.Path, "000-SBX-000", null);
        using var second = CallLedger.Open(folder.Path, "000-SBX-000", null);

        first.SlowDown(now, now.AddSeconds(3), now);

        Assert.Null(second.TryEnter(budget, now.AddSeconds(2)).Call);
        Assert.Equal(2, Enumerable.Range(0, 4).Count(_ => second.TryEnter(budget, now.AddSeconds(4)).Call is not null));
        Assert.Equal(2, Enumerable.Range(0, 4).Count(_ => second.TryEnter(budget, now.AddSeconds(65)).Call is not null));
    }

    [Fact]
    public void Calls_of_a_killed_process_that_fill_a_small_budget_leave_it_with_the_window()
    {
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var budget = new CallBudget(1, 5, 1000, DateOnly.FromDateTime(now.UtcDateTime));
        using (var killed = CallLedger.Open(folder.Path, "000-SBX-000", null)) Assert.NotNull(killed.TryEnter(budget, now).Call);
        using var next = CallLedger.Open(folder.Path, "000-SBX-000", null);

        Assert.Null(next.TryEnter(budget, now.AddSeconds(1)).Call);

        Assert.NotNull(next.TryEnter(budget, now.AddSeconds(22)).Call);
    }

    [Fact]
    public void A_clock_that_is_put_back_ends_pauses_and_slow_paces_and_does_not_make_them_last_for_hours()
    {
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var budget = new CallBudget(50, 4, 1000, DateOnly.FromDateTime(now.UtcDateTime));
        using var ledger = CallLedger.Open(folder.Path, "000-SBX-000", null);
        ledger.SlowDown(now, now.AddMinutes(4), now);
        Assert.Null(ledger.TryEnter(budget, now.AddMinutes(3)).Call);
        var earlier = now.AddHours(-3);

        Assert.Equal(4, Enumerable.Range(0, 5).Count(_ => ledger.TryEnter(budget, earlier).Call is not null));

        ledger.SlowDown(earlier, earlier.AddSeconds(5), earlier);
        Assert.Null(ledger.TryEnter(budget, earlier.AddSeconds(4)).Call);
    }

    [Fact]
    public void A_clock_that_is_put_back_leaves_nobody_waiting_for_hours()
    {
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var budget = new CallBudget(50, 4, 1000, DateOnly.FromDateTime(now.UtcDateTime));
        using var first = CallLedger.Open(folder.Path, "000-SBX-000", null);
        using (var second = CallLedger.Open(folder.Path, "000-SBX-000", null))
        {
            long[] calls = [.. Enumerable.Range(0, 4).Select(_ => first.TryEnter(budget, now).Call!.Value)];
            Assert.Null(second.TryEnter(budget, now).Call);
            foreach (long call in calls) first.Ended(call, now);
        }

        Assert.Equal(4, Enumerable.Range(0, 4).Count(_ => first.TryEnter(budget, now.AddHours(-3)).Call is not null));
    }

    [Fact]
    public async Task A_process_whose_lock_was_looked_at_while_it_took_it_is_alive()
    {
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var budget = new CallBudget(50, 1, 1000, DateOnly.FromDateTime(now.UtcDateTime));
        using var other = CallLedger.Open(folder.Path, "000-SBX-000", null);
        var push = Guid.NewGuid();
        var held = JournalLock.TryTake(folder.Path, $"caller {push}", isTransient: true);
        var opening = Task.Run(() => CallLedger.Open(folder.Path, "000-SBX-000", push));
        await Task.Delay(200);
        held!.Dispose();
        using var ledger = await opening;

        Assert.NotNull(ledger.TryEnter(budget, now).Call);
        for (int i = 0; i < 3; i++) Assert.Null(other.TryEnter(budget, now).Call);
    }

    [Fact]
    public void A_lock_that_is_given_back_and_taken_by_many_is_never_held_twice()
    {
        using var folder = new TemporaryFolder();
        int holders = 0, most = 0;
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 200; i++)
            {
                using var held = JournalLock.TryTake(folder.Path, "caller x", isTransient: true);
                if (held is null) continue;
                int now = Interlocked.Increment(ref holders);
                if (now > Volatile.Read(ref most)) Volatile.Write(ref most, now);
                Assert.True(JournalLock.IsHeld(folder.Path, "caller x"));
                Interlocked.Decrement(ref holders);
            }
        });

        Assert.Equal(1, most);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_call_whose_end_could_not_be_noted_leaves_its_place_all_the_same()
    {
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var budget = new CallBudget(50, 1, 1000, DateOnly.FromDateTime(now.UtcDateTime));
        using var ledger = CallLedger.Open(folder.Path, "000-SBX-000", null);
        long call = ledger.TryEnter(budget, now).Call!.Value;
        JournalSetup.Execute(folder.Path, "CREATE TRIGGER fault BEFORE UPDATE ON call BEGIN SELECT RAISE(ABORT, 'fault'); END");
        Assert.Throws<SegmentPushException>(() => ledger.Ended(call, now));
        JournalSetup.Execute(folder.Path, "DROP TRIGGER fault");

        Assert.NotNull(ledger.TryEnter(budget, now.AddSeconds(1)).Call);
    }

    [Fact]
    public void Calls_that_were_counted_for_a_day_to_come_are_forgotten_once_the_clock_is_right()
    {
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        using var ledger = CallLedger.Open(folder.Path, "000-SBX-000", null);
        ledger.Learn(today.AddDays(1), 1000);

        ledger.Learn(today, 10);

        Assert.NotNull(ledger.TryEnter(new CallBudget(50, 5, 900, today.AddDays(1)), now).Call);
    }

    [Fact]
    public async Task A_failed_question_for_the_days_use_is_asked_again_later()
    {
        const string Usage = "/rest/v1/stats/usage.json";
        await using var it = await PushFixture.StartAsync(time: new HurriedTime(4000));
        it.Marketo.Inject(SandboxFault.Error("603", "Access denied") with { Path = Usage, After = 1, Times = 1 });
        await using var shared = await SegmentPush.Pushes.SharedCalls.OpenAsync(
            it.OptionsFor(PersonCreation.MatchExisting), instance => it.Journal.OpenLedger(instance, it.Connection.Host), _ => { }, CancellationToken.None);

        for (int i = 0; i < 200 && it.Marketo.Calls.Count(call => call.Path == Usage) < 3; i++) await Task.Delay(50);

        Assert.Equal("603", it.Marketo.Calls.Where(call => call.Path == Usage).ElementAt(1).Code);
        Assert.True(it.Marketo.Calls.Count(call => call.Path == Usage) >= 3);
    }
}
