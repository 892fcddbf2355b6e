using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A large list is read by a bulk extract, and page by page where Marketo gives none: what comes of it is the same.</summary>
public sealed class DestinationExtractTests
{
    private const string Path = "/bulk/v1/leads/export/";
    private const int Nameless = 5;

    [Theory]
    [InlineData(PushMode.Mirror)]
    [InlineData(PushMode.Append)]
    [InlineData(PushMode.Delta)]
    public async Task A_large_list_is_taken_over_and_kept_in_step_by_extracts(PushMode mode)
    {
        await using var fixture = await StartAsync(mode);

        // That the list is large is not known before its first page.
        await PushFirstDayAsync(fixture);
        Assert.Contains("extract", fixture.Calls(), StringComparison.Ordinal);
        Assert.Contains("read:1", fixture.Calls(), StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Warnings(), warning => warning.Contains("page by page", StringComparison.Ordinal));

        await PushSecondDayAsync(fixture);
        Assert.Contains("extract", fixture.Calls(), StringComparison.Ordinal);
        Assert.DoesNotContain("read", fixture.Calls(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("603", PushMode.Mirror)]
    [InlineData("603", PushMode.Append)]
    [InlineData("1035", PushMode.Mirror)]
    public async Task Where_Marketo_refuses_an_extract_the_list_is_read_page_by_page_and_that_is_told(string code, PushMode mode)
    {
        await using var fixture = await StartAsync(mode);
        fixture.Marketo.Inject(SandboxFault.Error(code, "Injected") with { Path = $"{Path}create.json" });

        await PushFirstDayAsync(fixture);
        Assert.Contains(fixture.Warnings(), warning => warning.Contains("refuses to extract", StringComparison.Ordinal) && warning.Contains(code, StringComparison.Ordinal));

        await PushSecondDayAsync(fixture);
        Assert.Contains("read:2", fixture.Calls(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Cancelled")]
    [InlineData("Canceled")]
    public async Task Where_Marketo_gives_an_extract_up_the_list_is_read_page_by_page_and_that_is_told(string status)
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        fixture.Push.Connection.CallFinished += call =>
        {
            if (!call.Call.EndsWith("/enqueue.json", StringComparison.Ordinal)) return;
            string id = call.Call.Split('/')[^2];
            string body = $$"""{"requestId":"1#1","success":true,"result":[{"exportId":"{{id}}","format":"CSV","status":"{{status}}"}]}""";
            fixture.Marketo.Inject(SandboxFault.Body(body) with { Path = $"{Path}{id}/status.json" });
        };

        await PushFirstDayAsync(fixture);
        Assert.Contains(fixture.Warnings(), warning => warning.Contains("did not finish the extract of the list", StringComparison.Ordinal));

        await PushSecondDayAsync(fixture);
        Assert.Contains("read:2", fixture.Calls(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_queue_of_extracts_is_waited_for()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        fixture.Push.Connection.CallFinished += call =>
        {
            if (call is not { Call: $"POST {Path}create.json", Succeeded: true }) return;
            fixture.Marketo.Inject(SandboxFault.Error("1029", "Too many jobs in queue") with { Method = "POST", Times = 3 });
        };

        await PushFirstDayAsync(fixture);

        Assert.Contains("read:1", fixture.Calls(), StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Warnings(), warning => warning.Contains("page by page", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_days_extracts_are_used_up_the_list_is_read_page_by_page_at_once()
    {
        await using var fixture = await StartAsync(PushMode.Mirror, new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, DailyExportBytes = 1 });

        await PushFirstDayAsync(fixture);

        // The first extract is longer than all of the day may be.
        await PushSecondDayAsync(fixture);
        Assert.Contains("read:2", fixture.Calls(), StringComparison.Ordinal);
        Assert.Contains(fixture.Warnings(), warning => warning.Contains("quota", StringComparison.Ordinal) && warning.Contains("page by page", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_extract_that_does_not_end_is_not_waited_for_for_ever()
    {
        await using var fixture = await StartAsync(PushMode.Append, new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, ExportDuration = TimeSpan.FromDays(2) });
        fixture.LongestQueue = TimeSpan.FromMinutes(5);

        await PushFirstDayAsync(fixture);

        Assert.Contains(fixture.Warnings(), warning => warning.Contains("page by page", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_push_right_after_a_stopped_one_puts_back_people_that_an_extract_still_shows()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime(40));
        fixture.PagesUpTo = 0;
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        int ann = fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id;
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = 1000 });
        var stopped = await fixture.PushAsync("ann@example.com,Ann,exited");
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 1), (stopped.State, fixture.Push.Members().Length));

        // The first extract is of the moment before the removal.
        bool lags = true;
        fixture.Push.Connection.CallFinished += call =>
        {
            if (!lags) return;
            if (call is { Call: $"POST {Path}create.json", Succeeded: true }) fixture.Marketo.AddToList(PushFixture.ListId, ann);
            if (!call.Call.EndsWith("/file.json", StringComparison.Ordinal)) return;
            fixture.Marketo.RemoveFromList(PushFixture.ListId, ann);
            lags = false;
        };
        var push = await fixture.PushAsync("ann@example.com,Ann,realized");

        Assert.Equal((PushState.Completed, 1L, false), (push.State, push.Added, lags));
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
        Assert.Contains(fixture.Warnings(), warning => warning.Contains("may not show yet what a push did", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(21)]
    public async Task A_verified_push_right_after_another_one_takes_its_people_neither_for_strangers_nor_for_taken_off_by_others(int pushesBetween)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime(40));
        fixture.PagesUpTo = 0;
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        await PushBeforeAsync(fixture, pushesBetween);
        int bob = fixture.Marketo.FindPeople("email", "bob@example.com").Single().Id, cat = fixture.Marketo.FindPeople("email", "cat@example.com").Single().Id;

        // The extract is of the moment before the second push.
        bool lags = true;
        fixture.Push.Connection.CallFinished += call =>
        {
            if (!lags) return;
            if (call is { Call: $"POST {Path}create.json", Succeeded: true })
            {
                fixture.Marketo.AddToList(PushFixture.ListId, bob);
                fixture.Marketo.RemoveFromList(PushFixture.ListId, cat);
            }

            if (!call.Call.EndsWith("/file.json", StringComparison.Ordinal)) return;
            fixture.Marketo.RemoveFromList(PushFixture.ListId, bob);
            fixture.Marketo.AddToList(PushFixture.ListId, cat);
            lags = false;
        };
        var push = await PushAsync(fixture, ["ann@example.com,Ann,realized", "cat@example.com,Cat,realized"]);

        Assert.Equal((PushState.Completed, true, 0L, 2L, false), (push.State, push.IsVerified, push.Added, push.AlreadyMember, lags));
        AssertSums(fixture, push, before: 2, added: 0, removed: 0, addedByOthers: 0, removedByOthers: 0);
        Assert.Equal(["ann@example.com", "cat@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_renamed_member_that_is_imported_is_AlreadyMember_where_the_extract_is_read_a_second_time()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime(40));
        fixture.PagesUpTo = 0;
        await fixture.PushAsync("old@example.com,Ann,realized");
        fixture.Marketo.UpdatePerson(fixture.Marketo.FindPeople("email", "old@example.com").Single().Id, new Dictionary<string, object?> { ["email"] = "new@example.com" });
        await fixture.PushAsync("bob@example.com,Bob,realized");
        fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", "bob@example.com").Single().Id);
        fixture.Push.Delivery = Delivery.Bulk;

        var push = await PushAsync(fixture, ["new@example.com,Ann,realized"]);

        Assert.Contains(fixture.Warnings(), warning => warning.Contains("may not show yet what a push did", StringComparison.Ordinal));
        AssertSums(fixture, push, before: 2, added: 1, removed: 0, addedByOthers: 0, removedByOthers: 1);

        // Bob is put back.
        Assert.Equal((PushState.Completed, true, 1L, 1L), (push.State, push.IsVerified, push.Added, push.AlreadyMember));
        Assert.Equal(["bob@example.com", "new@example.com"], fixture.Push.Members().Order());
    }

    // Where pushes lie between, the one before began long ago, and was resumed after them.
    private static async Task PushBeforeAsync(DestinationFixture fixture, int pushesBetween)
    {
        if (pushesBetween > 0) fixture.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Method = "POST", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var push = await fixture.PushAsync("cat@example.com,Cat,realized", "bob@example.com,Bob,exited");
        fixture.Marketo.ClearFaults();
        for (int i = 0; i < pushesBetween; i++) await fixture.PushAsync("ann@example.com,Ann,realized");
        if (pushesBetween == 0) return;
        push = await fixture.Push.WatchAsync(
            Push.ResumeAsync(new ResumeOptions { Connection = fixture.Push.Connection, Journal = fixture.Push.Journal, Bulk = fixture.OptionsFor().Bulk, EvenIfSuperseded = true }, push.Id, CancellationToken.None),
            null);
        Assert.Equal((PushState.Completed, 1L, 1L), (push.State, push.Added, push.Removed));
    }

    // On the list are 350 people and some that no row can name; the segment is 350 people, 300 of them the same.
    private static async Task<DestinationFixture> StartAsync(PushMode mode, SandboxOptions? options = null)
    {
        var fixture = await DestinationFixture.StartAsync(mode, options: options, time: new HurriedTime());
        fixture.PagesUpTo = 100;
        foreach (int id in fixture.Push.Exist([.. Addresses(0, 350)])) fixture.Marketo.AddToList(PushFixture.ListId, id);
        for (int i = 0; i < Nameless; i++)
            fixture.Marketo.AddToList(PushFixture.ListId, fixture.Marketo.AddPerson(new Dictionary<string, object?> { ["lastName"] = "Doe" }));
        return fixture;
    }

    private static async Task PushFirstDayAsync(DestinationFixture fixture)
    {
        bool isMirror = fixture.Destination.Mode == PushMode.Mirror;
        fixture.Marketo.ForgetCalls();

        var push = await PushAsync(fixture, Rows(Addresses(50, 350), "realized"));

        Assert.Equal((PushState.Completed, true, 50, 300), (push.State, push.IsVerified, push.Created, push.AlreadyMember));
        AssertSums(fixture, push, before: 355, added: 50, removed: isMirror ? 55 : 0, addedByOthers: 0, removedByOthers: 0);
        AssertHolds(fixture, isMirror ? Addresses(50, 350) : Addresses(0, 400), isMirror ? 0 : Nameless);
    }

    // Five leave and one joins; others have taken two off the list, and put one on it.
    private static async Task PushSecondDayAsync(DestinationFixture fixture)
    {
        var mode = fixture.Destination.Mode;
        foreach (string address in Addresses(60, 2)) fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", address).Single().Id);
        fixture.Marketo.AddToList(PushFixture.ListId, fixture.Push.Exist("stranger@example.com")[0]);
        fixture.Marketo.ForgetCalls();

        var push = await PushAsync(fixture, mode == PushMode.Delta
            ? [.. Rows(Addresses(50, 5), "exited"), .. Rows(Addresses(400, 1), "realized")]
            : Rows(Addresses(55, 346), "realized"));

        Assert.Equal((PushState.Completed, true, 3), (push.State, push.IsVerified, push.Added));
        var (before, removed) = mode switch { PushMode.Mirror => (350, 6), PushMode.Delta => (405, 5), _ => (405, 0) };
        AssertSums(fixture, push, before, added: 3, removed, addedByOthers: 1, removedByOthers: 2);
        AssertHolds(
            fixture,
            mode switch
            {
                PushMode.Mirror => Addresses(55, 346),
                PushMode.Delta => [.. Addresses(0, 50), .. Addresses(55, 346), "stranger@example.com"],
                _ => [.. Addresses(0, 401), "stranger@example.com"],
            },
            mode == PushMode.Mirror ? 0 : Nameless);
    }

    private static Task<PushStatus> PushAsync(DestinationFixture fixture, IEnumerable<string> rows) =>
        fixture.PushFilesAsync([fixture.File(["email,first,segmentMembership.status", .. rows])], verify: true);

    private static IEnumerable<string> Addresses(int first, int count) => Enumerable.Range(first, count).Select(i => $"p{i}@example.com");

    private static IEnumerable<string> Rows(IEnumerable<string> addresses, string membership) => addresses.Select(address => $"{address},Ann,{membership}");

    private static void AssertSums(
        DestinationFixture fixture, PushStatus push, long before, long added, long removed, long addedByOthers, long removedByOthers)
    {
        var sums = fixture.ListSumsOf(push);
        Assert.Equal(
            (before, added, removed, addedByOthers, removedByOthers, (long?)(before + added - removed + addedByOthers - removedByOthers)),
            (sums.Before, sums.Added, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After));
    }

    private static void AssertHolds(DestinationFixture fixture, IEnumerable<string> addresses, int nameless) => Assert.Equal(
        addresses.Concat(Enumerable.Repeat("", nameless)).Order(StringComparer.Ordinal),
        fixture.Marketo.GetMembers(PushFixture.ListId).Select(id => fixture.Marketo.FindPerson(id)!["email"] ?? "").Order(StringComparer.Ordinal));
}
