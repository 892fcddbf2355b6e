using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>
/// Several machines with one journal and one instance. A machine is a process of the built module with a folder of its own. The environment variable
/// <c>SEGMENTPUSH_KILLS</c> says how often a machine is killed; the default is once.
/// </summary>
[CollectionDefinition(nameof(MachinesTests), DisableParallelization = false)]
[Collection(nameof(MachinesTests))]
public sealed class MachinesTests(ITestOutputHelper output) : IDisposable
{
    private const int People = 1_500;

    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("SEGMENTPUSH_KILLS") ?? "1", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_push_whose_machine_is_killed_goes_on_elsewhere_and_reaches_everybody_once()
    {
        for (int i = 0; i < s_kills; i++)
        {
            using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(60) });
            var address = PostgresServer.Shared.NewJournal();
            string file = WriteSegment($"kill{i}", People);
            using var paris = StartMachine(marketo, address, "paris", PushOf(file));
            int calls = Random.Shared.Next(1, 20);
            await WaitForCallsAsync(marketo, paris, calls);
            await Task.Delay(Random.Shared.Next(0, 150), Cancelled);
            paris.Kill();
            await paris.WaitForExitAsync(Cancelled);
            await Task.Delay(300, Cancelled);

            using var journal = PushJournal.Open(AddressHere(address));
            var status = Assert.Single(journal.History.Get(new PushFilter()));
            output.WriteLine($"Killed after {calls} calls with {status.Received} received, {status.Activated} activated.");
            if (status.State != PushState.Completed) (status, _) = await ResumeHereAsync(marketo, address, status.Id);
            AssertExact(marketo, journal, status);
        }
    }

    [Fact]
    public async Task A_piped_push_whose_machine_is_killed_goes_on_elsewhere_with_the_rows_of_the_journal()
    {
        for (int i = 0; i < s_kills; i++)
        {
            using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(100) });
            var address = PostgresServer.Shared.NewJournal();
            string file = WriteSegment($"piped{i}", People);
            using var paris = StartMachine(marketo, address, "paris", PipeOf(file));

            // Before the first call the last rows may still be in the pipeline.
            int calls = Random.Shared.Next(8, 16);
            await WaitForCallsAsync(marketo, paris, calls);
            paris.Kill();
            await paris.WaitForExitAsync(Cancelled);
            await Task.Delay(300, Cancelled);

            using var journal = PushJournal.Open(AddressHere(address));
            var status = Assert.Single(journal.History.Get(new PushFilter()));
            output.WriteLine($"Killed after {calls} calls with {status.Received} received, {status.Activated} activated.");
            Directory.Delete(Path.Combine(_folder.Path, "paris"), recursive: true);
            if (status.State != PushState.Completed) (status, _) = await ResumeHereAsync(marketo, address, status.Id);
            AssertExact(marketo, journal, status);
            Assert.Equal(0, journal.Spools!.GetLength(journal.Pushes.GetStarted(status).Key, 0));
            Assert.Empty(Directory.GetFiles(AddressHere(address).LocalFolder, "spool-*"));
        }
    }

    [Fact]
    public async Task An_import_under_way_of_a_machine_that_is_killed_blocks_creates_of_other_machines()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, ImportDuration = TimeSpan.FromSeconds(15) });
        var address = PostgresServer.Shared.NewJournal();
        string file = WriteSegment("import", People);
        using var paris = StartMachine(marketo, address, "paris", PushOf(file).Replace("-Delivery Sync", "-Delivery Bulk", StringComparison.Ordinal));
        while (!marketo.Calls.Any(call => call.Path == "/bulk/v1/leads.json")) await Task.Delay(5, Cancelled);
        await Task.Delay(500, Cancelled);
        paris.Kill();
        await paris.WaitForExitAsync(Cancelled);
        await Task.Delay(300, Cancelled);

        // The same people into another list, by calls that could create them at once.
        using var rome = StartMachine(marketo, address, "rome", PushOf(file, 1022));
        string said = string.Concat(await Task.WhenAll(rome.StandardOutput.ReadToEndAsync(Cancelled), rome.StandardError.ReadToEndAsync(Cancelled)));
        await rome.WaitForExitAsync(Cancelled);

        Assert.True(rome.ExitCode == 0, said);
        Assert.Contains("import of the push", said, StringComparison.Ordinal);
        Assert.Equal((People, People), (marketo.PersonCount, marketo.GetMembers(1022).Count));
        using var journal = PushJournal.Open(AddressHere(address));
        var (status, _) = await ResumeHereAsync(marketo, address, journal.History.Get(new PushFilter()).Single(push => push.StaticListId == 1021).Id);
        AssertExact(marketo, journal, status);
    }

    [Fact]
    public async Task A_file_that_another_machine_can_not_reach_is_named_with_its_machine()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(100) });
        var address = PostgresServer.Shared.NewJournal();
        string file = WriteSegment("elsewhere", People);
        using var paris = StartMachine(marketo, address, "paris", PushOf(file));
        await WaitForCallsAsync(marketo, paris, 6);
        paris.Kill();
        await paris.WaitForExitAsync(Cancelled);
        await Task.Delay(300, Cancelled);
        using var journal = PushJournal.Open(AddressHere(address));
        var status = Assert.Single(journal.History.Get(new PushFilter()));
        PostgresServer.Shared.Execute("UPDATE segmentpush.push SET machine = 'paris'", address.ToString().Split('/')[^1]);
        File.Move(file, file + ".away");

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => ResumeHereAsync(marketo, address, status.Id));

        Assert.Equal("SourceElsewhere", error.ErrorId);
        Assert.Contains($"ran on paris, and its file '{file}' can't be reached", error.Message, StringComparison.Ordinal);
        File.Move(file + ".away", file);
        (status, _) = await ResumeHereAsync(marketo, address, status.Id);
        AssertExact(marketo, journal, status);
    }

    [Fact]
    public async Task A_machine_that_sleeps_past_its_lease_writes_and_sends_nothing_more()
    {
        if (OperatingSystem.IsWindows()) return;
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(300) });
        var address = PostgresServer.Shared.NewJournal();
        using var paris = StartMachine(marketo, address, "paris", PushOf(WriteSegment("sleep", People)));
        var said = Task.WhenAll(paris.StandardOutput.ReadToEndAsync(Cancelled), paris.StandardError.ReadToEndAsync(Cancelled));
        await WaitForCallsAsync(marketo, paris, 6);
        Signal(paris, "STOP");
        try
        {
            using var journal = PushJournal.Open(AddressHere(address));
            var asleep = Assert.Single(journal.History.Get(new PushFilter()));
            Assert.Equal(PushState.Running, asleep.State);
            await WaitUntilInterruptedAsync(journal, asleep.Id);

            var (status, error) = await ResumeHereAsync(marketo, address, asleep.Id);
            Assert.Null(error);
            AssertExact(marketo, journal, status);
            int calls = marketo.Calls.Count;
            string before = SumsOf(journal, status.Id);

            Signal(paris, "CONT");
            await paris.WaitForExitAsync(Cancelled);

            Assert.Equal(calls, marketo.Calls.Count);
            Assert.Equal(before, SumsOf(journal, status.Id));
            Assert.Contains("may have taken its push over", Unwrapped(string.Concat(await said)), StringComparison.Ordinal);
            Assert.NotEqual(0, paris.ExitCode);
        }
        finally
        {
            if (!paris.HasExited) paris.Kill();
        }
    }

    // PowerShell breaks its errors into lines, and colours them.
    private static string Unwrapped(string text) => Regex.Replace(Regex.Replace(text, @"\x1b\[[0-9;]*m", ""), @"[\s|]+", " ");

    [Fact]
    public async Task Three_machines_at_once_keep_one_pace_and_create_nobody_twice()
    {
        // Marketo refuses what breaks its limits, and notes it.
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = 60, ConcurrentCalls = 4, Latency = TimeSpan.FromMilliseconds(100) });
        var address = PostgresServer.Shared.NewJournal();
        marketo.AddStaticList("Third", 1023);
        string[] machines = ["paris", "rome", "oslo"];
        var running = machines.Select((machine, i) => StartMachine(
            marketo,
            address,
            machine,
            PushOf(WriteSegment(machine, People), 1021 + i, "-WaitForList 600"),
            "-CallsPer20Seconds 60 -MaxConcurrency 4")).ToArray();
        var said = running.Select(process => Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled))).ToArray();
        foreach (var process in running) await process.WaitForExitAsync(Cancelled);

        string all = string.Concat((await Task.WhenAll(said)).SelectMany(texts => texts));
        Assert.All(running, process => Assert.True(process.ExitCode == 0, all));
        using var journal = PushJournal.Open(AddressHere(address));
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
            WriteSegment($"destination{i}", people, first: i * people / 2);
        }

        // Calls of other cmdlets than pushes keep the pace of their process alone, so they must be over when the pushes begin.
        using (var setUp = StartMachine(marketo, address, "milan", DestinationsOf(destinations)))
        {
            await setUp.WaitForExitAsync(Cancelled);
            Assert.Equal(0, setUp.ExitCode);
        }

        if (isMeasured) await Task.Delay(TimeSpan.FromSeconds(21), Cancelled);
        int before = marketo.Calls.Count;
        string[] machines = ["paris", "rome", "oslo"];
        var running = machines.Select((machine, m) => StartMachine(marketo, address, machine, PushesOf(m, destinations), "-CallsPer20Seconds 100 -MaxConcurrency 10")).ToArray();
        var said = running.Select(process => Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled))).ToArray();
        foreach (var process in running) await process.WaitForExitAsync(Cancelled);

        string all = string.Concat((await Task.WhenAll(said)).SelectMany(texts => texts));
        Assert.All(running, process => Assert.True(process.ExitCode == 0, all));
        foreach (var process in running) process.Dispose();
        using var journal = PushJournal.Open(AddressHere(near));
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
            Invoke-SegmentPush -Destination "D$_" -Path "{{_folder.Path}}/destination$_.csv" -Connection $using:connection
        }
        $jobs | Wait-Job | Receive-Job
        """;

    [Theory]
    [InlineData("backends")]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task A_push_outlives_its_connections_and_restarts_of_the_server(string fault)
    {
        using var server = PostgresServer.StartOwn();
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(60) });
        var address = server.NewJournal();
        string file = WriteSegment(fault, People);
        using var connection = await PushFixture.ConnectAsync(marketo);
        var options = new PushOptions
        {
            Connection = connection,
            StaticList = StaticListReference.Parse("1021"),
            Mapping = [new("email", "email", "Email"), new("first", "firstName")],
            PersonCreation = PersonCreation.MatchExistingAndCreateMissing,
            ExistingPeople = ExistingPeople.Update,
            Delivery = Delivery.Sync,
            Journal = AddressHere(address),
        };
        using var over = new CancellationTokenSource();
        var breaking = Task.Run(() => BreakAsync(server, fault, marketo, over.Token), Cancelled);

        var (status, error) = await EndOfAsync(Push.RunAsync(options, [PushSource.OpenFile(file, new FormOptions())], Cancelled));
        await over.CancelAsync();
        int broken = await breaking;

        output.WriteLine($"{fault}: {broken} times");
        Assert.True(broken > 0);
        Assert.Null(error);
        using var journal = PushJournal.Open(AddressHere(address));
        AssertExact(marketo, journal, status);
    }

    private static async Task<int> BreakAsync(PostgresServer server, string fault, SandboxInstance marketo, CancellationToken over)
    {
        while (marketo.Calls.Count < 5) await Task.Delay(5, CancellationToken.None);
        int times = 0;
        do
        {
            if (fault == "backends")
            {
                server.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'SegmentPush%'");
                times++;
                await Task.Delay(250, CancellationToken.None);
            }
            else
            {
                server.Stop(fault);
                server.Start();
                times++;
                await Task.Delay(500, CancellationToken.None);
            }
        }
        while (!over.IsCancellationRequested && times < 5);
        return times;
    }

    private static void AssertExact(SandboxInstance marketo, PushJournal journal, PushStatus status)
    {
        Assert.Equal((PushState.Completed, (long)People, 0L), (status.State, status.Activated, status.NotDelivered));
        Assert.Equal(
            Enumerable.Range(0, People).Select(AddressOf).Order(StringComparer.Ordinal),
            marketo.GetMembers(1021).Select(id => marketo.FindPerson(id)!["email"]!).Order(StringComparer.Ordinal));
        Assert.Equal(People, marketo.PersonCount);
        Assert.Equal(People, journal.People.Get(status.Id, Enum.GetValues<PersonOutcome>()).Count());
        Assert.Empty(marketo.Violations);
    }

    private static string SumsOf(PushJournal journal, Guid id) => System.Text.Json.JsonSerializer.Serialize(journal.History.Get(id));

    private static async Task WaitUntilInterruptedAsync(PushJournal journal, Guid id)
    {
        var limit = Stopwatch.StartNew();
        while (journal.History.Get(id).State == PushState.Running)
        {
            Assert.True(limit.Elapsed < ProcessLease.Duration + TimeSpan.FromSeconds(30), "The lease does not expire.");
            await Task.Delay(1_000, Cancelled);
        }
    }

    private Task<(PushStatus Status, SegmentPushException? Error)> ResumeHereAsync(SandboxInstance marketo, PostgresAddress address, Guid id) => Task.Run(async () =>
    {
        using var connection = await PushFixture.ConnectAsync(marketo, new ShortWaits());
        return await EndOfAsync(Push.ResumeAsync(new ResumeOptions { Connection = connection, Journal = AddressHere(address) }, id, Cancelled));
    });

    private static async Task<(PushStatus Status, SegmentPushException? Error)> EndOfAsync(IAsyncEnumerable<PushEvent> events)
    {
        PushEnded? ended = null;
        await foreach (var happened in events) ended = happened as PushEnded ?? ended;
        return (ended!.Status, ended.Error);
    }

    // The folder of this process's own part, beside the shared journal.
    private PostgresAddress AddressHere(PostgresAddress address) => address with { Folder = Path.Combine(_folder.Path, "here") };

    private Process StartMachine(SandboxInstance marketo, PostgresAddress address, string machine, string script, string pace = "-CallsPer20Seconds 100") => BuiltModule.Start(
        _folder.Path,
        $$"""
        $secret = [securestring]::new(); foreach ($c in '{{marketo.Options.ClientSecret}}'.ToCharArray()) { $secret.AppendChar($c) }
        Connect-MarketoLaunchpoint -Endpoint {{marketo.Endpoint}} -ClientId {{marketo.Options.ClientId}} -ClientSecret $secret {{pace}}
        {{script}}
        """,
        ("SEGMENTPUSH_HOME", Path.Combine(_folder.Path, machine)),
        ("SEGMENTPUSH_JOURNAL", address + "?sslmode=disable"));

    private static string PushOf(string file, int list = 1021, string more = "") =>
        $"Invoke-SegmentPush -Path '{file}' -StaticList {list} -Mapping @{{ email = 'email'; first = 'firstName' }} -PersonCreation MatchExistingAndCreateMissing -Delivery Sync {more}";

    private static string PipeOf(string file) => $"Import-Csv '{file}' | {PushOf(file).Replace($"-Path '{file}' ", string.Empty, StringComparison.Ordinal)}";

    private string WriteSegment(string name, int people, int first = 0)
    {
        string file = _folder.File($"{name}.csv");
        File.WriteAllLines(file, ["email,first", .. Enumerable.Range(first, people).Select(i => $"{AddressOf(i)},Name{i}")]);
        return file;
    }

    private static string AddressOf(int i) => string.Create(CultureInfo.InvariantCulture, $"person{i}@example.com");

    private static async Task WaitForCallsAsync(SandboxInstance marketo, Process process, int calls)
    {
        while (!process.HasExited && marketo.Calls.Count(call => !call.Path.StartsWith("/identity", StringComparison.Ordinal)) < calls) await Task.Delay(1);
    }

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
