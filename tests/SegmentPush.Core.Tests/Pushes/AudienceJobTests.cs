using SegmentPush.Journal;
using SegmentPush.Platform;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Sandbox.Platform;
using static SegmentPush.Core.Tests.Pushes.AudienceFixture;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>The export job of a push of an audience: who shares it, how it is found again, and when it is given up.</summary>
public sealed class AudienceJobTests
{
    private const string Jobs = "/data/core/ups/export/jobs";

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
    public async Task A_file_that_is_listed_before_it_can_be_fetched_is_asked_for_again()
    {
        await using var fixture = await StartAsync();
        fixture.Add(Profile("Ann", ["ann@example.com"]));
        fixture.Platform.Platform.Inject(SandboxFault.HttpStatus(404) with { Path = "/data/foundation/export/files/*", After = 1, Times = 1 });

        var status = await fixture.PushAsync();

        Assert.Equal((PushState.Completed, 1L), (status.State, status.Added));
        Assert.Contains(fixture.Platform.Platform.Calls, call => call.Status == 404);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_push_shares_no_job_that_was_asked_for_fewer_fields(bool isAnswerLost)
    {
        await using var fixture = await StartAsync(adjust: options => options with { ExportDuration = TimeSpan.FromMinutes(1) });
        fixture.Add(Profile("Ann", ["ann@example.com"]), Profile("No", ["no@example.com"], consent: "n"));
        string dataset = await fixture.Connection.Datasets.GetOrCreateAsync(CancellationToken.None);

        // As Save-PlatformAudience asks for the same mapping, without consent.
        var saved = new ExportRequest(dataset, AudienceId, "ups", ["identityMap", "person.name.firstName", "segmentMembership"], null);
        await fixture.Connection.Jobs.CreateAsync(saved, new HashSet<string>(), CancellationToken.None);
        if (isAnswerLost) fixture.Platform.Platform.Inject(SandboxFault.BreakBefore() with { Path = Jobs, Method = "POST", Times = 1 });

        var status = await fixture.PushAsync();

        Assert.Equal((1, 1), (status.Added, status.NoConsent));
        Assert.Equal(2, fixture.Platform.Platform.ExportJobs.Count);
    }

    [Fact]
    public async Task Two_pushes_at_once_share_a_job_that_lacks_what_the_union_schema_lacks()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ExportDuration = TimeSpan.FromMinutes(2), HasConsentsOfAddresses = false });
        fixture.Add(Profile("A", [Address(1)]));
        fixture.Marketo.Push.WaitForList = TimeSpan.FromMinutes(1);

        await Task.WhenAll(fixture.PushAsync(), fixture.PushAsync());

        Assert.Single(fixture.Platform.Platform.ExportJobs);
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
    public async Task Files_that_come_damaged_once_are_fetched_again()
    {
        await using var fixture = await StartAsync(adjust: options => options with { ProfilesPerFile = 1 });
        fixture.Add(Profile("Ann", ["ann@example.com"]), Profile("Bob", ["bob@example.com"]), Profile("Cy", ["cy@example.com"]));
        fixture.Platform.Platform.DamageFiles(0, 16, times: 3);

        var status = await fixture.PushAsync();

        Assert.Equal((PushState.Completed, 3), (status.State, status.Added));
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(4, 60)]
    [InlineData(80, 200)]
    [InlineData(300, 600)]
    public async Task A_file_that_comes_damaged_is_named_and_the_push_goes_on_once_it_comes_whole(int from, int count)
    {
        await using var fixture = await StartAsync();
        fixture.Add([.. Enumerable.Range(0, 250).Select(i => Profile("A", [Address(i)], work: Address(i)))]);
        fixture.Mapping = [.. fixture.Mapping, new("workEmail.address", "lastName")];
        fixture.Platform.Platform.DamageFiles(from, count, times: 100);

        var damaged = await fixture.PushAsync();
        string reason = damaged.Reason ?? "";
        int files = fixture.Marketo.Push.Members().Length;
        fixture.Platform.Platform.DamageFiles(0, 0, times: 0);
        var resumed = await fixture.ResumeAsync(damaged.Id);

        Assert.Equal((PushState.Interrupted, "PlatformFileIncomplete"), (damaged.State, damaged.ErrorId));
        Assert.Contains("'part-", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("audience-", reason, StringComparison.Ordinal);
        Assert.Equal(0, files);
        Assert.Equal((PushState.Completed, 250), (resumed.State, resumed.Added));
        Assert.Single(fixture.Platform.Platform.ExportJobs);
    }

    private static void Stop(CancellationTokenSource stop, bool isTime)
    {
        if (isTime) stop.Cancel();
    }

    private static void Fail(AudienceFixture fixture, PushEvent happened)
    {
        if (happened is AudienceExported) fixture.Platform.Platform.FailExportJobs();
    }

    private static void Age(AudienceFixture fixture, PushEvent happened, TimeSpan age)
    {
        if (happened is AudienceExported) fixture.Platform.Platform.AgeExportJobs(age);
    }

    private static void Note(PushEvent happened, List<ExportProgress> seen)
    {
        if (happened is AudienceExported exported) seen.Add(exported.Progress);
    }
}
