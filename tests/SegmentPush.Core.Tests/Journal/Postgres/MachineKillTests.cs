using System.Globalization;
using SegmentPush.Journal;
using SegmentPush.Sandbox;
using static SegmentPush.Core.Tests.Journal.Postgres.Machines;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>
/// Machines that are killed, and others that go on for them. The environment variable <c>SEGMENTPUSH_KILLS</c> says how often a machine is killed; the default
/// is once.
/// </summary>
public sealed class MachineKillTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("SEGMENTPUSH_KILLS") ?? "1", CultureInfo.InvariantCulture);

    private readonly Machines _machines = new();

    public void Dispose() => _machines.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_push_whose_machine_is_killed_goes_on_elsewhere_and_reaches_everybody_once(bool isPiped)
    {
        for (int i = 0; i < s_kills; i++)
        {
            using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(isPiped ? 100 : 60) });
            var address = PostgresServer.Shared.NewJournal();
            string file = _machines.WriteSegment($"kill{i}", People);
            using var paris = _machines.Start(marketo, address, "paris", isPiped ? PipeOf(file) : PushOf(file));

            // Before the first call the last rows may still be in the pipeline.
            int calls = isPiped ? Random.Shared.Next(8, 16) : Random.Shared.Next(1, 20);
            await WaitForCallsAsync(marketo, paris, calls);
            if (!isPiped) await Task.Delay(Random.Shared.Next(0, 150), Cancelled);
            paris.Kill();
            await paris.WaitForExitAsync(Cancelled);
            await Task.Delay(300, Cancelled);

            // Its disk is gone, and the rows of its pipeline with it.
            Directory.Delete(Path.Combine(_machines.Folder, "paris"), recursive: true);
            using var journal = PushJournal.Open(_machines.AddressHere(address));
            var status = Assert.Single(journal.History.Get(new PushFilter()));
            output.WriteLine($"Killed after {calls} calls with {status.Received} received, {status.Activated} activated.");
            if (status.State != PushState.Completed) (status, _) = await _machines.ResumeHereAsync(marketo, address, status.Id);
            AssertExact(marketo, journal, status);
            Assert.Equal(0, journal.Spools!.GetLength(journal.Pushes.GetStarted(status).Key, 0));
            Assert.Empty(Directory.GetFiles(_machines.AddressHere(address).LocalFolder, "spool-*"));
        }
    }

    [Fact]
    public async Task An_import_under_way_of_a_machine_that_is_killed_blocks_creates_of_other_machines()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, ImportDuration = TimeSpan.FromSeconds(15) });
        var address = PostgresServer.Shared.NewJournal();
        string file = _machines.WriteSegment("import", People);
        using var paris = _machines.Start(marketo, address, "paris", PushOf(file).Replace("-Delivery Sync", "-Delivery Bulk", StringComparison.Ordinal));
        while (!marketo.Calls.Any(call => call.Path == "/bulk/v1/leads.json")) await Task.Delay(5, Cancelled);
        await Task.Delay(500, Cancelled);
        paris.Kill();
        await paris.WaitForExitAsync(Cancelled);
        await Task.Delay(300, Cancelled);

        // The same people into another list, by calls that could create them at once.
        using var rome = _machines.Start(marketo, address, "rome", PushOf(file, 1022));
        string said = string.Concat(await Task.WhenAll(rome.StandardOutput.ReadToEndAsync(Cancelled), rome.StandardError.ReadToEndAsync(Cancelled)));
        await rome.WaitForExitAsync(Cancelled);

        Assert.True(rome.ExitCode == 0, said);
        Assert.Contains("import of the push", said, StringComparison.Ordinal);
        Assert.Equal((People, People), (marketo.PersonCount, marketo.GetMembers(1022).Count));
        using var journal = PushJournal.Open(_machines.AddressHere(address));
        var (status, _) = await _machines.ResumeHereAsync(marketo, address, journal.History.Get(new PushFilter()).Single(push => push.StaticListId == 1021).Id);
        AssertExact(marketo, journal, status);
    }

    [Fact]
    public async Task A_file_that_another_machine_can_not_reach_is_named_with_its_machine()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(100) });
        var address = PostgresServer.Shared.NewJournal();
        string file = _machines.WriteSegment("elsewhere", People);
        using var paris = _machines.Start(marketo, address, "paris", PushOf(file));
        await WaitForCallsAsync(marketo, paris, 6);
        paris.Kill();
        await paris.WaitForExitAsync(Cancelled);
        await Task.Delay(300, Cancelled);
        using var journal = PushJournal.Open(_machines.AddressHere(address));
        var status = Assert.Single(journal.History.Get(new PushFilter()));
        PostgresServer.Shared.Execute("UPDATE segmentpush.push SET machine = 'paris'", address.ToString().Split('/')[^1]);
        File.Move(file, file + ".away");

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => _machines.ResumeHereAsync(marketo, address, status.Id));

        Assert.Equal("SourceElsewhere", error.ErrorId);
        Assert.Contains($"ran on paris, and its file '{file}' can't be reached", error.Message, StringComparison.Ordinal);
        File.Move(file + ".away", file);
        (status, _) = await _machines.ResumeHereAsync(marketo, address, status.Id);
        AssertExact(marketo, journal, status);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
