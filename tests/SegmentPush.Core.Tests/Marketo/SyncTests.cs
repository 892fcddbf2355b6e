using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Marketo;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Marketo;

public sealed class SyncTests
{
    private const string Path = "/rest/v1/leads.json";

    [Fact]
    public async Task A_sync_over_one_megabyte_is_split_and_everybody_has_an_answer_in_order()
    {
        await using var it = await PushFixture.StartAsync();

        var results = await SyncAsync(it, 250, i => new string('é', 3000));

        Assert.Equal(250, results.Count);
        Assert.All(results, result => Assert.Equal(RecordStatus.Created, result.Status));
        Assert.Equal("p7@example.com", it.Marketo.FindPerson(results[7].Id!.Value)!["email"]);
        Assert.True(it.Marketo.Calls.Count(call => call.Path == Path) is 2);
        Assert.All(it.Marketo.Calls, call => Assert.True(call.BodyLength <= 1024 * 1024));
    }

    [Fact]
    public async Task A_person_too_large_for_any_call_is_rejected_alone()
    {
        await using var it = await PushFixture.StartAsync();

        var results = await SyncAsync(it, 3, i => i == 1 ? new string('x', 1_100_000) : "x");

        Assert.Equal([RecordStatus.Created, RecordStatus.Skipped, RecordStatus.Created], results.Select(result => result.Status));
    }

    [Fact]
    public async Task A_proxy_that_allows_less_gets_smaller_calls()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.Inject(SandboxFault.HttpStatus(413) with { Path = Path, Times = 1 });

        var results = await SyncAsync(it, 9, i => "x");

        Assert.All(results, result => Assert.Equal(RecordStatus.Created, result.Status));
        Assert.Equal(3, it.Marketo.Calls.Count(call => call.Path == Path));
    }

    [Fact]
    public async Task A_lookup_asks_for_300_by_POST_and_follows_its_pages()
    {
        await using var it = await PushFixture.StartAsync();
        for (int copy = 0; copy < 3; copy++) it.Exist([.. Enumerable.Range(0, 300).Select(i => $"p{i}+x@example.com")]);
        it.Marketo.ForgetCalls();

        var found = await it.Connection.Lookup.FindAsync(
            "email", [.. Enumerable.Range(0, 300).Select(i => $"p{i}+x@example.com")], null, TestContext.Current.CancellationToken);

        Assert.Equal(900, found.Count);
        Assert.All(it.Marketo.Calls, call => Assert.Equal(("POST", "_method=GET"), (call.Method, call.Query)));
        Assert.Equal(3, it.Marketo.Calls.Count);
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_makes_nobody_twice()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(SandboxFault.BreakAfter() with { Path = Path, Method = "POST", After = 1, Times = 1 });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, Enumerable.Range(0, 900).Select(i => new[] { $"p{i}@example.com", "x" }));

        Assert.Equal((PushState.Completed, 900, 900), (status.State, status.Added, it.Marketo.PersonCount));
        Assert.Equal(900, it.Members().Distinct().Count());
    }

    [Fact]
    public async Task A_create_that_never_arrived_is_sent_again()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(SandboxFault.BreakBefore() with { Path = Path, Method = "POST", Times = 1 });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, Enumerable.Range(0, 400).Select(i => new[] { $"p{i}@example.com", "x" }));

        Assert.Equal((PushState.Completed, 400, 400), (status.State, status.Added, it.Marketo.PersonCount));
    }

    [Fact]
    public async Task A_list_call_whose_answer_was_lost_is_repeated()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Exist("ann@example.com");
        it.Marketo.Inject(SandboxFault.BreakAfter() with { Path = "/rest/v1/lists/1021/leads.json", Times = 1 });

        var status = await it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com"]]);

        Assert.Equal((PushState.Completed, 1), (status.State, status.Activated));
        Assert.Equal(["ann@example.com"], it.Members());
    }

    [Theory]
    [InlineData(PersonCreation.MatchExisting)]
    [InlineData(PersonCreation.MatchExistingAndCreateMissing)]
    public async Task With_a_fifth_of_all_calls_failing_the_list_is_exact_and_nobody_is_made_twice(PersonCreation creation)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Exist([.. Enumerable.Range(0, 1500).Select(i => $"p{i}@example.com")]);
        foreach (var fault in new[]
        {
            SandboxFault.Error("606", "Injected"), SandboxFault.Error("611", "Injected"), SandboxFault.Error("602", "Injected"),
            SandboxFault.HttpStatus(502), SandboxFault.BreakBefore(), SandboxFault.BreakAfter(), SandboxFault.Truncate(), SandboxFault.Body("<html>"),
        }) it.Marketo.Inject(fault with { Share = 0.025 });

        var status = await it.PushAsync(creation, Enumerable.Range(0, 6000).Select(i => new[] { $"p{i}@example.com", "x" }));

        int expected = creation == PersonCreation.MatchExisting ? 1500 : 6000;
        Assert.Equal((PushState.Completed, expected), (status.State, status.Activated));
        Assert.Equal((expected, Math.Max(1500, expected)), (it.Members().Length, it.Marketo.PersonCount));
    }

    private static Task<IReadOnlyList<RecordResult>> SyncAsync(PushFixture it, int people, Func<int, string> text) => it.Connection.Sync.SyncAsync(
        new SyncLeadsRequest("createOrUpdate", "email", null, people, (json, i) =>
        {
            json.WriteStartObject();
            json.WriteString("email", $"p{i}@example.com");
            json.WriteString("notes", text(i));
            json.WriteEndObject();
        }),
        TestContext.Current.CancellationToken);
}
