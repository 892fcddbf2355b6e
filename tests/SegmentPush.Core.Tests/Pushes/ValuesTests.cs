using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>What arrives in Marketo of the values in a segment.</summary>
public sealed class ValuesTests
{
    private static readonly ValueRules s_paris = new() { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris") };

    [Theory]
    [InlineData(Delivery.Sync)]
    [InlineData(Delivery.Bulk)]
    public async Task Moments_and_days_arrive_however_programs_spell_them(Delivery delivery)
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = [new("email", "email"), new("seen", "personScoreUpdated"), new("born", "dateOfBirth")];
        it.Delivery = delivery;

        var status = await it.PushFileAsync(Options(it) with { Values = s_paris }, CaseFile("22-timestamps"));

        Assert.Equal((12L, 9L, 3L), (status.Received, status.Added, status.Rejected));
        Assert.All(it.Members(), address => Assert.Equal("1980-02-03", PersonOf(it, address)["dateOfBirth"]));
        Assert.Equal("2026-01-31T14:05:00+01:00", PersonOf(it, "person3@example.com")["personScoreUpdated"]);
        Assert.Equal("2026-01-31T14:05:00.123456789Z", PersonOf(it, "person6@example.com")["personScoreUpdated"]);
        Assert.Equal("2026-01-31T14:05:00+01:00", PersonOf(it, "person11@example.com")["personScoreUpdated"]);
        foreach (int row in new[] { 1, 5, 8, 9 }) Assert.Equal("2026-01-31T14:05:00Z", PersonOf(it, $"person{row}@example.com")["personScoreUpdated"]);
        foreach (int row in new[] { 7, 10, 12 }) Assert.Equal("NotADateTime", it.PersonOf(status, row).Code);
        foreach (string field in new[] { "'personScoreUpdated'", "'dateOfBirth'" }) Assert.Contains(field, it.PersonOf(status, 10).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Moments_and_days_of_a_culture_arrive_where_it_is_named()
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = [new("email", "email"), new("seen", "personScoreUpdated"), new("born", "dateOfBirth")];

        var status = await it.PushFileAsync(Options(it) with { Values = s_paris with { Culture = ValueCulture.Find("de-DE") } }, CaseFile("22-timestamps"));

        Assert.Equal(10L, status.Added);
        var person = PersonOf(it, "person12@example.com");
        Assert.Equal(("2026-01-31T14:05:00+01:00", "1980-02-03"), (person["personScoreUpdated"], person["dateOfBirth"]));
    }

    [Theory]
    [InlineData(';', null, "ann")]
    [InlineData(';', "de-DE", "")]
    [InlineData(';', "en-US", "bob")]
    [InlineData(',', null, "")]
    public async Task A_number_of_a_file_with_semicolons_arrives_once_it_is_clear_what_its_point_means(char delimiter, string? culture, string rejected)
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = [new("email", "email"), new("value", "lifetimeValue")];
        string path = Path.Combine(it.Folder, "values.csv");
        string bob = delimiter == ';' ? "2.500,75" : "0.125";
        if (culture is null && delimiter == ';') bob = "2500.75";
        File.WriteAllText(path, $"email{delimiter}value\nann@example.com{delimiter}1.234\nbob@example.com{delimiter}{bob}\n");

        var status = await it.PushFileAsync(Options(it) with { Values = s_paris with { Culture = ValueCulture.Find(culture) } }, path);

        Assert.Equal(rejected.Length > 0 ? 1 : 0, status.Rejected);
        string[] all = ["ann", "bob"];
        Assert.Equal(all.Except([rejected]).Select(name => $"{name}@example.com"), it.Members().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null, 8L)]
    [InlineData("de-DE", 9L)]
    public async Task Booleans_arrive_in_the_words_of_programs_and_of_the_culture_that_is_named(string? culture, long added)
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = [new("email", "email"), new("optout", "unsubscribed")];

        var status = await it.PushFileAsync(Options(it) with { Values = s_paris with { Culture = ValueCulture.Find(culture) } }, CaseFile("23-booleans"));

