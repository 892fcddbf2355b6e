using System.Globalization;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class BulkPushTests
{
    [Fact]
    public async Task Creating_imports_everybody_with_one_upload_and_no_lookup()
    {
        await using var it = await StartAsync();
        it.Exist("p1@example.com", "p2@example.com");

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(20_000));

        Assert.Equal((PushState.Completed, Delivery.Bulk, 20_000), (status.State, status.Delivery, status.Added));
        Assert.False(status.ChangesAreKnown);
        Assert.False(PushReceipt.Of(status, null).People.ChangesAreKnown);
        Assert.Equal((20_000, 20_000), (it.Marketo.PersonCount, it.Members().Length));
        Assert.Equal(1, it.Calls()["import"]);
        Assert.False(it.Calls().ContainsKey("lookup"));
    }

    [Fact]
    public async Task Matching_looks_up_and_imports_ids_and_creates_nobody()
    {
        await using var it = await StartAsync();
        it.Exist([.. Enumerable.Range(0, 1000).Select(Address)]);

        var status = await it.PushAsync(PersonCreation.MatchExisting, People(1500));

        Assert.Equal((1000, 500, 1000), (status.Added, status.Unmatched, it.Marketo.PersonCount));
        Assert.True(status.ChangesAreKnown);
        Assert.Equal((5, 1), (it.Calls()["lookup"], it.Calls()["import"]));
        Assert.Null(it.Marketo.FindPeople("email", Address(1)).Single()["firstName"]);
        Assert.Equal(it.Members().Order(StringComparer.Ordinal), Enumerable.Range(0, 1000).Select(Address).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Those_who_exist_keep_their_fields_when_asked_and_the_missing_are_known_as_created()
    {
        await using var it = await StartAsync();
        it.Exist(Address(0));

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(2), ExistingPeople.Keep);

        Assert.Equal((2, 1, 0, true), (status.Added, status.Created, status.Updated, status.ChangesAreKnown));
        Assert.Null(it.Marketo.FindPeople("email", Address(0)).Single()["firstName"]);
        Assert.Equal("First1", it.Marketo.FindPeople("email", Address(1)).Single()["firstName"]);
    }

    [Fact]
    public async Task Who_is_deleted_before_an_import_by_id_is_created_with_all_fields_or_not_at_all()
    {
        await using var it = await StartAsync();
        it.Exist("ann@example.com", "ann@example");
        it.Connection.CallFinished += call =>
        {
            if (call.Call.Contains("/rest/v1/leads.json", StringComparison.Ordinal) && it.Calls().GetValueOrDefault("import") == 0)
                foreach (string address in (string[])["ann@example.com", "ann@example"]) foreach (var person in it.Marketo.FindPeople("email", address)) it.Marketo.DeletePerson(person.Id);
        };

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann", "Doe", "Example"], ["ann@example", "Ann", "Doe", "Example"]], ExistingPeople.Keep);

        var ann = it.Marketo.FindPeople("email", "ann@example.com").Single();
        Assert.Equal(("Ann", "Doe", "Example"), (ann["firstName"], ann["lastName"], ann["company"]));
        Assert.Empty(it.Marketo.FindPeople("email", "ann@example"));
        Assert.Equal((1, 1, 1), (status.Added, status.Created, status.Rejected));
    }

    [Fact]
    public async Task Commas_quotes_accents_and_line_breaks_arrive_as_they_are()
    {
        await using var it = await StartAsync();
        string company = "Lumière & Fils, \"SA\"\r\nsecond line; tab\tend";

        await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "=1+1", "O'Hara, Jr.", company], ["bob@example.com", "", "", ""]]);

        var ann = it.Marketo.FindPeople("email", "ann@example.com").Single();
        Assert.Equal(("=1+1", "O'Hara, Jr.", company), (ann["firstName"], ann["lastName"], ann["company"]));
        Assert.Null(it.Marketo.FindPeople("email", "bob@example.com").Single()["firstName"]);
    }

    [Theory]
    [InlineData("segmentpush-5c1d0e0f6b2a4f0c9a77")]
    [InlineData("segmentpush")]
    public async Task A_cell_that_looks_like_the_end_of_the_upload_arrives_whole(string boundary)
    {
        await using var it = await StartAsync();
        string company = $"Acme\r\n--{boundary}--\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n--{boundary}\r\n";

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann", "Doe", company], .. People(50)]);

        Assert.Equal((PushState.Completed, 51), (status.State, status.Added));
        Assert.Equal(company, it.Marketo.FindPeople("email", "ann@example.com").Single()["company"]);
        Assert.Equal(51, it.Members().Length);
    }

    [Fact]
    public async Task Each_refusal_is_the_right_rows_with_Marketos_words()
    {
        await using var it = await StartAsync();
        it.Marketo.Inject(SandboxFault.RejectRecords("1003", "Value, \"refused\"", record => record.Contains("p7@", StringComparison.Ordinal) || record.Contains("p1500@", StringComparison.Ordinal)));

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing, People(2000).Select((row, i) => (string[])[row[0], "Same", "Same", "Same"]));

        Assert.Equal((1998, 2), (status.Added, status.Rejected));
        foreach (long row in (long[])[8, 1501])
        {
            var person = it.PersonOf(status, row);
            Assert.Equal((PersonOutcome.Rejected, "Value, \"refused\""), (person.Outcome, person.Reason));
        }

        Assert.DoesNotContain("p7@example.com", it.Members());
    }

    [Fact]
    public async Task Of_several_people_with_one_address_the_most_recently_updated_is_taken()
    {
        await using var it = await StartAsync();
        it.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "p0@example.com", ["updatedAt"] = "2020-01-01T00:00:00Z" });
        int newest = it.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "p0@example.com", ["updatedAt"] = "2026-01-01T00:00:00Z" });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(10));

        Assert.Equal((10, 1, 11), (status.Added, status.MultipleMatches, it.Marketo.PersonCount));
        Assert.Contains(newest, it.Marketo.GetMembers(PushFixture.ListId));
    }

    [Fact]
    public async Task Files_stay_below_their_limit_and_go_one_after_the_other()
    {
        await using var it = await StartAsync(new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, ImportDuration = TimeSpan.FromMilliseconds(50) });
        it.MaxFileBytes = 20_000;

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(3000));

        Assert.Equal(3000, status.Added);
        Assert.True(it.Calls()["import"] > 5);
        Assert.All(it.Marketo.Calls.Where(call => call.Path == "/bulk/v1/leads.json"), call => Assert.True(call.BodyLength < 21_000 && call.Code is null));
    }

    [Fact]
    public async Task A_full_queue_and_an_import_of_somebody_else_are_waited_for()
    {
        await using var it = await StartAsync();
        it.Marketo.Inject(SandboxFault.Error("1016", "Too many imports") with { Path = "/bulk/v1/leads.json", Times = 2 });
        it.Marketo.Inject(SandboxFault.Error("1019", "Import in progress") with { Path = "/bulk/v1/leads.json", Times = 2 });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(100));

        Assert.Equal((PushState.Completed, 100), (status.State, status.Added));
    }

    [Fact]
    public async Task An_upload_whose_answer_was_lost_makes_nobody_twice()
    {
        await using var it = await StartAsync(new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, ImportDuration = TimeSpan.FromMilliseconds(100) });
        it.Marketo.Inject(SandboxFault.BreakAfter() with { Path = "/bulk/v1/leads.json", Times = 1 });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(500));

        Assert.Equal((PushState.Completed, 500, 500), (status.State, status.Added, it.Marketo.PersonCount));
    }

    [Fact]
    public async Task A_job_that_Marketo_gives_up_keeps_its_people_as_not_delivered()
    {
        await using var it = await StartAsync();
        it.Marketo.Inject(SandboxFault.Body("""{"requestId":"1#1","success":true,"result":[{"batchId":7,"importId":"7","status":"Failed","message":"No reason"}]}""")
            with { Path = "/bulk/v1/leads.json" });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(50));

        Assert.Equal((PushState.Failed, 50, 0), (status.State, status.NotDelivered, status.Added));
        Assert.Equal("ImportFailed", it.Error?.ErrorId);
    }

    [Fact]
    public async Task Nobody_counts_as_created_before_Marketo_has_said_so()
    {
        await using var it = await StartAsync();
        it.Marketo.Inject(SandboxFault.Error("603", "Access denied") with { Path = "/bulk/v1/leads.json" });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(50), ExistingPeople.Keep);

        Assert.Equal((50, 0, 0), (status.NotDelivered, status.Created, status.Updated));
        Assert.Equal(PersonChange.Unknown, it.PersonOf(status, 1).Change);
    }

    [Fact]
    public async Task A_refusal_that_names_nobody_is_no_success()
    {
        await using var it = await StartAsync();
        it.Marketo.Inject(SandboxFault.Body("""{"requestId":"1#1","success":true,"result":[{"batchId":2001,"importId":"7","status":"Complete","numOfLeadsProcessed":50,"numOfRowsFailed":1,"message":""}]}""")
            with { Path = "/bulk/v1/leads/batch/2001.json" });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(50));

        Assert.Equal("ImportIncomplete", it.Error?.ErrorId);
        Assert.Equal(50, status.NotDelivered);
    }

    [Fact]
    public async Task Left_open_a_small_segment_goes_by_calls_and_a_large_one_by_files()
    {
        await using var it = await StartAsync();
        it.Delivery = Delivery.Auto;
        it.SyncUpTo = 600;
        it.Mapping = [new SegmentMapping("email", "email"), new SegmentMapping("first", "firstName")];

        var small = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(600));
        var large = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(601));
        var plan = await it.PlanAsync(PersonCreation.MatchExistingAndCreateMissing, People(601));

        Assert.Equal((Delivery.Sync, Delivery.Bulk, Delivery.Bulk), (small.Delivery, large.Delivery, plan.Delivery));
        Assert.Contains("600", plan.DeliveryReason, StringComparison.Ordinal);
        Assert.Equal((601, 601), (large.Added, it.Marketo.PersonCount));
        using var journal = PushJournal.Open(it.Journal);
        Assert.Equal([Delivery.Bulk, Delivery.Sync], journal.History.Get(new PushFilter()).Select(push => push.Delivery));
    }

    private static async Task<PushFixture> StartAsync(SandboxOptions? options = null)
    {
        var it = await PushFixture.StartAsync(options);
        it.Delivery = Delivery.Bulk;
        return it;
    }

    private static string Address(int i) => string.Create(CultureInfo.InvariantCulture, $"p{i}@example.com");

    private static IEnumerable<string[]> People(int count) =>
        Enumerable.Range(0, count).Select(i => new[] { Address(i), "First" + i, "Last, \"" + i + "\"" });
}
