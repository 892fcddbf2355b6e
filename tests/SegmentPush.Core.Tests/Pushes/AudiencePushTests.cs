using SegmentPush.Journal;
using SegmentPush.Platform;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Sandbox.Platform;
using static SegmentPush.Core.Tests.Pushes.AudienceFixture;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class AudiencePushTests
{
    [Fact]
    public async Task Everybody_of_an_audience_has_one_outcome()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ExportsLeavers = true, ProfilesPerFile = 3, ProfilesPerGroup = 2 });
        fixture.Add(
            Profile("Zoë", ["zoe@example.com", "old.zoe@example.com"]),
            Profile("No address", []),
            Profile("No consent", ["no@example.com"], consent: "n"),
            Profile("Left", ["left@example.com"], status: "exited"),
            Profile("null", ["null@example.com"]),
            Profile("O'Hara, \"Jr.\"", ["ohara@example.com"]),
            Profile("Malformed", ["not an address"]));

        var status = await fixture.PushAsync();

        Assert.Equal(["null@example.com", "ohara@example.com", "zoe@example.com"], fixture.Marketo.Push.Members());
        Assert.Equal("null", fixture.Marketo.Marketo.FindPeople("email", "null@example.com").Single()["firstName"]);
        Assert.Equal((7, 3, 1, 1, 1, 1), (status.Received, status.Added, status.NoIdentity, status.NoConsent, status.NotMember, status.Rejected));
        Assert.Equal(["Webinar EMEA"], status.Source);
        Assert.Equal(PersonOutcome.NoIdentity, fixture.Marketo.Push.PersonOf(status, 2).Outcome);
        Assert.Empty(fixture.Spools());
        Assert.Single(fixture.Platform.Platform.ExportJobs);
    }

    [Fact]
    public async Task The_mapped_path_comes_before_the_identities_of_a_profile()
    {
        await using var fixture = await StartAsync();
        fixture.Mapping = [new("workEmail.address", "email", "Email"), new("person.name.firstName", "firstName")];
        fixture.Add(Profile("Ann", ["ann@example.com"], work: "ann@work.example"), Profile("Bob", ["bob@example.com", "b@example.com"]), Profile("Cid", [], work: " "));

        var status = await fixture.PushAsync();

        Assert.Equal(["ann@work.example", "bob@example.com"], fixture.Marketo.Push.Members());
        Assert.Equal((3, 2, 1), (status.Received, status.Added, status.NoIdentity));
    }

    [Fact]
    public async Task Each_address_is_a_row_where_all_are_asked_for()
    {
        await using var fixture = await StartAsync();
        fixture.Identities = AudienceIdentities.All;
        fixture.Add(Profile("Ann", ["ann@example.com", "a@example.com", "ANN@example.com"]), Profile("None", []), Profile("Bob", ["bob@example.com", "bad"]));

        var status = await fixture.PushAsync();

        Assert.Equal(["a@example.com", "ann@example.com", "bob@example.com"], fixture.Marketo.Push.Members());
        Assert.Equal((5, 3, 1, 1), (status.Received, status.Added, status.NoIdentity, status.Rejected));
    }

    [Fact]
    public async Task Of_profiles_with_one_address_the_newest_qualification_counts_and_a_no_of_any()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ExportsLeavers = true });
        fixture.Add(
            Profile("Old", ["ann@example.com"], day: 1),
            Profile("New", ["ANN@example.com"], day: 3),
            Profile("In", ["bob@example.com"], day: 1),
            Profile("Out", ["bob@example.com"], day: 2, status: "exited"),
            Profile("Out", ["cid@example.com"], day: 1, status: "exited"),
            Profile("In", ["cid@example.com"], day: 2),
            Profile("Yes", ["dan@example.com"], day: 2, consent: "y"),
            Profile("No", ["dan@example.com"], day: 1, consent: "n"));

        var status = await fixture.PushAsync();

        Assert.Equal(["ANN@example.com", "cid@example.com"], fixture.Marketo.Push.Members());
        Assert.Equal("New", fixture.Marketo.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
        Assert.Equal((8, 2, 2, 2, 2), (status.Received, status.Added, status.Duplicate, status.NotMember, status.NoConsent));
    }

    [Fact]
    public async Task Of_profiles_with_one_address_the_newest_that_is_not_rejected_counts()
    {
        await using var fixture = await StartAsync();
        fixture.Add(
            Profile("Good", ["ann@example.com"], day: 1),
            Profile("Older", ["ann@example.com"], day: 0),
            Profile(new string('x', 256), ["ann@example.com"], day: 3),
            Profile(new string('x', 256), ["bob@example.com"], day: 1),
            Profile(new string('x', 256), ["bob@example.com"], day: 2));

        var status = await fixture.PushAsync();

        Assert.Equal(["ann@example.com"], fixture.Marketo.Push.Members());
        Assert.Equal("Good", fixture.Marketo.Marketo.FindPeople("email", "ann@example.com").Single()["firstName"]);
        Assert.Equal((5, 1, 1, 3), (status.Received, status.Added, status.Duplicate, status.Rejected));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 3)]
    public async Task A_mirror_of_an_export_that_lacks_people_takes_nobody_off(int lost, int failed)
    {
        await using var fixture = await StartAsync(PushMode.Mirror, options => options with { ProfilesLost = lost, RecordsFailed = failed });
        fixture.Add([.. Enumerable.Range(0, 40).Select(i => Profile("A", [Address(i)]))]);
        var first = await fixture.PushToDestinationAsync();
        fixture.Platform.Platform.ClearProfiles();
        fixture.Add([.. Enumerable.Range(1, 40).Select(i => Profile("A", [Address(i)]))]);

        var second = await fixture.PushToDestinationAsync();

        Assert.Equal((PushState.Completed, 40), (first.State, first.Added));
        Assert.Equal("GuardStopped", second.ErrorId);
        Assert.Contains("3 people of the export are missing", second.Reason, StringComparison.Ordinal);
        Assert.Contains(Address(0), fixture.Marketo.Push.Members());
    }

    [Fact]
    public async Task A_mirror_of_an_audience_takes_those_off_who_have_left_or_say_no()
    {
        await using var fixture = await StartAsync(PushMode.Mirror, options => options with { ExportsLeavers = true });
        fixture.Add([.. Enumerable.Range(0, 40).Select(i => Profile("A", [Address(i)]))]);
        await fixture.PushToDestinationAsync();
        fixture.Platform.Platform.ClearProfiles();
        fixture.Add([.. Enumerable.Range(0, 40).Select(i => Profile("A", [Address(i)], consent: i == 0 ? "n" : "y", status: i == 1 ? "exited" : "existing", day: 1))]);

        var status = await fixture.PushToDestinationAsync();

        Assert.Equal(PushState.Completed, status.State);
        Assert.True(status.IsVerified);
        Assert.Equal((42, 38, 2, 1, 1), (status.Received, status.AlreadyMember, status.Removed, status.NoConsent, status.NotMember));
        Assert.Equal(38, fixture.Marketo.Push.Members().Length);
    }

    [Fact]
    public async Task An_empty_audience_is_stopped_by_the_guard_of_a_mirror()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        fixture.Add([.. Enumerable.Range(0, 10).Select(i => Profile("A", [Address(i)]))]);
        await fixture.PushToDestinationAsync();
        fixture.Platform.Platform.ClearProfiles();

        var status = await fixture.PushToDestinationAsync();

        Assert.Equal("GuardStopped", status.ErrorId);
        Assert.Equal(10, fixture.Marketo.Push.Members().Length);
    }

    [Fact]
    public async Task A_destination_keeps_its_newest_exports_alone()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        fixture.Add([.. Enumerable.Range(0, 10).Select(i => Profile("A", [Address(i)]))]);
        fixture.Marketo.Save(fixture.Marketo.Destination with { KeepExports = 2 });

        var batches = new List<string>();
        for (int day = 0; day < 4; day++)
        {
            await fixture.PushToDestinationAsync();
            batches.Add(fixture.Platform.Platform.Batches[^1]);
        }

        Assert.Equal(batches[^2..], fixture.Platform.Platform.Batches);
        Assert.Equal(4, fixture.Platform.Platform.ExportJobs.Count);
    }

    [Fact]
    public async Task A_push_that_a_newer_one_has_superseded_leaves_no_files_and_no_batch()
    {
        await using var fixture = await StartAsync(PushMode.Mirror);
        fixture.Add([.. Enumerable.Range(0, 10).Select(i => Profile("A", [Address(i)]))]);
        using var stop = new CancellationTokenSource();
        var stopped = await fixture.PushToDestinationAsync(happened: e => Stop(stop, e is CallFinished { Report.Call: "POST /rest/v1/leads.json" }), cancellation: stop.Token);
        Assert.Equal(PushState.Interrupted, stopped.State);
        Assert.Single(fixture.Spools());

        var newer = await fixture.PushToDestinationAsync();

        Assert.Equal(PushState.Completed, newer.State);
        Assert.Empty(fixture.Spools());
        Assert.Single(fixture.Platform.Platform.Batches);
    }

    [Fact]
    public async Task Exports_that_may_not_be_deleted_are_shown()
    {
        await using var fixture = await StartAsync(PushMode.Mirror, options => options with { DeletesBatches = false });
        fixture.Add(Profile("A", [Address(1)]));
        await fixture.PushToDestinationAsync();
        await fixture.PushToDestinationAsync();
        string[] old = [.. fixture.Platform.Platform.Batches];

        var status = await fixture.PushToDestinationAsync();

        Assert.Equal(PushState.Completed, status.State);
        Assert.Equal(2, old.Length);
        Assert.Contains(
            fixture.Marketo.Warnings(),
            warning => old.All(batch => warning.Contains(batch, StringComparison.Ordinal)) && warning.Contains("Remove-PlatformExport", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_push_that_is_stopped_while_it_fetches_fetches_what_is_missing()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ProfilesPerFile = 5, Latency = TimeSpan.FromMilliseconds(20) });
        fixture.Add([.. Enumerable.Range(0, 40).Select(i => Profile("A", [Address(i)]))]);
        using var stop = new CancellationTokenSource();

        var stopped = await fixture.PushAsync(happened: e => Stop(stop, e is AudienceExported { Progress.Fetched: > 0 }), cancellation: stop.Token);
        string spool = Assert.Single(fixture.Spools());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(spool));
            foreach (string file in Directory.EnumerateFiles(spool)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        var status = await fixture.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, 40), (status.State, status.Added));
        Assert.Single(fixture.Platform.Platform.ExportJobs);
        Assert.Empty(fixture.Spools());
    }

    [Fact]
    public async Task A_push_that_is_stopped_on_its_way_reads_the_same_people_again()
    {
        await using var fixture = await StartAsync(time: new ShortWaits());
        fixture.Add([.. Enumerable.Range(0, 2_000).Select(i => Profile("A", i % 100 == 0 ? [] : [Address(i)], consent: i % 100 == 1 ? "n" : null))]);
        using var stop = new CancellationTokenSource();

        var stopped = await fixture.PushAsync(happened: e => Stop(stop, e is PushProgressed { Status.Added: > 0 } or CallFinished { Report.Call: "POST /rest/v1/lists/1021/leads.json" }), cancellation: stop.Token);
        fixture.Platform.Platform.ClearProfiles();
        var status = stopped.State == PushState.Interrupted ? await fixture.ResumeAsync(stopped.Id) : stopped;

        Assert.Equal((2_000, 1_960, 20, 20), (status.Received, status.Added, status.NoIdentity, status.NoConsent));
        Assert.Single(fixture.Platform.Platform.ExportJobs);
        Assert.Empty(fixture.Spools());
    }

    [Fact]
    public async Task A_policy_stops_a_push_before_a_job()
    {
        await using var fixture = await StartAsync();
        fixture.Add(Profile("A", [Address(1)]));
        fixture.Platform.Platform.AddPolicy("No emails to contract data", "C2");

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.PushAsync());
        fixture.SkipPolicyCheck = true;
        var skipped = await fixture.PushAsync();

        Assert.Equal("PolicyViolated", error.ErrorId);
        Assert.Contains("No emails to contract data", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, skipped.Added);
        Assert.Single(fixture.Platform.Platform.ExportJobs);
    }

    [Fact]
    public async Task A_mistake_in_the_mapping_is_found_before_the_export()
    {
        await using var fixture = await StartAsync();
        fixture.Add(Profile("A", [Address(1)]));
        fixture.Mapping = [.. fixture.Mapping, new("person.name.lastName", "noSuchField")];

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.PushAsync());

        Assert.Equal("FieldNotFound", error.ErrorId);
        Assert.Empty(fixture.Platform.Platform.ExportJobs);
    }

    [Fact]
    public async Task An_audience_goes_through_a_file_destination()
    {
        await using var fixture = await StartAsync();
        fixture.Through = fixture.Platform.Platform.Options.DataflowId;
        fixture.Mapping = [new("workEmail.address", "email", "Email"), new("person.name.firstName", "firstName")];
        fixture.Add(Profile("Ann", [], work: "ann@example.com"), Profile("No", [], work: "no@example.com", consent: "n"));

        var status = await fixture.PushAsync();

        Assert.Equal(["ann@example.com"], fixture.Marketo.Push.Members());
        Assert.Equal((2, 1, 1), (status.Received, status.Added, status.NoConsent));
        Assert.Empty(fixture.Platform.Platform.ExportJobs);
        Assert.Empty(fixture.Spools());
    }

    [Fact]
    public async Task Rejected_profiles_are_written_as_they_are()
    {
        await using var fixture = await StartAsync();
        fixture.Add(Profile("Ann", ["ann@example.com"]), Profile("None", []), Profile("Bad", ["bad"]));
        fixture.Identities = AudienceIdentities.All;
        fixture.Marketo.Push.RejectPath = Path.Combine(fixture.Marketo.Push.Folder, "rejected.jsonl");

        var status = await fixture.PushAsync();

        string line = Assert.Single(await File.ReadAllLinesAsync(status.RejectPath!));
        Assert.Contains("\"Bad\"", line, StringComparison.Ordinal);
        Assert.Equal(3, fixture.Marketo.Push.PersonOf(status, 3).Row);
    }

    [Fact]
    public async Task Tokens_reach_neither_the_journal_nor_the_spool()
    {
        await using var fixture = await StartAsync();
        fixture.Add(Profile("Ann", ["ann@example.com"]));

        await fixture.PushAsync();

        string journal = await File.ReadAllTextAsync(Path.Combine(fixture.Marketo.Push.Folder, "journal.db"), System.Text.Encoding.Latin1);
        Assert.All(fixture.Platform.Platform.Tokens, token => Assert.DoesNotContain(token, journal, StringComparison.Ordinal));
        Assert.DoesNotContain(fixture.Platform.Platform.Options.ClientSecret, journal, StringComparison.Ordinal);
    }

    private static void Stop(CancellationTokenSource stop, bool isTime)
    {
        if (isTime) stop.Cancel();
    }
}
