using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Marketo;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Marketo;

/// <summary>Who is on a static list is read and changed.</summary>
public sealed class StaticListTests
{
    private const string Members = "/rest/v1/lists/1021/leads.json";

    [Fact]
    public async Task People_are_taken_off_a_list_and_each_has_an_answer_in_order()
    {
        await using var it = await PushFixture.StartAsync();
        int[] people = it.Exist("ann@example.com", "bob@example.com", "carl@example.com");
        it.Marketo.AddToList(1021, people[0]);
        it.Marketo.AddToList(1021, people[2]);

        var results = await RemoveAsync(it, [people[2], people[1], 777_777, people[0]]);

        Assert.Equal([RecordStatus.Removed, RecordStatus.Skipped, RecordStatus.Skipped, RecordStatus.Removed], results.Select(result => result.Status));
        Assert.Equal([people[2], people[1], 777_777L, people[0]], results.Select(result => result.Id!.Value));
        Assert.Equal((RecordCodes.NotOnList, RecordCodes.NotFound), (results[1].Code, results[2].Code));
        Assert.Empty(it.Members());
        var call = Assert.Single(it.Marketo.Calls, call => call.Path == Members);
        Assert.Equal(("DELETE", ""), (call.Method, call.Query));
    }

    [Fact]
    public async Task Three_hundred_people_go_in_one_call_and_more_are_refused_before_anything_is_sent()
    {
        await using var it = await PushFixture.StartAsync();
        int[] people = it.Exist([.. Enumerable.Range(0, 301).Select(i => $"p{i}@example.com")]);
        foreach (int person in people) it.Marketo.AddToList(1021, person);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => RemoveAsync(it, [.. people.Select(person => (long)person)]));
        Assert.Equal(301, it.Members().Length);

