using System.Globalization;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class PushTests
{
    [Fact]
    public async Task A_pipeline_is_pushed_although_the_disk_has_a_clock_that_is_hours_behind()
    {
        await using var fixture = await PushFixture.StartAsync(time: new TimeAhead());

        var push = await fixture.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann"]]);

        Assert.Equal((PushState.Completed, 1), (push.State, push.Added));
    }

    [Fact]
    public async Task Matching_only_adds_people_that_Marketo_knows_and_creates_nobody()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist("ann@example.com", "bob@example.com");

        var status = await it.PushAsync(
            PersonCreation.MatchExisting, [["ann@example.com", "New"], ["zoe@example.com"], ["BOB@example.com "]]);

        Assert.Equal(PushState.Completed, status.State);
        Assert.Equal((3, 2, 1), (status.Received, status.Added, status.Unmatched));
        Assert.Equal(["ann@example.com", "bob@example.com"], it.Members());
        Assert.Equal(2, it.Marketo.PersonCount);
        Assert.Null(it.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
        Assert.Equal(PersonChange.Unchanged, it.PersonOf(status, 1).Change);
    }

    [Fact]
    public async Task Creating_makes_the_missing_with_their_fields_and_updates_the_others()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist("ann@example.com");

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            [["ann@example.com", "Ann", "Doe"], ["zoe@example.com", "Zoë", "O'Hara, \"Jr.\"", "Lumière & Fils, SA"]]);

        Assert.Equal((2, 2, 1, 1), (status.Received, status.Added, status.Created, status.Updated));
        var zoe = it.Marketo.FindPeople("email", "zoe@example.com").Single();
        Assert.Equal("Zoë", zoe["firstName"]);
        Assert.Equal("O'Hara, \"Jr.\"", zoe["lastName"]);
        Assert.Equal("Lumière & Fils, SA", zoe["company"]);
        Assert.Equal("Ann", it.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
        Assert.Equal(["ann@example.com", "zoe@example.com"], it.Members());
        Assert.Equal(PersonChange.Created, it.PersonOf(status, 2).Change);
    }

    [Fact]
    public async Task Existing_people_are_kept_as_they_are_when_asked()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist("ann@example.com");

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            [["ann@example.com", "Changed"], ["zoe@example.com", "Zoe"]],
            ExistingPeople.Keep);

        Assert.Equal((2, 1, 0), (status.Added, status.Created, status.Updated));
        Assert.Null(it.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
    }

    [Fact]
    public async Task Matching_writes_fields_only_when_asked_and_still_creates_nobody()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist("ann@example.com");

        var status = await it.PushAsync(
            PersonCreation.MatchExisting,
            [["ann@example.com", "Ann", "", "Acme"], ["zoe@example.com", "Zoe"]],
            ExistingPeople.Update);

        Assert.Equal((1, 1, 1), (status.Added, status.Updated, status.Unmatched));
        var ann = it.Marketo.FindPeople("email", "ann@example.com").Single();
        Assert.Equal("Ann", ann["firstName"]);
        Assert.Null(ann["company"]);
        Assert.Equal(1, it.Marketo.PersonCount);
        Assert.Contains(it.Events, e => e is PushWarned warned && warned.Message.English.Contains("company", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_row_with_an_identity_counts()
    {
        await using var it = await PushFixture.StartAsync();

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            [["ann@example.com", "First"], [" ANN@example.com", "Second"], ["bad address", "x"], ["Ann@Example.com", "Third"]]);

        Assert.Equal((4, 1, 2, 1), (status.Received, status.Created, status.Duplicate, status.Rejected));
        Assert.Equal("First", it.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
        Assert.Equal(PersonOutcome.Duplicate, it.PersonOf(status, 2).Outcome);
        Assert.Equal("AddressMalformed", it.PersonOf(status, 3).Code);
    }

    [Theory]
    [InlineData(PersonCreation.MatchExisting)]
    [InlineData(PersonCreation.MatchExistingAndCreateMissing)]
    public async Task Of_several_people_with_one_address_the_most_recently_updated_is_taken(PersonCreation creation)
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "ann@example.com", ["updatedAt"] = "2020-01-01T00:00:00Z" });
        int newest = it.Marketo.AddPerson(
            new Dictionary<string, object?> { ["email"] = "ann@example.com", ["updatedAt"] = "2026-01-01T00:00:00Z" });
        it.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "ann@example.com", ["updatedAt"] = "2024-01-01T00:00:00Z" });

        var status = await it.PushAsync(creation, [["ann@example.com", "Ann"]]);

        Assert.Equal((1, 1), (status.Added, status.MultipleMatches));
        Assert.Equal(newest, Assert.Single(it.Marketo.GetMembers(PushFixture.ListId)));
        Assert.Equal(
            creation == PersonCreation.MatchExisting ? null : "Ann", it.Marketo.FindPerson(newest)!["firstName"]);
    }

    [Fact]
    public async Task A_person_whose_company_fields_are_refused_is_sent_again_without_them()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.TieToCompany(it.Exist("ann@example.com")[0]);

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            [["ann@example.com", "Ann", "Doe", "Acme"], ["zoe@example.com", "Zoe", "Doe", "Acme"]]);

        Assert.Equal((2, 1, 1, 1), (status.Added, status.Created, status.Updated, status.WithoutCompanyFields));
        Assert.Equal("Ann", it.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
        Assert.Equal("Acme", it.Marketo.FindPeople("email", "zoe@example.com").Single()["company"]);
    }

    [Fact]
    public async Task Company_fields_are_written_also_where_the_answer_of_the_first_call_was_lost()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.TieToCompany(it.Exist("ann@example.com", "bob@example.com")[0]);
        it.Marketo.Inject(SandboxFault.BreakBefore() with { Path = "/rest/v1/leads.json", Method = "POST", Times = 1 });

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            [["ann@example.com", "Ann", "Doe", "Acme"], ["bob@example.com", "Bob", "Doe", "Acme"], ["zoe@example.com", "Zoe", "Doe", "Acme"]]);

        Assert.Equal((3, 1), (status.Added, status.WithoutCompanyFields));
        Assert.Equal("Ann", it.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
        Assert.Equal("Acme", it.Marketo.FindPeople("email", "bob@example.com").Single()["company"]);
        Assert.Equal("Acme", it.Marketo.FindPeople("email", "zoe@example.com").Single()["company"]);
    }

    [Fact]
    public async Task Who_is_created_in_the_place_of_a_person_with_refused_company_fields_gets_them()
    {
        await using var it = await PushFixture.StartAsync();
        int tied = it.Exist("ann@example.com")[0];
        it.Marketo.TieToCompany(tied);
        it.Connection.CallFinished += call =>
        {
            // Refused with the company, written without it, and deleted before the addition.
            if (it.Marketo.FindPerson(tied) is { } person && person["firstName"] is not null) it.Marketo.DeletePerson(tied);
        };

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann", "Doe", "Acme"]]);

        var ann = it.Marketo.FindPeople("email", "ann@example.com").Single();
        Assert.Equal(("Ann", "Acme"), (ann["firstName"], ann["company"]));
        Assert.Equal((1, 1, 1), (status.Added, status.Created, status.WithoutCompanyFields));
    }

    [Fact]
    public async Task People_whose_addition_has_not_left_do_not_count_as_added_by_a_resume()
    {
        await using var fixture = await DestinationFixture.StartAsync(
            PushMode.Append, options: new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, RevealExistingMembers = true });
        var it = fixture.Push;

        // Of 300 addresses two people have each one: their lookup comes once the call for 300 is full, and fails.
        string[] twins = [.. Enumerable.Range(0, 300).Select(i => $"twin{i}@example.com")];
        it.Exist([.. twins, .. twins, "last@example.com"]);
        it.Marketo.Inject(SandboxFault.Error("603", "Access denied") with { Path = "/rest/v1/leads.json", After = 2 });
        var stopped = await fixture.PushAsync([.. twins.Take(299).Append("first@example.com").Append(twins[299]).Append("last@example.com").Select(address => $"{address},Name,")]);
        Assert.Equal(PushState.Failed, stopped.State);
        it.Marketo.ClearFaults();
        int last = it.Marketo.FindPeople("email", "last@example.com").Single().Id;
        it.Marketo.AddToList(PushFixture.ListId, last);

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, 301, 1), (resumed.State, resumed.Added, resumed.AlreadyMember));
    }

    [Theory]
    [InlineData(false, "Acme", 0)]
    [InlineData(true, null, 1)]
    public async Task Of_several_people_with_one_address_the_one_that_is_taken_gets_its_company_fields(bool isTied, string? company, int without)
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "ann@example.com", ["updatedAt"] = "2020-01-01T00:00:00Z" });
        int newest = it.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "ann@example.com", ["updatedAt"] = "2026-01-01T00:00:00Z" });
        if (isTied) it.Marketo.TieToCompany(newest);

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann", "Doe", "Acme"]]);

        Assert.Equal((1, 1, without), (status.Added, status.Updated, status.WithoutCompanyFields));
        Assert.Equal(("Ann", company), (it.Marketo.FindPerson(newest)!["firstName"], it.Marketo.FindPerson(newest)!["company"]));
    }

    [Fact]
    public async Task A_person_that_Marketo_skips_is_rejected_with_its_code_and_words()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.Inject(SandboxFault.RejectRecords("1003", "Value for firstName is invalid", record => record.Contains("Bad", StringComparison.Ordinal)));

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann"], ["bad@example.com", "Bad"]]);

        Assert.Equal((1, 1), (status.Added, status.Rejected));
        var rejected = it.PersonOf(status, 2);
        Assert.Equal(("1003", "Value for firstName is invalid"), (rejected.Code, rejected.Reason));
        Assert.Equal(["ann@example.com"], it.Members());
    }

    [Fact]
    public async Task An_empty_cell_leaves_the_field_as_it_is()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "ann@example.com", ["firstName"] = "Ann" });

        await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "", "Doe"]]);

        var ann = it.Marketo.FindPeople("email", "ann@example.com").Single();
        Assert.Equal(("Ann", "Doe"), (ann["firstName"], ann["lastName"]));
    }

    [Fact]
    public async Task Matching_costs_one_lookup_and_one_add_for_300_people()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist([.. Enumerable.Range(0, 700).Select(Address)]);

        var status = await it.PushAsync(PersonCreation.MatchExisting, People(1000));

        Assert.Equal((700, 300), (status.Added, status.Unmatched));
        Assert.Equal(new Dictionary<string, int> { ["lookup"] = 4, ["add"] = 3 }, it.Calls());
        Assert.Equal(10, status.Calls);
    }

    [Fact]
    public async Task Creating_costs_one_sync_and_one_add_for_300_people_and_one_lookup_for_all_that_are_ambiguous()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist([.. Enumerable.Range(0, 50).Select(Address)]);
        it.Exist([.. Enumerable.Range(0, 50).Select(Address)]);

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(1000));

        Assert.Equal((1000, 950, 50, 50), (status.Added, status.Created, status.Updated, status.MultipleMatches));
        Assert.Equal(new Dictionary<string, int> { ["lookup"] = 1, ["sync"] = 5, ["add"] = 4 }, it.Calls());
        Assert.Equal(1050, it.Marketo.PersonCount);
    }

    [Fact]
    public async Task Another_searchable_field_can_find_people()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "ann@example.com", ["crmId"] = "C-1" });
        it.Mapping = [new("first", "crmId", "CRM")];

        var status = await it.PushAsync(PersonCreation.MatchExisting, [["", "c-1"], ["", "C-2"], ["", "C,3"]]);

        Assert.Equal((1, 1, 1), (status.Added, status.Unmatched, status.Rejected));
        Assert.Equal("IdentityHasComma", it.PersonOf(status, 3).Code);
        Assert.Equal(["ann@example.com"], it.Members());
    }

    [Fact]
    public async Task A_plan_counts_without_changing_anything()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist("ann@example.com");

        var plan = await it.PlanAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            [["ann@example.com", "Ann"], ["zoe@example.com", "Zoe"], ["zoe@example.com"], ["bad"]]);

        Assert.Equal((4, 1, 1, 1, 2, 1, 1), (
            plan.Received, plan.WouldMatch, plan.WouldCreate, plan.WouldUpdate, plan.WouldAdd, plan.Duplicate, plan.WouldReject));
        Assert.Equal(1, it.Marketo.PersonCount);
        Assert.Empty(it.Members());
        using (var journal = PushJournal.Open(it.Journal)) Assert.Empty(journal.History.Get(new PushFilter()));
        Assert.Equal(new Dictionary<string, int> { ["lookup"] = 1 }, it.Calls());
    }

    [Fact]
    public async Task A_plan_foretells_the_calls_of_the_push()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist([.. Enumerable.Range(0, 400).Select(Address)]);

        var plan = await it.PlanAsync(PersonCreation.MatchExisting, People(650));
        var status = await it.PushAsync(PersonCreation.MatchExisting, People(650));

        Assert.Equal(status.Calls, plan.Calls);
    }

    [Fact]
    public async Task Cancelling_stops_the_push_and_accounts_for_everybody_read()
    {
        await using var it = await PushFixture.StartAsync(new SandboxOptions { CallsPer20Seconds = null, Latency = TimeSpan.FromMilliseconds(200) });
        it.Delivery = Delivery.Sync;
        using var stop = new CancellationTokenSource();

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            People(20_000),
            cancellation: stop.Token,
            happened: e =>
            {
                if (e is PushProgressed { Status.Received: > 2000 }) stop.Cancel();
            });

        Assert.Equal((PushState.Interrupted, "Stopped by the user."), (status.State, status.Reason));
        Assert.True(status.NotDelivered > 0);
        Assert.True(status.Received < 20_000);
        Assert.Null(it.Error);
    }

    [Fact]
    public async Task A_caller_that_stops_listening_stops_the_push()
    {
        await using var it = await PushFixture.StartAsync(new SandboxOptions { CallsPer20Seconds = null, Latency = TimeSpan.FromMilliseconds(50) });

        it.Delivery = Delivery.Sync;
        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() => it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            People(20_000),
            happened: e =>
            {
                if (e is PushProgressed) throw new InvalidOperationException("enough");
            }));

        Assert.Equal("enough", stopped.Message);
        using var journal = PushJournal.Open(it.Journal);
        Assert.Equal(PushState.Interrupted, Assert.Single(journal.History.Get(new PushFilter())).State);
    }

    [Fact]
    public async Task A_refused_call_fails_the_push_and_keeps_its_people_as_not_delivered()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.Inject(SandboxFault.Error("603", "Access denied") with { Path = "/rest/v1/lists/1021/leads.json" });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(10));

        Assert.Equal((PushState.Failed, 10, 10), (status.State, status.NotDelivered, status.Created));
        Assert.Equal("AccessDenied", it.Error?.ErrorId);
        Assert.Equal(PersonChange.Created, it.PersonOf(status, 1).Change);
    }

    [Fact]
    public async Task The_daily_quota_interrupts_the_push_and_says_when_it_resets()
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.Inject(SandboxFault.Error("607", "Daily API Quota reached") with { Path = "/rest/v1/leads.json", After = 2 });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(3000));

        Assert.Equal(PushState.Interrupted, status.State);
        Assert.Equal("DailyQuotaExceeded", it.Error?.ErrorId);
        Assert.Contains("00:00 US Central", status.Reason, StringComparison.Ordinal);
        Assert.True(status.Added + status.NotDelivered == status.Received);
    }

    [Fact]
    public async Task A_field_the_instance_lacks_stops_the_push_before_anything_is_sent()
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = [new("email", "email"), new("first", "firstNam")];

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.PushAsync(PersonCreation.MatchExisting, People(10)));

        Assert.Equal("FieldNotFound", error.ErrorId);
        Assert.Empty(it.Calls());
    }

    [Fact]
    public async Task A_column_the_segment_lacks_stops_the_push_before_anything_is_sent()
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = [new("mail", "email")];

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.PushAsync(PersonCreation.MatchExisting, People(10)));

        Assert.Equal("SourceColumnNotFound", error.ErrorId);
        Assert.DoesNotContain(it.Marketo.Calls, call => call.Path.StartsWith("/rest", StringComparison.Ordinal) && call.Method != "GET");
    }

    [Fact]
    public async Task A_partition_is_matched_and_written()
    {
        await using var it = await PushFixture.StartAsync();

        var error = await Assert.ThrowsAsync<SegmentPushException>(
            () => it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(1), partition: "Nowhere"));
        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(1), partition: "default");

        Assert.Equal("PartitionNotFound", error.ErrorId);
        Assert.Equal("Default", status.Partition);
    }

    private static string Address(int i) => string.Create(CultureInfo.InvariantCulture, $"p{i}@example.com");

    private static IEnumerable<string[]> People(int count) =>
        Enumerable.Range(0, count).Select(i => new[] { Address(i), "First" + i, "Last, \"" + i + "\"" });

    private sealed class TimeAhead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromHours(2);
    }
}
