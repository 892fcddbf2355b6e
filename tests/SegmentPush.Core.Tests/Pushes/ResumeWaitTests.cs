using Microsoft.Data.Sqlite;
using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Segments;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A resume waits only for a call that may still create people, and never longer than such a call can run.</summary>
public sealed class ResumeWaitTests
{
    private const string Sync = "/rest/v1/leads.json";

    [Theory]
    [InlineData("607", "Daily API Quota reached")]
    [InlineData("603", "Access denied")]
    public async Task After_a_refusal_nothing_is_waited_for_and_nobody_is_looked_up(string code, string message)
    {
        await using var it = await PushFixture.StartAsync();
        it.Delivery = Delivery.Sync;
        it.Marketo.Inject(SandboxFault.Error(code, message) with { Path = Sync });
        var stopped = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(700));
        Assert.Equal(700, stopped.NotDelivered);
        it.Marketo.ClearFaults();
        it.Marketo.ForgetCalls();

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, 700, 700), (resumed.State, resumed.Created, it.Marketo.PersonCount));
        Assert.DoesNotContain(it.Events, e => e is PushWarned { Message: var text } && text.English.Contains("Waiting", StringComparison.Ordinal));
        Assert.False(it.Calls().ContainsKey("lookup"));
    }

    [Fact]
    public async Task A_call_that_was_stopped_while_it_waited_for_its_turn_is_not_waited_for()
    {
        await using var it = await PushFixture.StartAsync(callsPer20Seconds: 5);
        it.Delivery = Delivery.Sync;
        using var stop = new CancellationTokenSource();
        var stopped = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            People(1500),
            happened: e =>
            {
                if (e is CallFinished { Report.Call: "POST " + Sync }) stop.CancelAfter(TimeSpan.FromMilliseconds(300));
            },
            cancellation: stop.Token);
        Assert.Equal(PushState.Interrupted, stopped.State);
        using var other = await PushFixture.ConnectAsync(it.Marketo);

        var resumed = await it.ResumeAsync(stopped.Id, other);

        Assert.Equal((PushState.Completed, 1500, 1500), (resumed.State, it.Marketo.PersonCount, it.Members().Length));
        Assert.DoesNotContain(it.Events, e => e is PushWarned { Message: var text } && text.English.Contains("Waiting", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_clock_that_was_wrong_by_a_day_at_the_stop_makes_no_one_wait_for_a_day(int days)
    {
        var time = new HurriedTime(50);
        await using var it = await PushFixture.StartAsync(
            new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time, Latency = TimeSpan.FromSeconds(40) }, time);
        it.Delivery = Delivery.Sync;
        using var stop = new CancellationTokenSource();
        var pushing = it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(300), cancellation: stop.Token);
        await Task.Delay(400, CancellationToken.None);
        await stop.CancelAsync();
        var stopped = await pushing;
        JournalSetup.Execute(it.Folder, $"UPDATE push SET touched = touched + {days * TimeSpan.TicksPerDay}; UPDATE person SET sent = sent + {Math.Max(0, days) * TimeSpan.TicksPerDay}");

        var started = DateTime.UtcNow;
        var resumed = await it.ResumeAsync(stopped.Id, cancellation: new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

        Assert.Equal((PushState.Completed, 300), (resumed.State, it.Marketo.PersonCount));
        Assert.InRange(DateTime.UtcNow - started, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_member_whose_update_was_under_way_at_the_stop_is_no_addition_after_the_resume()
    {
        var time = new HurriedTime(50);
        await using var fixture = await DestinationFixture.StartAsync(
            PushMode.Mirror, options: new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time, Latency = TimeSpan.FromSeconds(60) }, time: time);
        await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");
        using var stop = new CancellationTokenSource();
        var pushing = fixture.Push.WatchAsync(
            Push.RunAsync(fixture.OptionsFor(), [PushSource.OpenFile(fixture.File("email,first", "ann@example.com,Anna", "bob@example.com,Bob"), FormOptions.None)], stop.Token), null);
        while (!IsSent(fixture.Push.Folder)) await Task.Delay(5, CancellationToken.None);
        await Task.Delay(100, CancellationToken.None);
        await stop.CancelAsync();
        var stopped = await pushing;
        Assert.Equal((PushState.Interrupted, 1), (stopped.State, stopped.NotDelivered));

        var resumed = await fixture.Push.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, 0, 2, true), (resumed.State, resumed.Added, resumed.AlreadyMember, resumed.IsVerified));
        Assert.Equal((0L, 0L), (fixture.ListSumsOf(resumed).RemovedByOthers, fixture.ListSumsOf(resumed).Added));
        Assert.Equal("Anna", fixture.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
    }

    private static bool IsSent(string folder)
    {
        using var journal = new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Pooling=False");
        journal.Open();
        using var command = journal.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM person WHERE sent IS NOT NULL AND outcome = 0";
        return (long)command.ExecuteScalar()! > 0;
    }

    private static IEnumerable<string[]> People(int count) => Enumerable.Range(0, count).Select(i => new[] { $"p{i}@example.com", "Name" });
}