        Assert.Equal((9L, added), (status.Received, status.Added));
        string?[] right = ["true", "true", "true", "false", "true", "false", "true", null, culture is null ? null : "true"];
        for (int i = 0; i < added; i++) Assert.Equal(right[i], PersonOf(it, $"person{i + 1}@example.com")["unsubscribed"]);
        if (culture is null) Assert.Equal("NotABoolean", it.PersonOf(status, 9).Code);
    }

    [Fact]
    public async Task Where_nothing_but_the_list_is_written_nothing_but_the_identity_rejects_a_person()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist("ann@example.com", "a..b@docomo.example", "\"c\"@example.com");
        it.Mapping = [new("email", "email"), new("first", "firstName"), new("last", "dateOfBirth"), new("company", "leadScore")];

        var status = await it.PushAsync(
            PersonCreation.MatchExisting,
            [["ann@example.com", new string('x', 1_000), "no day", "many"], ["a..b@docomo.example"], ["\"c\"@example.com"], ["d..e@docomo.example"], ["no address"], ["f,g@example.com"]]);

        Assert.Equal((3L, 1L, 2L), (status.Added, status.Unmatched, status.Rejected));
        Assert.Equal(3, it.Members().Length);
    }

    [Fact]
    public async Task A_company_field_that_is_not_sent_rejects_nobody()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist("ann@example.com", "bob@example.com");
        it.Mapping = [new("email", "email"), new("first", "firstName"), new("company", "numberOfEmployees")];

        var status = await it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com", "Ann", "", "about ten"], ["bob@example.com", new string('x', 256)]], ExistingPeople.Update);

        Assert.Equal((1L, 1L), (status.Updated, status.Rejected));
        Assert.Equal("TextTooLong", it.PersonOf(status, 2).Code);
        Assert.Equal("Ann", PersonOf(it, "ann@example.com")["firstName"]);
    }

    [Theory]
    [InlineData(Delivery.Sync, ExistingPeople.Update)]
    [InlineData(Delivery.Sync, ExistingPeople.Keep)]
    [InlineData(Delivery.Bulk, ExistingPeople.Update)]
    [InlineData(Delivery.Bulk, ExistingPeople.Keep)]
    public async Task Whether_somebody_has_an_odd_address_is_for_Marketo_to_say_and_nobody_is_created_with_one(Delivery delivery, ExistingPeople existing)
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist("a..b@docomo.example");
        it.Delivery = delivery;
        string[][] rows = [["ann@example.com", "Ann"], ["a..b@docomo.example", "Aki"], ["c..d@docomo.example", "Chie"], ["bob@example.com", "Bob"]];

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, rows, existing);

        Assert.Equal((4L, 3L, 1L), (status.Received, status.Added, status.Rejected));
        Assert.Equal(["a..b@docomo.example", "ann@example.com", "bob@example.com"], it.Members());
        Assert.Equal(3, it.Marketo.PersonCount);
        Assert.Equal(existing == ExistingPeople.Update ? "Aki" : null, PersonOf(it, "a..b@docomo.example")["firstName"]);
        Assert.Equal("AddressMalformed", it.PersonOf(status, 3).Code);
        Assert.Contains("Nobody in Marketo", it.PersonOf(status, 3).Reason, StringComparison.Ordinal);
        Assert.Equal(existing == ExistingPeople.Update ? PersonChange.Updated : PersonChange.Unchanged, it.PersonOf(status, 2).Change);
    }

    [Fact]
    public async Task Many_odd_addresses_are_looked_up_in_few_calls_between_imports()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist([.. Enumerable.Range(0, 3_500).Select(i => $"p{i}..x@docomo.example")]);
        it.Delivery = Delivery.Bulk;
        string[][] rows = [.. Enumerable.Range(0, 7_000).Select(i => new[] { i % 2 == 0 ? $"p{i}..x@docomo.example" : $"p{i}@example.com", "Aki" })];

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, rows);

        Assert.Equal((7_000L, 5_250L, 1_750L), (status.Received, status.Added, status.Rejected));
        Assert.Equal(5_250, it.Members().Length);
        Assert.InRange(it.Calls()["lookup"], 12, 14);
    }

    [Theory]
    [InlineData(PersonCreation.MatchExisting, ExistingPeople.Keep)]
    [InlineData(PersonCreation.MatchExisting, ExistingPeople.Update)]
    [InlineData(PersonCreation.MatchExistingAndCreateMissing, ExistingPeople.Keep)]
    public async Task An_identity_that_a_lookup_cannot_carry_rejects_its_person_alone(PersonCreation creation, ExistingPeople existing)
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.AddPerson(new Dictionary<string, object?> { ["crmId"] = "C-1" });
        it.Delivery = Delivery.Bulk;
        it.Mapping = [new("email", "crmId", "CRM"), new("first", "firstName")];

        var status = await it.PushAsync(creation, [["C-1", "Ann"], ["C-2,3", "Bob"]], existing);

        Assert.Equal((PushState.Completed, 1L, 1L), (status.State, status.Added, status.Rejected));
        Assert.Equal("IdentityHasComma", it.PersonOf(status, 2).Code);
    }

    [Fact]
    public async Task A_person_whose_create_lost_its_answer_is_not_told_as_Updated_where_no_lookup_can_carry_the_identity()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Mapping = [new("email", "crmId", "CRM"), new("first", "firstName")];
        it.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = "/rest/v1/leads.json", Times = 1 });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["C-2,3", "Bob"]], ExistingPeople.Update);

        Assert.Equal((PushState.Completed, 1L, 0L, false), (status.State, status.Added, status.Updated, status.ChangesAreKnown));
    }

    [Theory]
    [InlineData(PersonCreation.MatchExistingAndCreateMissing, ExistingPeople.Update, 0)]
    [InlineData(PersonCreation.MatchExisting, ExistingPeople.Keep, 1)]
    public async Task A_plan_rejects_an_identity_with_a_comma_only_where_the_push_looks_it_up(PersonCreation creation, ExistingPeople existing, int rejected)
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.AddPerson(new Dictionary<string, object?> { ["crmId"] = "C-1" });
        it.Mapping = [new("email", "crmId", "CRM"), new("first", "firstName")];
        var options = it.OptionsFor(creation, existing);
        string[][] rows = [["C-1", "Ann"], ["C-2,3", "Bob"]];

        var plan = await PushPlanner.PlanAsync(options, [it.Rows(rows)], CancellationToken.None);
        var push = await it.PushAsync(options, rows);

        Assert.Equal((rejected, 2 - rejected, 1 - rejected), ((int)push.Rejected, (int)push.Added, (int)push.Created));
        Assert.Equal((rejected, 2 - rejected, 1 - rejected), ((int)plan.WouldReject, (int)plan.WouldAdd, (int)plan.WouldCreate));
    }

    [Fact]
    public async Task A_plan_rejects_people_that_the_push_would_not_create()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist("a..b@docomo.example");

        var plan = await it.PlanAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"], ["a..b@docomo.example"], ["c..d@docomo.example"], ["none"]]);

        Assert.Equal((4L, 1L, 1L, 2L, 2L), (plan.Received, plan.WouldMatch, plan.WouldCreate, plan.WouldAdd, plan.WouldReject));
    }

    [Theory]
    [InlineData(Delivery.Sync)]
    [InlineData(Delivery.Bulk)]
    public async Task A_bad_value_is_left_out_and_counted_where_that_is_wanted(Delivery delivery)
    {
        await using var it = await PushFixture.StartAsync();
        it.Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "ann@example.com", ["dateOfBirth"] = "1980-02-03" });
        it.Delivery = delivery;
        it.Mapping = [new("email", "email"), new("first", "firstName"), new("last", "dateOfBirth"), new("company", "leadScore")];
        string[][] rows = [["ann@example.com", "Ann", "no day", "many"], ["bob@example.com", "Bob", "1990-13-01", "7"], ["bob@example.com", "Bob", "soon"], ["none", "", "soon"]];
        var options = Options(it) with { Values = s_paris with { BadField = BadField.LeaveOut } };

        var plan = await PushPlanner.PlanAsync(options, [it.Rows(rows)], CancellationToken.None);
        var status = await it.PushAsync(options, rows);

        Assert.Equal((2L, 1L, 1L, 3L), (status.Added, status.Duplicate, status.Rejected, status.ValuesLeftOut));
        Assert.Equal((3L, 1L), (plan.ValuesLeftOut, plan.WouldReject));
        var (ann, bob) = (PersonOf(it, "ann@example.com"), PersonOf(it, "bob@example.com"));
        Assert.Equal(("Ann", "1980-02-03", null), (ann["firstName"], ann["dateOfBirth"], ann["leadScore"]));
        Assert.Equal(("Bob", null, "7"), (bob["firstName"], bob["dateOfBirth"], bob["leadScore"]));
        string warning = Assert.Single(it.Events.OfType<PushWarned>()).Message.English;
        Assert.Contains("'last' 2", warning, StringComparison.Ordinal);
        Assert.Contains("'company' 1", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("soon", warning, StringComparison.Ordinal);
        using var journal = PushJournal.Open(it.Journal);
        Assert.Equal(3L, Assert.Single(journal.History.Get(new PushFilter { Ids = [status.Id] })).ValuesLeftOut);
    }

    [Fact]
    public async Task A_resumed_push_reads_values_as_it_began_and_counts_each_that_it_leaves_out_once()
    {
        var time = new HurriedTime(200);
        await using var it = await PushFixture.StartAsync(new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time }, time);
        it.Delivery = Delivery.Sync;
        it.Mapping = [new("email", "email"), new("last", "personScoreUpdated"), new("company", "weight")];
        var options = Options(it) with
        {
            Values = new ValueRules { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"), Culture = ValueCulture.Find("de-DE"), BadField = BadField.LeaveOut },
        };
        it.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Path = "/rest/v1/leads.json", After = 2, Times = 1 });
        string[][] rows = [.. Enumerable.Range(0, 2_000).Select(i => new[] { $"p{i}@example.com", "", "31.01.2026 14:05", i % 2 == 0 ? "1.234,5" : "1.5" })];
        string file = Path.Combine(it.Folder, "segment.csv");
        await File.WriteAllLinesAsync(file, ["email;first;last;company", .. rows.Select(cells => string.Join(';', cells))]);

        var stopped = await it.PushFileAsync(options, file);
        Assert.Equal(PushState.Interrupted, stopped.State);
        Assert.InRange(stopped.ValuesLeftOut, 1, 1_000);
        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, 2_000L, 1_000L), (resumed.State, resumed.Added, resumed.ValuesLeftOut));
        foreach (int i in new[] { 0, 1, 1_998, 1_999 })
        {
            var person = PersonOf(it, $"p{i}@example.com");
            Assert.Equal(("2026-01-31T14:05:00+09:00", i % 2 == 0 ? "1234.5" : null), (person["personScoreUpdated"], person["weight"]));
        }
    }

    [Theory]
    [InlineData(Delivery.Sync)]
    [InlineData(Delivery.Bulk)]
    public async Task A_constant_is_written_for_each_person(Delivery delivery)
    {
        await using var it = await PushFixture.StartAsync();
        it.Delivery = delivery;
        it.Mapping = [new("email", "email"), SegmentMapping.Constant("Adobe, \"EMEA\"", "leadSource"), SegmentMapping.Constant("007", "leadScore")];

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"], ["bob@example.com"]]);

        Assert.Equal(2L, status.Added);
        Assert.All(it.Members(), address => Assert.Equal(("Adobe, \"EMEA\"", "7"), (PersonOf(it, address)["leadSource"], PersonOf(it, address)["leadScore"])));
    }

    [Fact]
    public async Task A_constant_that_is_wrong_ends_the_push_before_it_begins()
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = [new("email", "email"), SegmentMapping.Constant("many", "leadScore")];

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]]));

        Assert.Equal("ConstantNotValid", error.ErrorId);
        Assert.Equal(0, it.Marketo.PersonCount);
    }

    [Fact]
    public async Task All_mistakes_of_a_mapping_in_columns_and_fields_are_told_at_once()
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = [new("frist", "firstName"), new("lsat", "lastName"), new("company", "LastName"), new("email", "emial")];
        it.Marketo.ForgetCalls();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com"]]));

        Assert.Equal("SourceColumnNotFound", error.ErrorId);
        foreach (string mistake in new[] { "5 mistakes", "'frist'", "'lsat'", "'lsat', 'company'", "'emial'", "finds the person" }) Assert.Contains(mistake, error.Message, StringComparison.Ordinal);
        Assert.All(it.Marketo.Calls, call => Assert.Equal("GET", call.Method));
    }

    [Fact]
    public async Task All_mistakes_in_fields_and_constants_are_told_at_once()
    {
        await using var it = await PushFixture.StartAsync();
        it.Mapping = [new("email", "email"), new("first", "fristName"), new("last", "createdAt"), SegmentMapping.Constant("many", "leadScore")];

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com"]]));

        Assert.Equal("FieldNotFound", error.ErrorId);
        foreach (string mistake in new[] { "3 mistakes", "'fristName'", "'createdAt'", "'leadScore'" }) Assert.Contains(mistake, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resumed_push_writes_the_same_constant()
    {
        var time = new HurriedTime(200);
        await using var it = await PushFixture.StartAsync(new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time }, time);
        it.Mapping = [new("email", "email"), SegmentMapping.Constant("Adobe", "leadSource")];
        it.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Path = "/rest/v1/leads.json", Times = 1 });

        var stopped = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]]);
        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Interrupted, PushState.Completed), (stopped.State, resumed.State));
        Assert.Equal("Adobe", PersonOf(it, "ann@example.com")["leadSource"]);
    }

    [Fact]
    public async Task A_destination_sends_a_changed_constant_and_no_value_that_is_only_written_otherwise()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        fixture.Save(fixture.Destination with { Mapping = [new("email", "email"), new("score", "leadScore"), SegmentMapping.Constant("Spring", "leadSource")] });
        await fixture.PushFilesAsync([fixture.File("email,score", "ann@example.com,007", "bob@example.com,5")]);

        var same = await fixture.PushFilesAsync([fixture.File("email,score", "ann@example.com,7.00", "bob@example.com,5.0")]);
        fixture.Save(fixture.Destination with { Mapping = [new("email", "email"), new("score", "leadScore"), SegmentMapping.Constant("Autumn", "leadSource")] });
        var changed = await fixture.PushFilesAsync([fixture.File("email,score", "ann@example.com,7", "bob@example.com,5")]);

        Assert.Equal((0L, 2L), (same.Updated, changed.Updated));
        Assert.Equal("Autumn", PersonOf(fixture.Push, "bob@example.com")["leadSource"]);
    }

    [Fact]
    public async Task A_destination_has_its_own_time_zone_culture_and_rule_for_bad_values()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        fixture.Save(fixture.Destination with
        {
            Mapping = [new("email", "email"), new("seen", "personScoreUpdated"), new("weight", "weight")],
            TimeZone = "America/New_York",
            Culture = "de-DE",
            BadField = BadField.LeaveOut,
        });

        var status = await fixture.PushFilesAsync([fixture.File("email;seen;weight", "ann@example.com;31.01.2026 14:05;1.234,5", "bob@example.com;08.03.2026 02:30;1.5")]);

        Assert.Equal((2L, 2L, true), (status.Added, status.ValuesLeftOut, status.IsVerified));
        var ann = PersonOf(fixture.Push, "ann@example.com");
        Assert.Equal(("2026-01-31T14:05:00-05:00", "1234.5"), (ann["personScoreUpdated"], ann["weight"]));
    }

    [Fact]
    public async Task An_identity_is_the_same_however_its_number_is_written_also_in_a_row_at_fault()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, PersonCreation.MatchExisting, ExistingPeople.Update);
        for (int i = 1; i <= 10; i++) fixture.Marketo.AddPerson(new Dictionary<string, object?> { ["customerNumber"] = i });
        fixture.Save(fixture.Destination with { Mapping = [new("number", "customerNumber", "Customer"), new("score", "leadScore")] });
        await fixture.PushFilesAsync([fixture.File(["number,score", .. Enumerable.Range(1, 10).Select(i => $"{i},1")])], verify: false);

        // Row 1 is at fault, and names the member 1 all the same; rows 2 and 3 name one person.
        var status = await fixture.PushFilesAsync([fixture.File(["number,score", "001,many", "02,1", "2.0,1", .. Enumerable.Range(3, 8).Select(i => $"0{i},1")])], verify: false);

        Assert.Equal((0L, 1L, 1L, 9L), (status.Removed, status.Rejected, status.Duplicate, status.AlreadyMember));
        Assert.Equal(10, fixture.Marketo.GetMembers(PushFixture.ListId).Count);
    }

    private static PushOptions Options(PushFixture it) => it.OptionsFor(PersonCreation.MatchExistingAndCreateMissing);

    private static PersonView PersonOf(PushFixture it, string address) => it.Marketo.FindPeople("email", address).Single();

    private static string CaseFile(string name) => Path.Combine(BuiltModule.Root, "tests", "Corpus", "Cases", name, "seg.csv");
}
