using System.Globalization;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>
/// A mirror is killed at a random moment in a process of its own, and resumed in this one: the list is the segment, and what is
/// remembered of it is right. <c>SEGMENTPUSH_KILLS</c> says how often; the default is once for each kind.
/// </summary>
public sealed class DestinationKillTests(ITestOutputHelper output)
{
    private const int People = 2_000;

    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("SEGMENTPUSH_KILLS") ?? "1", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(Delivery.Sync, PersonCreation.MatchExistingAndCreateMissing)]
    [InlineData(Delivery.Sync, PersonCreation.MatchExisting)]
    [InlineData(Delivery.Bulk, PersonCreation.MatchExistingAndCreateMissing)]
    [InlineData(Delivery.Bulk, PersonCreation.MatchExisting)]
    public async Task A_mirror_that_is_killed_and_resumed_is_in_step(Delivery delivery, PersonCreation creation)
    {
        for (int i = 0; i < s_kills; i++) await KillAndResumeAsync(delivery, creation, Random.Shared);
    }

    private async Task KillAndResumeAsync(Delivery delivery, PersonCreation creation, Random random)
    {
        using var folder = new TemporaryFolder();
        using var marketo = SandboxInstance.Start(new SandboxOptions
        {
            People = 0,
            CallsPer20Seconds = null,
            ConcurrentCalls = null,
            Latency = TimeSpan.FromMilliseconds(40),
            ImportDuration = TimeSpan.FromMilliseconds(200),
        });
        for (int i = 0; i < 2 * People; i++)
        {
            if (i % 2 == 0 || creation == PersonCreation.MatchExisting) marketo.AddPerson(new Dictionary<string, object?> { ["email"] = Address(i) });
        }

        string home = Path.Combine(folder.Path, "home");
        using var connection = await PushFixture.ConnectAsync(marketo, new ShortWaits());
        var destination = new SegmentDestination
        {
            Name = "Killed",
            Instance = connection.Instance,
            StaticListId = 1021,
            StaticListName = "Webinar EMEA",
            Mapping = [new("email", "email", "Email"), new("first", "firstName")],
            PersonCreation = creation,
            ExistingPeople = PushOptions.DefaultFor(creation),
            Delivery = delivery,
            Mode = PushMode.Mirror,
            MaxRemovalPercent = 100,
            TimeZone = "Etc/UTC",
        };
        using (var journal = PushJournal.Open(home)) destination = SavedDestinations.Save(journal, destination, DateTimeOffset.UtcNow);
        var options = OptionsFor(destination, connection, home);
        await RunAsync(options, Write(folder.Path, "first", 0, "A"));

        // Four hundred leave, as many join, and everybody's name changes for one in five.
        string second = Write(folder.Path, "second", 400, "B");
        marketo.ForgetCalls();
        using var process = BuiltModule.Start(marketo, folder.Path, home, $"Invoke-SegmentPush -Destination Killed -Path '{second}'");
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        int calls = random.Next(1, 22);
        while (!process.HasExited && marketo.Calls.Count(call => !call.Path.StartsWith("/identity", StringComparison.Ordinal)) < calls) await Task.Delay(1);
        await Task.Delay(random.Next(0, 60));
        process.Kill();
        await process.WaitForExitAsync();
        await said;
        await Task.Delay(300);

        PushStatus? status;
        using (var journal = PushJournal.Open(home)) status = journal.History.Get(new PushFilter()).SingleOrDefault(push => push.Source[0] == second);
        output.WriteLine($"{delivery} {creation}: killed at call {calls}, {status?.State} with {status?.Received} received, {status?.Added} added, {status?.Removed} removed");
        if (status is null) status = await RunAsync(options, second);
        else if (status.State == PushState.Interrupted)
            status = await WatchAsync(Push.ResumeAsync(new ResumeOptions { Connection = connection, Journal = home, Bulk = options.Bulk }, status.Id, CancellationToken.None));

        string[] expected = [.. Enumerable.Range(400, People).Select(Address).Order(StringComparer.Ordinal)];
        Assert.Equal(PushState.Completed, status.State);
        Assert.True(status.IsVerified);
        using (var journal = PushJournal.Open(home))
        {
            var sums = PushReceipt.ParseList(journal.Pushes.GetReceipt(status.Id))!;
            Assert.Equal((People, 400, 0, 0), (sums.Before, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers));
        }

        Assert.Equal(expected, marketo.GetMembers(1021).Select(id => marketo.FindPerson(id)!["email"]!).Order(StringComparer.Ordinal));
        Assert.All(Enumerable.Range(0, 2 * People), i => Assert.InRange(marketo.FindPeople("email", Address(i)).Count, 0, 1));
        if (creation == PersonCreation.MatchExistingAndCreateMissing)
            Assert.All(Enumerable.Range(400, People), i => Assert.Equal(NameOf(i, "B"), marketo.FindPeople("email", Address(i)).Single()["firstName"]));

        // What is remembered is what the list holds: nothing is left to do.
        marketo.ForgetCalls();
        var third = await RunAsync(options, second);
        Assert.Equal((People, 0L, 0L, true), (third.AlreadyMember, third.Added, third.Removed, third.IsVerified));
        Assert.DoesNotContain(marketo.Calls, call => call.Method == "DELETE" || (call.Method == "POST" && !call.Path.Contains("identity", StringComparison.Ordinal)));
        Assert.Empty(marketo.Violations);
    }

    private static PushOptions OptionsFor(SegmentDestination destination, MarketoConnection connection, string home) => new()
    {
        Connection = connection,
        StaticList = StaticListReference.Of(destination.StaticListId, destination.StaticListName),
        Mapping = destination.Mapping,
        PersonCreation = destination.PersonCreation,
        ExistingPeople = destination.ExistingPeople,
        Delivery = destination.Delivery,
        Bulk = new BulkOptions { FirstPoll = TimeSpan.FromMilliseconds(50) },
        Journal = home,
        Destination = new DestinationOptions(destination) { Verify = true },
    };

    private static Task<PushStatus> RunAsync(PushOptions options, string file) =>
        WatchAsync(Push.RunAsync(options, [PushSource.OpenFile(file, FormOptions.None)], CancellationToken.None));

    private static async Task<PushStatus> WatchAsync(IAsyncEnumerable<PushEvent> events)
    {
        PushEnded? ended = null;
        await foreach (var happened in events) ended = happened as PushEnded ?? ended;
        Assert.Null(ended!.Error);
        return ended.Status;
    }

    private static string Write(string folder, string name, int first, string version)
    {
        string path = Path.Combine(folder, name + ".csv");
        File.WriteAllLines(path, ["email,first", .. Enumerable.Range(first, People).Select(i => $"{Address(i)},{NameOf(i, version)}")]);
        return path;
    }

    private static string NameOf(int i, string version) => i % 5 == 0 ? "Name" + version : "Name";

    private static string Address(int i) => string.Create(CultureInfo.InvariantCulture, $"person{i}@example.com");
}
