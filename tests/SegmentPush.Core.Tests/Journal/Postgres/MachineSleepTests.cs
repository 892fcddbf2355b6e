using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;
using SegmentPush.Sandbox;
using static SegmentPush.Core.Tests.Journal.Postgres.Machines;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>A machine that sleeps for longer than its leases hold.</summary>
public sealed class MachineSleepTests : IDisposable
{
    private static readonly TimeSpan s_longSleep = TimeSpan.FromMinutes(5);

    private readonly Machines _machines = new();

    public void Dispose() => _machines.Dispose();

    [Fact]
    public async Task A_machine_that_sleeps_past_its_lease_writes_and_sends_nothing_more()
    {
        if (OperatingSystem.IsWindows()) return;
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(300) });
        var address = PostgresServer.Shared.NewJournal();
        using var paris = _machines.Start(marketo, address, "paris", PushOf(_machines.WriteSegment("sleep", People)));
        var said = Task.WhenAll(paris.StandardOutput.ReadToEndAsync(Cancelled), paris.StandardError.ReadToEndAsync(Cancelled));
        await WaitForCallsAsync(marketo, paris, 6);
        Signal(paris, "STOP");
        var sleep = Stopwatch.StartNew();
        try
        {
            using var journal = PushJournal.Open(_machines.AddressHere(address));
            var asleep = Assert.Single(journal.History.Get(new PushFilter()));
            Assert.Equal(PushState.Running, asleep.State);
            await WaitUntilInterruptedAsync(journal, asleep.Id);

            var (status, error) = await _machines.ResumeHereAsync(marketo, address, asleep.Id);
            Assert.Null(error);
            AssertExact(marketo, journal, status);
            int calls = marketo.Calls.Count;
            string before = SumsOf(journal, status.Id);

            // A lease holds for half of that, so only a measurement takes the time.
            if (Environment.GetEnvironmentVariable("SEGMENTPUSH_PACE") == "1" && sleep.Elapsed < s_longSleep) await Task.Delay(s_longSleep - sleep.Elapsed, Cancelled);
            Signal(paris, "CONT");
            await paris.WaitForExitAsync(Cancelled);

            Assert.Equal(calls, marketo.Calls.Count);
            Assert.Equal(before, SumsOf(journal, status.Id));
            string text = Unwrapped(string.Concat(await said));
            Assert.True(text.Contains("may have taken its push over", StringComparison.Ordinal), text);
            Assert.NotEqual(0, paris.ExitCode);
        }
        finally
        {
            if (!paris.HasExited) paris.Kill();
        }
    }

    // PowerShell breaks its errors into lines, and colours them.
    private static string Unwrapped(string text) => Regex.Replace(Regex.Replace(text, @"\x1b\[[0-9;]*m", ""), @"[\s|]+", " ");

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

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
