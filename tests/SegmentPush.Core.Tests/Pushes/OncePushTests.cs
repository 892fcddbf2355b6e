using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Pushes;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Two machines may run the same task: the segment is pushed once.</summary>
public sealed class OncePushTests
{
    private static readonly string[] s_rows = ["email,first", "a@example.com,A", "b@example.com,B"];

    [Theory]
    [MemberData(nameof(TestJournal.Databases), MemberType = typeof(TestJournal))]
    public async Task Of_two_pushes_at_the_same_time_one_pushes_and_the_other_ends_as_already_pushed(string database)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, database: database);
        string one = fixture.File(s_rows), other = fixture.File(s_rows);

        var ended = await Task.WhenAll(OnceAsync(fixture, one), OnceAsync(fixture, other));

        Assert.Equal([PushState.Completed, PushState.AlreadyPushed], ended.Select(push => push.State).Order());
        var done = ended.Single(push => push.State == PushState.Completed);
        var idle = ended.Single(push => push.State == PushState.AlreadyPushed);
        Assert.Equal((2, 0, 0), (done.Created, idle.Received, idle.ExitCode));
        Assert.Contains(done.ShortId, idle.Reason, StringComparison.Ordinal);
        Assert.Equal(2, fixture.Marketo.PersonCount);
        using var journal = PushJournal.Open(fixture.Push.Journal);
        Assert.Equal(PushState.AlreadyPushed, journal.History.Get(idle.Id).State);
        Assert.Equal(
            "NothingToResume",
            (await Assert.ThrowsAsync<SegmentPushException>(() => journal.Lifecycle.TakeOverAsync(idle.Id, false, TestContext.Current.CancellationToken))).ErrorId);
    }

    [Fact]
    public async Task Other_content_another_rule_or_a_push_in_between_is_pushed()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string[] rows = ["email,first", .. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i}")];
        string file = fixture.File(rows), changed = fixture.File([.. rows, "c@example.com,C"]);
        Assert.Equal(PushState.Completed, (await OnceAsync(fixture, file)).State);
        Assert.Equal(PushState.AlreadyPushed, (await OnceAsync(fixture, file)).State);
        Assert.Equal((PushState.Completed, 1), (await OnceAsync(fixture, changed)) is var push ? (push.State, push.Created) : default);
        Assert.Equal((PushState.Completed, 1), (await OnceAsync(fixture, file)) is var back ? (back.State, back.Removed) : default);

        fixture.Save(fixture.Destination with { Mapping = [new("email", "email", "Email")] });
        Assert.Equal(PushState.Completed, (await OnceAsync(fixture, file)).State);
        Assert.Equal(PushState.Completed, (await fixture.PushFilesAsync([file])).State);
    }

    [Fact]
    public async Task A_list_that_a_push_in_between_has_left_half_changed_is_brought_in_step_again()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string file = fixture.File(["email,first", .. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i}")]);
        string wrong = fixture.File(["email,first", .. Enumerable.Range(0, 20).Select(i => $"w{i}@example.com,W{i}")]);
        Assert.Equal(PushState.Completed, (await OnceAsync(fixture, file)).State);
        Assert.Equal((PushState.Failed, 20L), (await OnceAsync(fixture, wrong)) is var stopped ? (stopped.State, stopped.Added) : default);

        var push = await OnceAsync(fixture, file, force: true);

        Assert.Equal((PushState.Completed, 20L), (push.State, push.Removed));
        Assert.Equal(30, fixture.Push.Members().Length);
        Assert.Equal(PushState.AlreadyPushed, (await OnceAsync(fixture, file)).State);
    }

    [Theory]
    [InlineData(Delivery.Sync)]
    [InlineData(Delivery.Bulk)]
    public async Task Fields_that_a_push_in_between_has_written_before_it_failed_are_written_again(Delivery delivery)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        fixture.Push.MaxRejectPercent = 50;
        string file = fixture.File(["email,first", .. Enumerable.Range(0, 3).Select(i => $"p{i}@example.com,P{i}")]);
        string wrong = fixture.File(["email,first", .. Enumerable.Range(0, 3).Select(i => $"p{i}@example.com,Wrong"), .. Enumerable.Range(0, 30).Select(i => $"no address {i},X")]);
        Assert.Equal(PushState.Completed, (await OnceAsync(fixture, file)).State);
        fixture.Push.Delivery = delivery;
        Assert.Equal((PushState.Failed, 0L, 3L), (await OnceAsync(fixture, wrong)) is var failed ? (failed.State, failed.Added, failed.AlreadyMember) : default);
        fixture.Push.Delivery = Delivery.Auto;

        var push = await OnceAsync(fixture, file);

        Assert.Equal((PushState.Completed, 3L), (push.State, push.Updated));
        Assert.Equal(["P0", "P1", "P2"], Enumerable.Range(0, 3).Select(i => fixture.Marketo.FindPeople("email", $"p{i}@example.com")[0]["firstName"]));
    }

    [Fact]
    public async Task A_push_of_a_plan_that_was_forced_counts_as_one_of_the_same_content()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        string file = fixture.File(s_rows);
        string digest = await PlanFile.DigestAsync(
            new ListReader(fixture.Push.Connection, fixture.Destination.StaticListId, "email", fixture.OptionsFor().Bulk, _ => { }), 0, TestContext.Current.CancellationToken);
        Assert.Equal(PushState.Completed, (await OnceAsync(fixture, file, plannedList: digest, force: true)).State);

        Assert.Equal(PushState.AlreadyPushed, (await OnceAsync(fixture, file)).State);
    }

    [Fact]
    public async Task A_push_that_had_nothing_to_do_leaves_the_reject_file_of_the_one_that_had()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        string file = fixture.File([.. s_rows, "no address,C"]), rejected = Path.Combine(fixture.Push.Folder, "rejected.csv");
        Assert.Equal(1, (await OnceAsync(fixture, file, rejected)).Rejected);

        Assert.Equal(PushState.AlreadyPushed, (await OnceAsync(fixture, file, rejected)).State);

        Assert.True(File.Exists(rejected));
    }

    [Fact]
    public async Task Rows_of_a_pipeline_are_refused_because_nothing_tells_whether_they_are_the_same()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        var options = fixture.OptionsFor() with { Once = true };

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.Push.PushAsync(options, [["a@example.com", "A", "", ""]]));

        Assert.Equal("ParameterConflict", error.ErrorId);
        Assert.Equal(0, fixture.Marketo.PersonCount);
    }

    private static Task<PushStatus> OnceAsync(DestinationFixture fixture, string file, string? rejectPath = null, string? plannedList = null, bool force = false)
    {
        var options = fixture.OptionsFor();
        return fixture.Push.WatchAsync(
            Push.RunAsync(
                options with
                {
                    Once = true,
                    WaitForList = TimeSpan.FromMinutes(2),
                    RejectPath = rejectPath,
                    Destination = options.Destination! with { PlannedList = plannedList, Force = force },
                },
                [PushSource.OpenFile(file, new FormOptions())],
                TestContext.Current.CancellationToken),
            null);
    }
}
