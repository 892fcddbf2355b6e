using System.Globalization;
using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Success means that somebody arrived.</summary>
public sealed class ArrivalTests
{
    [Theory]
    [InlineData(Delivery.Sync)]
    [InlineData(Delivery.Bulk)]
    public async Task A_push_whose_people_Marketo_does_not_know_activated_nobody_and_says_why(Delivery delivery)
    {
        await using var it = await StartAsync();
        it.Delivery = delivery;

        var status = await it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com"], ["bob@example.com"], ["bad"]]);

        Assert.Equal((PushState.Failed, "NobodyArrived", 4), (status.State, status.ErrorId, status.ExitCode));
        Assert.Equal((4, "NobodyArrived"), (it.Error!.ExitCode, it.Error.ErrorId));
        Assert.Contains("NobodyFound (2 rows)", it.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("example.com", it.Error.Message + it.Error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal((2, 1, 0), (status.Unmatched, status.Rejected, status.NotDelivered));
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(10, 11, false)]
    public async Task More_rejected_rows_than_the_limit_are_no_success_although_the_others_have_arrived(int good, int bad, bool isFine)
    {
        await using var it = await StartAsync();

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [.. People(good), .. Enumerable.Range(0, bad).Select(i => new[] { $"bad{i}" })]);

        Assert.Equal(isFine ? (PushState.Completed, null, 0) : (PushState.Failed, "TooManyRejected", 4), (status.State, status.ErrorId, status.ExitCode));
        Assert.Equal((good, bad), (status.Added, status.Rejected));
        Assert.Equal(isFine ? null : 4, it.Error?.ExitCode);
        if (!isFine) Assert.Contains("11 of 21 rows were rejected, which is more than 50%. The commonest reason is AddressMalformed (11 rows).", it.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(60, true)]
    [InlineData(100, true)]
    public async Task The_limit_is_the_users_and_a_resume_keeps_it(int percent, bool isFine)
    {
        await using var it = await StartAsync(new HurriedTime());
        it.MaxRejectPercent = percent;
        it.Delivery = Delivery.Sync;
        it.Marketo.Inject(SandboxFault.Error("607", "Daily API Quota reached") with { Path = "/rest/v1/leads.json" });
        var stopped = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [.. People(2), ["bad1"], ["bad2"], ["bad3"]]);
        Assert.Equal((PushState.Interrupted, 2), (stopped.State, it.Error!.ExitCode));
        it.Marketo.ClearFaults();
        it.MaxRejectPercent = 1;

        var status = await it.ResumeAsync(stopped.Id);

        Assert.Equal((isFine ? 0 : 4, 2, 3), (status.ExitCode, status.Added, status.Rejected));
    }

    [Theory]
    [InlineData(Delivery.Sync)]
    [InlineData(Delivery.Bulk)]
    public async Task What_Marketo_rejects_counts_like_what_the_mapping_rejects(Delivery delivery)
    {
        await using var it = await StartAsync();
        it.Delivery = delivery;
        it.Marketo.Inject(SandboxFault.RejectRecords("1003", "No", _ => true));

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(5));

        Assert.Equal(("NobodyArrived", 4, 5), (status.ErrorId, status.ExitCode, status.Rejected));
        Assert.Contains(delivery == Delivery.Sync ? "1003 (5 rows)" : "ImportRefused (5 rows)", it.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(999, false)]
    [InlineData(1000, true)]
    [InlineData(30_000, true)]
    public async Task Nothing_is_sent_where_the_first_thousand_rows_are_all_rejected(int bad, bool isStopped)
    {
        await using var it = await StartAsync();
        it.MaxRejectPercent = 100;
        it.RejectPath = Path.Combine(it.Folder, "rejected.csv");
        string file = Write(it, [.. Enumerable.Range(0, bad).Select(i => $"bad{i}"), .. Enumerable.Range(0, 700).Select(Address)]);
        it.Marketo.ForgetCalls();

        var status = await it.PushFileAsync(PersonCreation.MatchExistingAndCreateMissing, file);

        Assert.Equal(isStopped ? 4 : 0, status.ExitCode);
        Assert.Equal(isStopped ? 0 : 700, it.Marketo.PersonCount);
        if (!isStopped) return;
        Assert.Equal((PushState.Failed, "NobodyArrived"), (status.State, status.ErrorId));
        Assert.InRange(status.Rejected, 1000, 1600);
        Assert.Equal(status.Rejected + 1, File.ReadLines(status.RejectPath!).Count());
        Assert.Contains("Nothing was sent: the first 1,0", it.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(it.Calls());

        Assert.Equal("NothingToResume", (await Assert.ThrowsAsync<SegmentPushException>(() => it.ResumeAsync(status.Id))).ErrorId);
    }

    [Fact]
    public async Task Nothing_is_sent_for_a_small_file_whose_rows_are_all_rejected()
    {
        await using var it = await StartAsync();
        it.MaxRejectPercent = 100;

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["bad"], ["worse"]]);

        Assert.Equal((PushState.Failed, "NobodyArrived", 4, 2), (status.State, status.ErrorId, status.ExitCode, status.Rejected));
        Assert.Equal("Nothing was sent: all rows were rejected, 2 of 2. The commonest reason is AddressMalformed (2 rows).", it.Error!.Message);
        Assert.Empty(it.Calls());
    }