        Assert.All(await RemoveAsync(it, [.. people.Skip(1).Select(person => (long)person)]), result => Assert.Equal(RecordStatus.Removed, result.Status));
        Assert.Equal(["p0@example.com"], it.Members());
    }

    [Fact]
    public async Task Where_Marketo_skips_a_person_without_a_reason_it_is_asked_who_is_on_the_list()
    {
        await using var it = await PushFixture.StartAsync(new SandboxOptions { GivesNoReasons = true, CallsPer20Seconds = null, ConcurrentCalls = null });
        int[] people = it.Exist("ann@example.com", "bob@example.com");
        it.Marketo.AddToList(1021, people[0]);

        var added = await it.Connection.StaticLists.AddAsync(1021, [people[1], people[0], 777_777], CancellationToken.None);
        await RemoveAsync(it, [people[1]]);
        var removed = await RemoveAsync(it, [people[0], people[1], 777_777]);

        Assert.Equal([RecordStatus.Added, RecordStatus.MemberOf, RecordStatus.Skipped], added.Select(result => result.Status));
        Assert.Equal([null, null, RecordCodes.NotFound], added.Select(result => result.Code));
        Assert.Equal([RecordStatus.Removed, RecordStatus.Skipped, RecordStatus.Skipped], removed.Select(result => result.Status));
        Assert.Equal([null, RecordCodes.NotOnList, RecordCodes.NotFound], removed.Select(result => result.Code));
    }

    [Fact]
    public async Task A_refusal_without_a_reason_stays_a_refusal()
    {
        await using var it = await PushFixture.StartAsync();
        int[] people = it.Exist("ann@example.com");
        it.Marketo.Inject(SandboxFault.RejectRecords(null!, null!, _ => true) with { Path = Members, Method = "POST" });

        var result = Assert.Single(await it.Connection.StaticLists.AddAsync(1021, [people[0]], CancellationToken.None));

        Assert.Equal((RecordStatus.Skipped, null), (result.Status, result.Code));
    }

    public static TheoryData<SandboxFault> Faults { get; } =
    [
        SandboxFault.Error("606", "Injected"), SandboxFault.Error("611", "Injected"), SandboxFault.Error("602", "Injected"),
        SandboxFault.HttpStatus(502), SandboxFault.BreakBefore(), SandboxFault.BreakAfter(), SandboxFault.Truncate(), SandboxFault.Body("<html>"),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_removal_that_a_fault_meets_is_repeated_and_takes_off_only_those_it_should(SandboxFault fault)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        int[] people = it.Exist("ann@example.com", "bob@example.com");
        foreach (int person in people) it.Marketo.AddToList(1021, person);
        it.Marketo.Inject(fault with { Path = Members, Times = 2 });

        var result = Assert.Single(await RemoveAsync(it, [people[0]]));

        // Where an answer was lost, the repeated call finds its work done, and says so.
        Assert.True(
            result is { Status: RecordStatus.Removed, Code: null } or { Status: RecordStatus.Skipped, Code: RecordCodes.NotOnList, MayBeDoneBefore: true }, result.ToString());
        Assert.Equal(["bob@example.com"], it.Members());
    }

    [Theory]
    [InlineData("606")]
    [InlineData("602")]
    [InlineData("611")]
    public async Task Who_was_not_on_the_list_is_told_where_no_earlier_attempt_was_executed(string code)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        int[] people = it.Exist("ann@example.com", "bob@example.com");
        it.Marketo.AddToList(1021, people[0]);
        it.Marketo.Inject(SandboxFault.Error(code, "Injected") with { Path = Members, Times = 2 });

        var results = await RemoveAsync(it, [people[0], people[1], 777_777]);

        Assert.Equal([null, RecordCodes.NotOnList, RecordCodes.NotFound], results.Select(result => result.Code));
    }

    [Fact]
    public async Task Where_an_answer_was_lost_who_does_not_exist_is_still_told()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        int person = it.Exist("ann@example.com")[0];
        it.Marketo.AddToList(1021, person);
        it.Marketo.Inject(SandboxFault.BreakAfter() with { Path = Members, Times = 1 });

        var results = await RemoveAsync(it, [777_777, person]);

        Assert.Equal([(RecordCodes.NotFound, true), (RecordCodes.NotOnList, true)], results.Select(result => (result.Code!, result.MayBeDoneBefore)));
    }

    [Fact]
    public async Task A_list_is_read_in_pages_with_nothing_but_id_and_identity()
    {
        await using var it = await PushFixture.StartAsync();
        int[] people = it.Exist([.. Enumerable.Range(0, 700).Select(i => $"p{i}@example.com")]);
        foreach (int person in people) it.Marketo.AddToList(1021, person);

        var pages = await PagesAsync(it, "Email");

        Assert.Equal([300, 300, 100], pages.Select(page => page.Count));
        Assert.Equal(
            people.Select((person, i) => ((long)person, $"p{i}@example.com")).Order(),
            pages.SelectMany(page => page).Select(person => (person.Id, person.Identity!)).Order());
        Assert.All(it.Marketo.Calls.Where(call => call.Path == Members), call => Assert.Contains("fields=id,Email&", call.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_member_without_identity_is_read_too_and_the_id_can_be_the_identity()
    {
        await using var it = await PushFixture.StartAsync();
        int person = it.Marketo.AddPerson(new Dictionary<string, object?> { ["lastName"] = "x" });
        it.Marketo.AddToList(1021, person);

        Assert.Equal(new ListedPerson(person, null), Assert.Single(Assert.Single(await PagesAsync(it, "email"))));
        Assert.Equal(new ListedPerson(person, $"{person}"), Assert.Single(Assert.Single(await PagesAsync(it, "id"))));
    }

    [Fact]
    public async Task An_empty_list_has_no_pages_and_a_missing_one_is_an_error()
    {
        await using var it = await PushFixture.StartAsync();

        Assert.Empty(await PagesAsync(it, "email"));
        it.Marketo.DeleteStaticList(1021);
        Assert.Equal("StaticListNotFound", (await Assert.ThrowsAsync<MarketoException>(() => PagesAsync(it, "email"))).ErrorId);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_page_that_a_fault_meets_is_read_again_and_nobody_comes_twice(SandboxFault fault)
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        foreach (int person in it.Exist([.. Enumerable.Range(0, 650).Select(i => $"p{i}@example.com")])) it.Marketo.AddToList(1021, person);
        it.Marketo.Inject(fault with { Path = Members, After = 1, Times = 2 });

        var people = (await PagesAsync(it, "email")).SelectMany(page => page).ToList();

        Assert.Equal((650, 650), (people.Count, people.Distinct().Count()));
    }

    [Fact]
    public async Task Write_access_is_found_out_without_changing_the_list()
    {
        await using var it = await PushFixture.StartAsync();
        foreach (int person in it.Exist("ann@example.com", "bob@example.com")) it.Marketo.AddToList(1021, person);

        await it.Connection.StaticLists.CheckWriteAccessAsync(1021, TestContext.Current.CancellationToken);

        Assert.Equal(2, it.Members().Length);
        Assert.Single(it.Marketo.Calls, call => call.Path == Members);
    }

    [Fact]
    public async Task Write_access_that_is_missing_is_an_error_that_names_the_permission()
    {
        await using var it = await PushFixture.StartAsync(new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, HasReadWriteLead = false });

        var error = await Assert.ThrowsAsync<MarketoException>(
            () => it.Connection.StaticLists.CheckWriteAccessAsync(1021, TestContext.Current.CancellationToken));

        Assert.Equal(("AccessDenied", "603"), (error.ErrorId, error.Code));
        Assert.Contains("Read-Write Person", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_access_to_a_list_that_is_not_there_is_an_error()
    {
        await using var it = await PushFixture.StartAsync();

        var error = await Assert.ThrowsAsync<MarketoException>(
            () => it.Connection.StaticLists.CheckWriteAccessAsync(77_777, TestContext.Current.CancellationToken));

        Assert.Equal("StaticListNotFound", error.ErrorId);
    }

    private static Task<IReadOnlyList<RecordResult>> RemoveAsync(PushFixture it, IReadOnlyList<long> ids) =>
        it.Connection.StaticLists.RemoveAsync(1021, ids, TestContext.Current.CancellationToken);

    private static async Task<List<IReadOnlyList<ListedPerson>>> PagesAsync(PushFixture it, string identityField)
    {
        var pages = new List<IReadOnlyList<ListedPerson>>();
        await foreach (var page in it.Connection.StaticLists.ReadAsync(1021, identityField, TestContext.Current.CancellationToken)) pages.Add(page);
        return pages;
    }
}
