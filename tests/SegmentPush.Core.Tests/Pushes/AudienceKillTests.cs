using System.Globalization;
using SegmentPush.Core.Tests.Platform;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Platform;
using SegmentPush.Pushes;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Sandbox;
using SegmentPush.Sandbox.Platform;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>
/// A mirror of an audience is killed at a random moment in a process of its own, from the sign-in to the last removal, and resumed in this one: the
/// list is the audience, and no push has had two export jobs made. <c>SEGMENTPUSH_KILLS</c> says how often; the default is once for each delivery.
/// </summary>
public sealed class AudienceKillTests(ITestOutputHelper output)
{
    private const int People = 1_200, Moved = 200;

    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("SEGMENTPUSH_KILLS") ?? "1", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(Delivery.Sync)]
    [InlineData(Delivery.Bulk)]
    public async Task A_mirror_of_an_audience_that_is_killed_and_resumed_is_in_step_after_one_job(Delivery delivery)
    {
        for (int i = 0; i < s_kills; i++) await KillAndResumeAsync(delivery, Random.Shared);
    }

    private async Task KillAndResumeAsync(Delivery delivery, Random random)
    {
        using var folder = new TemporaryFolder();
        using var marketo = SandboxInstance.Start(new SandboxOptions
        {
            People = 0,
            CallsPer20Seconds = null,
            ConcurrentCalls = null,
            Latency = TimeSpan.FromMilliseconds(30),
            ImportDuration = TimeSpan.FromMilliseconds(200),
        });
        using var platform = PlatformSandbox.Start(new PlatformSandboxOptions
        {
            Latency = TimeSpan.FromMilliseconds(20),
            ExportDuration = TimeSpan.FromMilliseconds(400),
            BatchDelay = TimeSpan.FromMilliseconds(200),
            ProfilesPerFile = 200,
            ProfilesPerGroup = 100,
        });
        string home = Path.Combine(folder.Path, "home");
        using var connection = await PushFixture.ConnectAsync(marketo, new ShortWaits());
        using var source = await ConnectAsync(platform);
        var options = Options(connection, source, delivery, home);
        Fill(platform, 0, "A");
        var first = await WatchAsync(Push.RunAsync(options, [Source(source, options)], CancellationToken.None));
        Assert.Equal(People - Excluded(0), first.Added);

        Fill(platform, Moved, "B");
        int jobs = platform.ExportJobs.Count;
        marketo.ForgetCalls();
        platform.ForgetCalls();
        using var process = BuiltModule.Start(marketo, folder.Path, home, $$"""
            $secret = [securestring]::new(); foreach ($c in '{{platform.Options.ClientSecret}}'.ToCharArray()) { $secret.AppendChar($c) }
            Connect-ExperiencePlatform {{platform.Options.OrganizationId}} -ClientId {{platform.Options.ClientId}} -ClientSecret $secret -Endpoint {{platform.Endpoint}} -SignInEndpoint {{platform.Endpoint}}
            Invoke-SegmentPush -Destination Killed
            """);
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        int calls = random.Next(1, 55);
        while (!process.HasExited && platform.Calls.Count + marketo.Calls.Count(call => !call.Path.StartsWith("/identity", StringComparison.Ordinal)) < calls) await Task.Delay(1);
        await Task.Delay(random.Next(0, 60));
        process.Kill();
        await process.WaitForExitAsync();
        await said;
        await Task.Delay(300);

        PushStatus? status;
        using (var journal = PushJournal.Open(home)) status = journal.History.Get(new PushFilter()).SingleOrDefault(push => push.Id != first.Id);
        int made = platform.ExportJobs.Count - jobs;
        output.WriteLine($"{delivery}: killed at call {calls}, {status?.State} with {made} jobs, {status?.Received} received, {status?.Added} added, {status?.Removed} removed");
        bool wasOver = status?.State == PushState.Completed;
        if (status is null) status = await WatchAsync(Push.RunAsync(options, [Source(source, options)], CancellationToken.None));
        else if (status.State == PushState.Interrupted)
        {
            var resume = new ResumeOptions { Connection = connection, Platform = source, Journal = home, Bulk = options.Bulk };
            status = await WatchAsync(Push.ResumeAsync(resume, status.Id, CancellationToken.None));
        }

        Assert.Equal((PushState.Completed, true), (status.State, status.IsVerified));
        Assert.Equal(1, platform.ExportJobs.Count - jobs);
        Assert.Equal(People + status.Removed, status.Received);
        Assert.Equal((Excluded(Moved), 0L), (status.NoIdentity + status.NoConsent, status.Failed));
        Assert.Equal(Expected(Moved), marketo.GetMembers(1021).Select(id => marketo.FindPerson(id)!["email"]!).Order(StringComparer.Ordinal));
        Assert.All(Enumerable.Range(0, People + Moved), i => Assert.InRange(marketo.FindPeople("email", Address(i)).Count, 0, 1));

        // A process that is killed just after its push has ended leaves the files to the next push, which deletes them.
        if (wasOver) await WatchAsync(Push.RunAsync(options, [Source(source, options)], CancellationToken.None));
        Assert.Empty(Directory.EnumerateDirectories(home, "audience-*"));
        Assert.Empty(platform.Violations);
        Assert.Empty(marketo.Violations);
    }

    private static async Task<PlatformConnection> ConnectAsync(PlatformSandbox platform) => await PlatformConnection.ConnectAsync(new PlatformConnectionOptions
    {
        OrganizationId = platform.Options.OrganizationId,
        ClientId = platform.Options.ClientId,
        ClientSecret = PlatformFixture.Secret(platform.Options.ClientSecret),
        Endpoint = platform.Endpoint,
        SignInEndpoint = platform.Endpoint,
        TimeProvider = new ShortWaits(),
    });

    // Every tenth profile has no address, and every twelfth says no.
    private static void Fill(PlatformSandbox platform, int from, string version)
    {
        platform.ClearProfiles();
        for (int i = from; i < from + People; i++)
            platform.AddProfile(AudienceFixture.Profile("Name" + (i % 5 == 0 ? version : ""), i % 10 == 0 ? [] : [Address(i)], i % 12 == 0 ? "n" : "y"));
    }

    private static PushOptions Options(SegmentPush.Marketo.MarketoConnection connection, PlatformConnection source, Delivery delivery, string home)
    {
        var destination = new SegmentDestination
        {
            Name = "Killed",
            Instance = connection.Instance,
            StaticListId = 1021,
            StaticListName = "Webinar EMEA",
            Mapping = [new("identityMap.Email", "email", "Email"), new("person.name.firstName", "firstName")],
            PersonCreation = PersonCreation.MatchExistingAndCreateMissing,
            ExistingPeople = ExistingPeople.Update,
            Delivery = delivery,
            Mode = PushMode.Mirror,
            MaxRemovalPercent = 100,
            TimeZone = "Etc/UTC",
            Audience = "Webinar EMEA",
            AudienceId = AudienceFixture.AudienceId,
            OrganizationId = source.OrganizationId,
            SandboxName = source.SandboxName,
        };
        using (var journal = PushJournal.Open(home)) destination = SavedDestinations.Save(journal, destination, DateTimeOffset.UtcNow);
        return new PushOptions
        {
            Connection = connection,
            StaticList = StaticListReferenceOf(destination),
            Mapping = destination.Mapping,
            PersonCreation = destination.PersonCreation,
            ExistingPeople = destination.ExistingPeople,
            Delivery = destination.Delivery,
            Bulk = new SegmentPush.Marketo.BulkOptions { FirstPoll = TimeSpan.FromMilliseconds(50) },
            Journal = home,
            Destination = new DestinationOptions(destination) { Verify = true },
        };
    }

    private static SegmentPush.Marketo.StaticListReference StaticListReferenceOf(SegmentDestination destination) =>
        SegmentPush.Marketo.StaticListReference.Of(destination.StaticListId, destination.StaticListName);

    private static PushSource Source(PlatformConnection source, PushOptions options) => PushSource.Of(AudienceSource.Begin(
        options.Journal!.LocalFolder,
        AudienceRequest.Of(
            source, new PlatformAudience { Name = "Webinar EMEA", Id = AudienceFixture.AudienceId, AudienceId = AudienceFixture.AudienceId, Labels = ["core/C2"] }, options.Mapping, isThrough: false),
        source));

    private static async Task<PushStatus> WatchAsync(IAsyncEnumerable<PushEvent> events)
    {
        PushEnded? ended = null;
        await foreach (var happened in events) ended = happened as PushEnded ?? ended;
        Assert.Null(ended!.Error);
        return ended.Status;
    }

    private static long Excluded(int from) => People - Expected(from).Length;

    private static string[] Expected(int from) =>
        [.. Enumerable.Range(from, People).Where(i => i % 10 != 0 && i % 12 != 0).Select(Address).Order(StringComparer.Ordinal)];

    private static string Address(int i) => AudienceFixture.Address(i);
}