    [Fact]
    public async Task A_mirror_whose_rows_are_mostly_rejected_takes_nobody_off_and_goes_on_once_they_are_right()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        fixture.Push.MaxRejectPercent = 50;
        string[] all = [.. Enumerable.Range(0, 20).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(all);

        var push = await fixture.PushFilesAsync([fixture.File(["email,first", "new@example.com,New", .. Enumerable.Range(0, 30).Select(i => $"bad{i},x")])], force: true);

        Assert.Equal((PushState.Failed, "TooManyRejected", 4, 1, 0), (push.State, push.ErrorId, push.ExitCode, push.Added, push.Removed));
        Assert.Equal(21, fixture.Push.Members().Length);
        var again = await fixture.PushAsync(all[1..]);
        Assert.Equal((PushState.Completed, 0, 19, 2, true), (again.State, again.ExitCode, again.AlreadyMember, again.Removed, again.IsVerified));
        Assert.Equal(19, fixture.Push.Members().Length);
    }

    [Fact]
    public async Task A_mirror_that_found_nobody_takes_nobody_off_even_with_force()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, PersonCreation.MatchExisting);
        fixture.Push.Exist("ann@example.com", "bob@example.com");
        await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");

        var push = await fixture.PushFilesAsync([fixture.File("email,first", "Ann,ann@example.com.invalid", "x@example.com,X", "y@example.com,Y")], force: true);

        Assert.Equal(("NobodyArrived", 4, 0, 2), (push.ErrorId, push.ExitCode, push.Removed, push.Unmatched));
        Assert.Equal(2, fixture.Push.Members().Length);
    }

    [Fact]
    public async Task A_mirror_whose_rows_are_all_rejected_takes_nobody_off_even_with_force()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,");

        var push = await fixture.PushFilesAsync([fixture.File("email,first", ",x", ",y")], force: true);

        Assert.Equal(("NobodyArrived", 4, 0), (push.ErrorId, push.ExitCode, push.Removed));
        Assert.Equal(2, fixture.Push.Members().Length);
    }

    [Fact]
    public async Task People_who_are_on_the_list_already_who_leave_it_and_who_were_never_on_it_have_arrived()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta);
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");

        foreach (string row in new[] { "ann@example.com,Ann,realized", "ann@example.com,Ann,exited", "ann@example.com,Ann,exited", "nobody@example.com,No,exited" })
            Assert.Equal((PushState.Completed, 0), ((await fixture.PushAsync(row)).State, fixture.Push.Error?.ExitCode ?? 0));
    }

    [Fact]
    public async Task A_segment_without_rows_is_a_success()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);

        var push = await fixture.PushAsync();

        Assert.Equal((PushState.Completed, 0, 0), (push.State, push.ExitCode, push.Received));
    }

    [Fact]
    public async Task Nobody_arrived_leaves_the_destination_as_it_was_and_the_next_push_works()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, PersonCreation.MatchExisting);
        var first = await fixture.PushAsync("ann@example.com,Ann,");
        Assert.Equal(("NobodyArrived", 4), (first.ErrorId, first.ExitCode));
        fixture.Push.Exist("ann@example.com");

        var second = await fixture.PushAsync("ann@example.com,Ann,");

        Assert.Equal((PushState.Completed, 0, 1), (second.State, second.ExitCode, second.Added));
        Assert.Equal(["ann@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_push_that_brought_nobody_leaves_nothing_to_resume_and_no_copy_of_its_rows()
    {
        await using var it = await StartAsync();
        var status = await it.PushAsync(PersonCreation.MatchExisting, People(3));
        it.Marketo.ForgetCalls();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.ResumeAsync(status.Id));

        Assert.Equal("NothingToResume", error.ErrorId);
        Assert.Contains("NobodyFound", error.Message, StringComparison.Ordinal);
        Assert.Empty(it.Marketo.Calls);
        Assert.Empty(Directory.GetFiles(it.Folder, "spool-*"));
    }

    [Fact]
    public async Task A_plan_says_that_nobody_would_arrive()
    {
        await using var it = await StartAsync();
        it.Exist("ann@example.com");

        Assert.Contains("All rows", (await it.PlanAsync(PersonCreation.MatchExisting, [["bad"]])).ArrivalReason, StringComparison.Ordinal);
        Assert.Contains("Nobody", (await it.PlanAsync(PersonCreation.MatchExisting, [["bob@example.com"]])).ArrivalReason, StringComparison.Ordinal);
        Assert.Contains("2 of 3 rows", (await it.PlanAsync(PersonCreation.MatchExisting, [["ann@example.com"], ["bad"], ["bad2"]])).ArrivalReason, StringComparison.Ordinal);
        Assert.Null((await it.PlanAsync(PersonCreation.MatchExisting, [["ann@example.com"], ["bad"]])).ArrivalReason);
    }

    [Fact]
    public async Task A_plan_foretells_that_too_many_rows_would_be_rejected_because_nobody_is_created_with_their_addresses()
    {
        await using var it = await StartAsync();
        string[][] rows = [["ann@example.com"], ["c..d@docomo.example"], ["bad"]];

        var plan = await it.PlanAsync(PersonCreation.MatchExistingAndCreateMissing, rows);
        var push = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, rows);

        Assert.Equal((SegmentPushException.TooManyRejected, 2L), (push.ErrorId, push.Rejected));
        Assert.Equal(2, plan.WouldReject);
        Assert.Contains("2 of 3 rows", plan.ArrivalReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_001)]
    [InlineData(999)]
    public async Task A_plan_foretells_that_nothing_would_be_sent_after_so_many_rejected_rows_at_the_start(int rejected)
    {
        await using var it = await StartAsync();
        string[][] rows = [.. Enumerable.Range(0, 2_500).Select(i => new[] { i < rejected ? $"bad{i}" : $"p{i}@example.com" })];

        var plan = await it.PlanAsync(PersonCreation.MatchExistingAndCreateMissing, rows);
        var push = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, rows);

        Assert.Equal(rejected < 1_000 ? null : SegmentPushException.NobodyArrived, push.ErrorId);
        Assert.Equal(rejected < 1_000 ? null : $"The first {rejected:N0} rows would be rejected, so nothing would be sent.", plan.ArrivalReason);
    }

    private static async Task<PushFixture> StartAsync(TimeProvider? time = null)
    {
        var it = await PushFixture.StartAsync(time: time);
        it.MaxRejectPercent = 50;
        return it;
    }

    private static string Write(PushFixture it, IEnumerable<string> addresses)
    {
        string path = Path.Combine(it.Folder, "segment.csv");
        File.WriteAllLines(path, ["email,first,last,company", .. addresses.Select(address => address + ",,,")]);
        return path;
    }

    private static string Address(int i) => string.Create(CultureInfo.InvariantCulture, $"p{i}@example.com");

    private static IEnumerable<string[]> People(int count) => Enumerable.Range(0, count).Select(i => new[] { Address(i) });
}
