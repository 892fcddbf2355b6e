using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class PushLockTests
{
    [Theory]
    [InlineData(PersonCreation.MatchExisting)]
    [InlineData(PersonCreation.MatchExistingAndCreateMissing)]
    public async Task A_second_push_into_a_list_ends_with_an_error_that_names_the_first(PersonCreation creation)
    {
        await using var it = await PushFixture.StartAsync(SlowMarketo(5000));
        it.Exist("p0@example.com");
        using var stop = new CancellationTokenSource();
        var first = new TaskCompletionSource<Guid>();
        var running = it.PushAsync(creation, People(600), happened: e => Started(e, first), cancellation: stop.Token);
        var firstId = await first.Task;

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.PushAsync(creation, People(1)));

        Assert.Equal("ListBusy", error.ErrorId);
        Assert.Contains(PushIds.Short(firstId), error.Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        Assert.Equal(PushState.Interrupted, (await running).State);
    }

    [Fact]
    public async Task Pushes_that_create_take_turns_also_into_different_lists_and_say_so()
    {
        await using var it = await PushFixture.StartAsync(SlowMarketo(300));
        var first = new TaskCompletionSource<Guid>();
        var running = it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(600), happened: e => Started(e, first));
        var firstId = await first.Task;
        it.List = "1022";
        var warnings = new List<string>();

        var second = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(600), happened: e =>
        {
            if (e is SegmentPush.Pushes.PushWarned warned) warnings.Add(warned.Message.English);
        });

        Assert.Equal((600, 600, 600), ((await running).Created, second.Updated, it.Marketo.PersonCount));
        Assert.Contains(PushIds.Short(firstId), Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_push_can_wait_and_makes_nobody_twice()
    {
        await using var it = await PushFixture.StartAsync(SlowMarketo(300));
        it.WaitForList = TimeSpan.FromMinutes(1);
        var first = new TaskCompletionSource<Guid>();
        var running = it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(600), happened: e => Started(e, first));
        await first.Task;

        var second = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(600));

        Assert.Equal((600, 600, 600), ((await running).Created, second.Updated, it.Marketo.PersonCount));
    }

    [Fact]
    public void A_push_whose_process_is_gone_is_told_as_interrupted_with_all_its_people()
    {
        using var folder = new TemporaryFolder();
        var id = Guid.NewGuid();
        using (var journal = PushJournal.Open(folder.Path))
        {
            long key = journal.BeginPush(new PushStatus
            {
                Id = id, State = PushState.Running, Instance = "x", StaticListId = 1, StaticListName = "x", Source = ["a.csv"], Started = DateTimeOffset.UtcNow,
                PersonCreation = PersonCreation.MatchExisting, ExistingPeople = ExistingPeople.Keep, Delivery = Delivery.Sync,
            });
            journal.Settle(key, [], journal.History.Get(new PushFilter()).Single() with { Received = 10, Added = 4 });
            Assert.Equal(PushState.Running, journal.History.Get(new PushFilter()).Single().State);
        }

        using var reader = PushJournal.Open(folder.Path);
        var push = Assert.Single(reader.History.Get(new PushFilter { States = [PushState.Interrupted] }));
        Assert.Equal((10, 4, 6), (push.Received, push.Activated, push.NotDelivered));
        Assert.Empty(reader.History.Get(new PushFilter { States = [PushState.Running] }));
    }

    private static SandboxOptions SlowMarketo(int milliseconds) =>
        new() { CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(milliseconds) };

    private static void Started(SegmentPush.Pushes.PushEvent e, TaskCompletionSource<Guid> first)
    {
        if (e is SegmentPush.Pushes.PushStarted started) first.TrySetResult(started.Status.Id);
    }

    private static IEnumerable<string[]> People(int count) => Enumerable.Range(0, count).Select(i => new[] { $"p{i}@example.com", "x" });
}
