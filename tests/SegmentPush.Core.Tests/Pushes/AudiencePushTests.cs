using SegmentPush.Journal;
using SegmentPush.Platform;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Sandbox.Platform;
using static SegmentPush.Core.Tests.Pushes.AudienceFixture;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class AudiencePushTests
{
    private const string Jobs = "/data/core/ups/export/jobs";

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
    public async Task Consent_of_one_address_excludes_that_address_alone()
    {
        await using var fixture = await StartAsync();
        fixture.Identities = AudienceIdentities.All;
        fixture.Add(Profile("Ann", ["ann@example.com", "a@example.com"], consent: "y") with
        {
            EmailConsents = new Dictionary<string, string> { ["A@example.com"] = "n", ["other@example.com"] = "n" },
        });

        var status = await fixture.PushAsync();

        Assert.Equal(["ann@example.com"], fixture.Marketo.Push.Members());
        Assert.Equal((2, 1, 1), (status.Received, status.Added, status.NoConsent));
    }

    [Fact]
    public async Task A_union_schema_without_consents_of_addresses_is_exported_without_them()
    {
        await using var fixture = await StartAsync(adjust: options => options with { HasConsentsOfAddresses = false });
        fixture.Add(Profile("Ann", ["ann@example.com"]));

        var status = await fixture.PushAsync();

        Assert.Equal(1, status.Added);
        Assert.Single(fixture.Platform.Platform.ExportJobs);
    }

    [Fact]
    public async Task A_union_schema_without_any_consent_is_exported_without_it()
    {
        await using var fixture = await StartAsync(adjust: options => options with { HasConsents = false });
        fixture.Add(Profile("Ann", ["ann@example.com"]));

        var status = await fixture.PushAsync();

        Assert.Equal((1, 0), (status.Added, status.NoConsent));
        Assert.Single(fixture.Platform.Platform.ExportJobs);
    }

    [Fact]
    public async Task Consent_to_emails_holds_where_the_union_schema_lacks_the_other_consents()
    {
        await using var fixture = await StartAsync(adjust: options => options with { HasConsentToAny = false, HasConsentsOfAddresses = false });
        fixture.Add(Profile("Ann", ["ann@example.com"]), Profile("No", ["no@example.com"], consent: "n"));

        var status = await fixture.PushAsync();

        Assert.Equal((1, 1), (status.Added, status.NoConsent));
        Assert.Single(fixture.Platform.Platform.ExportJobs);
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    public async Task A_push_of_people_whose_consent_nobody_knows_says_so(bool hasConsents, bool ignoresConsent, bool isTold)
    {
        await using var fixture = await StartAsync(adjust: options => options with { HasConsents = hasConsents });
        fixture.Add(Profile("Ann", ["ann@example.com"]));
        var warnings = new List<string>();

        await fixture.PushAsync(e => AddTo(warnings, e), ignoresConsent);

        Assert.Equal(isTold, warnings.Any(warning => warning.Contains("has no field of consent", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Files_of_a_batch_that_is_only_staged_are_not_read()
    {
        await using var fixture = await StartAsync(adjust: options => options with { BatchDelay = TimeSpan.FromMinutes(1), ProfilesPerFile = 2 });
        fixture.Add([.. Enumerable.Range(0, 9).Select(i => Profile("A", [Address(i)]))]);

        Assert.Equal(9, (await fixture.PushAsync()).Added);
    }

    [Fact]
    public async Task The_progress_tells_the_job_its_profiles_and_bytes_until_all_are_there()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ProfilesPerFile = 100, ExportDuration = TimeSpan.FromMinutes(1) });
        fixture.Add([.. Enumerable.Range(0, 500).Select(i => Profile("A", [Address(i)]))]);
        var seen = new List<ExportProgress>();

        var status = await fixture.PushAsync(e => Note(e, seen));

        string job = fixture.Platform.Platform.ExportJobs.Single().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.All(seen, progress => Assert.Equal(job, progress.JobId));
        Assert.Contains(seen, progress => progress.Status == "PROCESSING");
        ExportProgress[] fetching = [.. seen.Where(progress => progress.Bytes > 0)];
        Assert.Equal(5, fetching.Length);
        Assert.All(fetching, progress => Assert.Equal(500, progress.Profiles));
        Assert.Equal(fetching.Select(progress => progress.Fetched).Order(), fetching.Select(progress => progress.Fetched));
        Assert.Equal(fetching[^1].Bytes, fetching[^1].Fetched);
        Assert.Equal(500, status.Received);
    }

    [Fact]
    public async Task A_job_of_more_than_a_day_is_given_up_and_not_shared_by_the_next_push()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ExportDuration = TimeSpan.FromDays(3) });
        fixture.Add(Profile("A", [Address(1)]));

        var error = await Assert.ThrowsAsync<PlatformException>(() => fixture.PushAsync(happened: e => Age(fixture, e, TimeSpan.FromHours(25))));
        using var stop = new CancellationTokenSource();
        await fixture.PushAsync(happened: e => Stop(stop, e is AudienceExported), cancellation: stop.Token);

        Assert.Equal("PlatformExportTooLong", error.ErrorId);
        Assert.Contains("24 hours", error.Message, StringComparison.Ordinal);
        using var journal = PushJournal.Open(fixture.Marketo.Push.Folder);
        Assert.Equal([PushState.Interrupted, PushState.Failed], journal.History.Get(new PushFilter()).Select(push => push.State));
        Assert.Equal(2, fixture.Platform.Platform.ExportJobs.Count);
    }

    [Fact]
    public async Task A_resume_gives_a_job_up_that_an_earlier_process_has_begun_more_than_a_day_ago()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ExportDuration = TimeSpan.FromDays(3) });
        fixture.Add(Profile("A", [Address(1)]));
        using var stop = new CancellationTokenSource();
        var stopped = await fixture.PushAsync(happened: e => Stop(stop, e is AudienceExported), cancellation: stop.Token);
        fixture.Platform.Platform.AgeExportJobs(TimeSpan.FromHours(25));

        var error = await Assert.ThrowsAsync<PlatformException>(() => fixture.ResumeAsync(stopped.Id));

        Assert.Equal("PlatformExportTooLong", error.ErrorId);
        using var journal = PushJournal.Open(fixture.Marketo.Push.Folder);
        Assert.Equal((PushState.Failed, "PlatformExportTooLong"), (journal.History.Get(new PushFilter()).Single().State, journal.History.Get(new PushFilter()).Single().ErrorId));
        Assert.Single(fixture.Platform.Platform.ExportJobs);
        Assert.Empty(fixture.Spools());
    }

    [Fact]
    public async Task Files_that_are_listed_a_while_after_their_batch_is_complete_are_waited_for()
    {
        await using var fixture = await StartAsync();
        fixture.Add(Profile("Ann", ["ann@example.com"]));
        fixture.Platform.Platform.Inject(SandboxFault.HttpStatus(404) with { Path = "/data/foundation/export/batches/*", Times = 2 });

        Assert.Equal(1, (await fixture.PushAsync()).Added);
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
    public async Task Exports_that_may_not_be_deleted_are_shown()
    {
        await using var fixture = await StartAsync(PushMode.Mirror, options => options with { DeletesBatches = false });
        fixture.Add(Profile("A", [Address(1)]));
        await fixture.PushToDestinationAsync();
        string first = fixture.Platform.Platform.Batches[0];

        var status = await fixture.PushToDestinationAsync();

        Assert.Equal(PushState.Completed, status.State);
        Assert.Contains(fixture.Marketo.Warnings(), warning => warning.Contains(first, StringComparison.Ordinal) && warning.Contains("Remove-PlatformExport", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_push_that_is_stopped_while_its_job_runs_goes_on_with_the_same_job()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ExportDuration = TimeSpan.FromMinutes(3) });
        fixture.Add([.. Enumerable.Range(0, 10).Select(i => Profile("A", [Address(i)]))]);
        using var stop = new CancellationTokenSource();

        var stopped = await fixture.PushAsync(happened: e => Stop(stop, e is AudienceExported { Progress.Status: "PROCESSING" or "NEW" }), cancellation: stop.Token);
        var status = await fixture.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Interrupted, 0), (stopped.State, stopped.Received));
        Assert.Equal((PushState.Completed, 10), (status.State, status.Added));
        Assert.Single(fixture.Platform.Platform.ExportJobs);
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
        await using var fixture = await StartAsync();
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
    public async Task A_lost_answer_makes_no_second_job()
    {
        await using var fixture = await StartAsync();
        fixture.Add(Profile("A", [Address(1)]));
        fixture.Platform.Platform.Inject(SandboxFault.BreakAfter() with { Path = Jobs, Method = "POST", Times = 1 });

        var status = await fixture.PushAsync();

        Assert.Equal(1, status.Added);
        Assert.Single(fixture.Platform.Platform.ExportJobs);
    }

    [Fact]
    public async Task The_job_of_a_push_a_moment_ago_is_not_taken_for_one_whose_answer_was_lost()
    {
        await using var fixture = await StartAsync();
        fixture.Add(Profile("Ann", ["ann@example.com"]));
        await fixture.PushAsync();
        fixture.Add(Profile("Bob", ["bob@example.com"]));
        fixture.Platform.Platform.Inject(SandboxFault.BreakBefore() with { Path = Jobs, Method = "POST", Times = 1 });

        var status = await fixture.PushAsync();

        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Marketo.Push.Members());
        Assert.Equal((PushState.Completed, 2L), (status.State, status.Received));
        Assert.Equal(2, fixture.Platform.Platform.ExportJobs.Count);
    }

    [Fact]
    public async Task Two_pushes_at_once_share_a_job_and_later_ones_have_their_own()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ExportDuration = TimeSpan.FromMinutes(2) });
        fixture.Add(Profile("A", [Address(1)]));
        fixture.Marketo.Push.WaitForList = TimeSpan.FromMinutes(1);

        await Task.WhenAll(fixture.PushAsync(), fixture.PushAsync());
        int together = fixture.Platform.Platform.ExportJobs.Count;
        await fixture.PushAsync();

        Assert.Equal((1, 2), (together, fixture.Platform.Platform.ExportJobs.Count));
    }

    [Fact]
    public async Task A_job_that_fails_ends_the_push_with_an_error_and_leaves_no_files()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ExportDuration = TimeSpan.FromMinutes(1) });
        fixture.Add(Profile("A", [Address(1)]));

        var error = await Assert.ThrowsAsync<PlatformException>(() => fixture.PushAsync(happened: e => Fail(fixture, e)));

        Assert.Equal("PlatformExportFailed", error.ErrorId);
        using var journal = PushJournal.Open(fixture.Marketo.Push.Folder);
        var status = Assert.Single(journal.History.Get(new PushFilter()));
        Assert.Equal((PushState.Failed, "PlatformExportFailed"), (status.State, status.ErrorId));
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
    public async Task A_field_that_the_union_schema_lacks_is_named_and_the_error_says_where_to_look()
    {
        await using var fixture = await StartAsync();
        fixture.Add(Profile("A", [Address(1)]));
        fixture.Mapping = [.. fixture.Mapping, new("nosuch.field", "lastName")];

        var error = await Assert.ThrowsAsync<PlatformException>(() => fixture.PushAsync());

        Assert.Equal("PlatformExportRefused", error.ErrorId);
        Assert.Contains("nosuch.field", error.Message, StringComparison.Ordinal);
        Assert.Contains("Union schema", error.RecommendedAction, StringComparison.OrdinalIgnoreCase);
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

    private static void AddTo(List<string> warnings, PushEvent happened)
    {
        if (happened is PushWarned warned) warnings.Add(warned.Message);
    }

    private static void Note(PushEvent happened, List<ExportProgress> seen)
    {
        if (happened is AudienceExported exported) seen.Add(exported.Progress);
    }

    private static void Age(AudienceFixture fixture, PushEvent happened, TimeSpan age)
    {
        if (happened is AudienceExported) fixture.Platform.Platform.AgeExportJobs(age);
    }

    private static void Fail(AudienceFixture fixture, PushEvent happened)
    {
        if (happened is AudienceExported) fixture.Platform.Platform.FailExportJobs();
    }

    private static void Stop(CancellationTokenSource stop, bool isTime)
    {
        if (isTime) stop.Cancel();
    }
}
