using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;
using SegmentPush.Marketo;
using SegmentPush.Sandbox;
using static SegmentPush.Core.Tests.Journal.Postgres.Machines;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>Several machines that push at once, with one journal and one instance.</summary>
public sealed class MachinesTests(ITestOutputHelper output) : IDisposable
{
    private readonly Machines _machines = new();

    public void Dispose() => _machines.Dispose();

    [Fact]
    public async Task Three_machines_at_once_keep_one_pace_and_create_nobody_twice()
    {
        // Marketo refuses what breaks its limits, and notes it.
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = 60, ConcurrentCalls = 4, Latency = TimeSpan.FromMilliseconds(100) });
        var address = PostgresServer.Shared.NewJournal();
        marketo.AddStaticList("Third", 1023);
        string[] machines = ["paris", "rome", "oslo"];
        var running = machines.Select((machine, i) => _machines.Start(
            marketo,
            address,
            machine,
            PushOf(_machines.WriteSegment(machine, People), 1021 + i, "-WaitForList 600"),
            "-CallsPer20Seconds 60 -MaxConcurrency 4")).ToArray();
        var said = running.Select(process => Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled))).ToArray();
        foreach (var process in running) await process.WaitForExitAsync(Cancelled);

        string all = string.Concat((await Task.WhenAll(said)).SelectMany(texts => texts));
        Assert.All(running, process => Assert.True(process.ExitCode == 0, all));
        using var journal = PushJournal.Open(_machines.AddressHere(address));
        var pushes = journal.History.Get(new PushFilter());
        Assert.Equal(3, pushes.Count);
        Assert.All(pushes, push => Assert.Equal((PushState.Completed, (long)People), (push.State, push.Activated)));
        Assert.Equal(People, pushes.Sum(push => push.Created));
        Assert.Equal(People, marketo.PersonCount);
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(People, marketo.GetMembers(1021 + i).Count));
        Assert.Empty(marketo.Violations);
        foreach (var process in running) process.Dispose();
    }

    [Theory]
    [InlineData(0, 95)]
    [InlineData(20, 90)]
    public async Task Destinations_of_three_machines_at_once_are_exact_at_the_permitted_pace(int roundTrip, int leastPercent)
    {
        // A minute and more of calls tells the pace; a few of them tell that the lists are right.
        bool isMeasured = Environment.GetEnvironmentVariable("SEGMENTPUSH_PACE") == "1";
        var (destinations, people) = isMeasured ? (20, 4_500) : (6, 600);
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, Latency = TimeSpan.FromMilliseconds(200) });
        var near = PostgresServer.Shared.NewJournal();
        using var way = new FarServer(PostgresServer.Shared.Port, TimeSpan.FromMilliseconds(roundTrip));
        var address = PostgresAddress.Parse($"postgresql://owner@127.0.0.1:{way.Port}/{near.ToString().Split('/')[^1]}?sslmode=disable", mayHoldPassword: false);
        for (int i = 0; i < destinations; i++)
        {
            marketo.AddStaticList($"Destination {i}", 2_000 + i);
            _machines.WriteSegment($"destination{i}", people, first: i * people / 2);
        }

        // What is measured is the pace of pushes, so other calls must be over when they begin.
        using (var setUp = _machines.Start(marketo, address, "milan", DestinationsOf(destinations)))
        {
            await setUp.WaitForExitAsync(Cancelled);
            Assert.Equal(0, setUp.ExitCode);
        }

        if (isMeasured) await Task.Delay(TimeSpan.FromSeconds(21), Cancelled);
        int before = marketo.Calls.Count;
        string[] machines = ["paris", "rome", "oslo"];
        var running = machines.Select((machine, m) => _machines.Start(marketo, address, machine, PushesOf(m, destinations), "-CallsPer20Seconds 100 -MaxConcurrency 10")).ToArray();
        var said = running.Select(process => Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled))).ToArray();

        // All begin at once, also where PowerShell starts slowly.
        while (Directory.GetFiles(_machines.Folder, "ready-*").Length < destinations && running.All(process => !process.HasExited)) await Task.Delay(20, Cancelled);
        await File.WriteAllTextAsync(Path.Combine(_machines.Folder, "go"), string.Empty, Cancelled);
        foreach (var process in running) await process.WaitForExitAsync(Cancelled);

        string all = string.Concat((await Task.WhenAll(said)).SelectMany(texts => texts));
        Assert.All(running, process => Assert.True(process.ExitCode == 0, all));
        foreach (var process in running) process.Dispose();
        using var journal = PushJournal.Open(_machines.AddressHere(near));
        Assert.Equal(destinations, journal.History.Get(new PushFilter()).Count(push => (push.State, push.Activated) == (PushState.Completed, people)));
        Assert.Equal((destinations + 1) * people / 2, marketo.PersonCount);
        Assert.All(Enumerable.Range(0, destinations), i => Assert.Equal(
            Enumerable.Range(i * people / 2, people).Select(AddressOf).Order(StringComparer.Ordinal),
            marketo.GetMembers(2_000 + i).Select(id => marketo.FindPerson(id)!["email"]!).Order(StringComparer.Ordinal)));
        var calls = marketo.Calls.Skip(before).Where(call => !call.Path.StartsWith("/identity", StringComparison.Ordinal)).ToArray();
        double share = ShareOfPace([.. calls.Select(call => call.Started).Order()]);
        output.WriteLine($"{roundTrip} ms: {calls.Length} calls in {(calls.Max(call => call.Started) - calls.Min(call => call.Started)).TotalSeconds:0} s, "
            + $"{share:P1} of the permitted pace, {calls.Count(call => call.Code is "606")} times 606, {calls.Count(call => call.Code is "615")} times 615.");
        foreach (var refused in calls.Where(call => call.Code is "606" or "615"))
            output.WriteLine($"Refused after {(refused.Started - calls[0].Started).TotalSeconds:0.0} s: {refused.Method} {refused.Path}");
        Assert.Empty(marketo.Violations);
        Assert.DoesNotContain(calls, call => call.Code is "606" or "615");
        if (isMeasured) Assert.InRange(share, leastPercent / 100.0, 1.0);
    }

    // Whole windows of 20 seconds from the first call on, without the last one, in which the work runs out.
    private static double ShareOfPace(DateTimeOffset[] calls)
    {
        var window = TimeSpan.FromSeconds(20);
        int windows = Math.Max(1, (int)((calls[^1] - calls[0]) / window));
        return calls.Count(at => at < calls[0] + (windows * window)) / (100.0 * windows);
    }

    private static string DestinationsOf(int destinations) => string.Join('\n', Enumerable.Range(0, destinations).Select(i =>
        $"New-SegmentDestination -Name 'D{i}' -StaticList {2_000 + i} -Mapping @{{ email = 'email'; first = 'firstName' }} -PersonCreation MatchExistingAndCreateMissing -Mode Mirror -Delivery Sync | Out-Null"));

    private string PushesOf(int machine, int destinations) =>
        $$"""
        $connection = Get-MarketoConnection
        $jobs = {{string.Join(", ", Enumerable.Range(0, destinations).Where(i => i % 3 == machine))}} | ForEach-Object -ThrottleLimit 20 -AsJob -Parallel {
            $ErrorActionPreference = 'Stop'
            Import-Module '{{BuiltModule.Root}}artifacts/SegmentPush/SegmentPush.psd1'
            Set-Content "{{_machines.Folder}}/ready-$_" ready
            while (-not (Test-Path '{{_machines.Folder}}/go')) { Start-Sleep -Milliseconds 20 }
            Invoke-SegmentPush -Destination "D$_" -Path "{{_machines.Folder}}/destination$_.csv" -Connection $using:connection
        }
        $jobs | Wait-Job | Receive-Job
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
