using System.Globalization;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>
/// Pushes of the built module in a process that is killed at a random moment, and resumed in this one. The environment
/// variable <c>SEGMENTPUSH_KILLS</c> says how often for each kind of push; the default is once. <c>SEGMENTPUSH_KILL_PEOPLE</c> says how
/// many people a push has; the default is 3,000. <c>SEGMENTPUSH_FAULTS</c> says how much of Marketo's calls fail meanwhile, in eight ways at once, in percent;
/// the default is none.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("SEGMENTPUSH_KILLS") ?? "1", CultureInfo.InvariantCulture);

    private static readonly int s_people = int.Parse(Environment.GetEnvironmentVariable("SEGMENTPUSH_KILL_PEOPLE") ?? "3000", CultureInfo.InvariantCulture);

    private static readonly int s_faults = int.Parse(Environment.GetEnvironmentVariable("SEGMENTPUSH_FAULTS") ?? "0", CultureInfo.InvariantCulture);

    public static TheoryData<Delivery, PersonCreation, bool> Kinds()
    {
        var kinds = new TheoryData<Delivery, PersonCreation, bool>();
        foreach (var delivery in new[] { Delivery.Sync, Delivery.Bulk })
        {
            foreach (var creation in Enum.GetValues<PersonCreation>())
            {
                kinds.Add(delivery, creation, false);
                kinds.Add(delivery, creation, true);
            }
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_push_that_is_killed_and_resumed_reaches_everybody_once(Delivery delivery, PersonCreation creation, bool isPiped)
    {
        for (int i = 0; i < s_kills; i++) await KillAndResumeAsync(delivery, creation, isPiped, Random.Shared);
    }

    private async Task KillAndResumeAsync(Delivery delivery, PersonCreation creation, bool isPiped, Random random)
    {
        using var folder = new TemporaryFolder();
        using var marketo = SandboxInstance.Start(new SandboxOptions
        {
            People = 0,
            CallsPer20Seconds = null,
            ConcurrentCalls = null,
            Latency = TimeSpan.FromMilliseconds(60),
            ImportDuration = TimeSpan.FromMilliseconds(400),
        });
        for (int i = 0; i < s_people; i += 2) marketo.AddPerson(new Dictionary<string, object?> { ["email"] = Address(i) });
        SandboxFault[] faults =
        [
            SandboxFault.Error("606", "Max rate limit exceeded"), SandboxFault.Error("615", "Concurrent access limit exceeded"),
            SandboxFault.Error("611", "System error"), SandboxFault.Error("601", "Access token invalid"),
            SandboxFault.HttpStatus(502), SandboxFault.BreakBefore(), SandboxFault.BreakAfter(), SandboxFault.Truncate(),
        ];
        if (s_faults > 0) Array.ForEach(faults, fault => marketo.Inject(fault with { Share = s_faults / 100.0 / faults.Length }));
        string file = Path.Combine(folder.Path, "segment.csv");
        await File.WriteAllLinesAsync(file, ["email,first", .. Enumerable.Range(0, s_people).Select(i => $"{Address(i)},Name{i}"), "not an address,x", $"{Address(0)},twice"]);
        string home = Path.Combine(folder.Path, "home");

        await RunUntilKilledAsync(marketo, folder.Path, file, home, delivery, creation, isPiped, random);

        using var journal = PushJournal.Open(home);
        var killed = Assert.Single(journal.History.Get(new PushFilter()));
        var status = killed;
        int sentBefore = marketo.Calls.Count(call => IsSync(call));
        if (killed.State != PushState.Completed)
        {
            Assert.Equal(PushState.Interrupted, killed.State);
            (status, var error) = await ResumeAsync(marketo, home, killed.Id);

            // Half of a pipeline is not told as all of it.
            Assert.Equal(isPiped && status.State == PushState.Failed ? "PipelineIncomplete" : null, error?.ErrorId);
        }

        // Of a pipeline only those can arrive who had come before the kill.
        output.WriteLine($"{delivery} {creation} {(isPiped ? "piped" : "file")}: killed with {killed.Received} received, {killed.Activated} activated, {marketo.Calls.Count(IsSync)} syncs, {sentBefore} of them before");
        Assert.Equal((status.State == PushState.Failed ? PushState.Failed : PushState.Completed, 0L), (status.State, status.NotDelivered));
        Assert.True(status.State == PushState.Failed || status.Received == s_people + 2, $"{status.Received} received");
        long came = Math.Min(status.Received, s_people);
        string[] expected =
        [
            .. Enumerable.Range(0, (int)came).Where(i => creation == PersonCreation.MatchExistingAndCreateMissing || i % 2 == 0).Select(Address).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(expected, marketo.GetMembers(1021).Select(id => marketo.FindPerson(id)!["email"]!).Order(StringComparer.Ordinal));
        Assert.All(Enumerable.Range(0, s_people), i => Assert.InRange(marketo.FindPeople("email", Address(i)).Count, 0, 1));
        Assert.Equal(status.Received, journal.People.Get(status.Id, Enum.GetValues<PersonOutcome>()).Count());
        Assert.Equal(status.Received, status.Activated + status.Excluded + status.Failed);
        // A push that was killed at its very end leaves its rows to be deleted by the next one.
        Assert.True(killed.State == PushState.Completed || Directory.GetFiles(home, "spool-*").Length == 0);
        Assert.Empty(marketo.Violations);

        // Only calls that were under way at the kill are sent again.
        if (s_faults == 0) Assert.InRange(marketo.Calls.Count(IsSync) - sentBefore, 0, (s_people + 299) / 300);
    }

    private static bool IsSync(SandboxCall call) =>
        call is { Method: "POST", Path: "/rest/v1/leads.json" } && !call.Query.Contains("_method", StringComparison.Ordinal);

    private static string Address(int i) => string.Create(CultureInfo.InvariantCulture, $"person{i}@example.com");

    private static async Task RunUntilKilledAsync(
        SandboxInstance marketo, string folder, string file, string home, Delivery delivery, PersonCreation creation, bool isPiped, Random random)
    {
        string source = isPiped
            ? $$"""[System.IO.File]::ReadLines('{{file}}') | ForEach-Object { $c = $_.Split(','); if ($c[0] -ne 'email') { [pscustomobject]@{ email = $c[0]; first = $c[1] } } } | Invoke-SegmentPush"""
            : $"Invoke-SegmentPush -Path '{file}'";
        using var process = BuiltModule.Start(
            marketo,
            folder,
            home,
            $"{source} -StaticList 1021 -Mapping @{{ email = 'email'; first = 'firstName' }} -PersonCreation {creation} -Delivery {delivery}");
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

        // Somewhere between the first call of the push and its last.
        int last = (delivery, creation) is (Delivery.Bulk, PersonCreation.MatchExistingAndCreateMissing) ? 8 : s_people / 150;
        int calls = random.Next(1, last);
        while (!process.HasExited && marketo.Calls.Count(call => !call.Path.StartsWith("/identity", StringComparison.Ordinal)) < calls) await Task.Delay(1);
        await Task.Delay(random.Next(0, 150));
        process.Kill();
        await process.WaitForExitAsync();
        await said;

        // Calls that ran at the kill end here long before Marketo's own time-out; only then has it been counted.
        await Task.Delay(300);
    }

    private static async Task<(PushStatus Status, SegmentPushException? Error)> ResumeAsync(SandboxInstance marketo, string home, Guid id)
    {
        using var connection = await PushFixture.ConnectAsync(marketo, new ShortWaits());
        var options = new ResumeOptions
        {
            Connection = connection,
            Journal = home,
            Bulk = new BulkOptions { FirstPoll = TimeSpan.FromMilliseconds(50) },
        };
        PushEnded? ended = null;
        await foreach (var happened in Push.ResumeAsync(options, id, CancellationToken.None)) ended = happened as PushEnded ?? ended;
        return (ended!.Status, ended.Error);
    }
}
