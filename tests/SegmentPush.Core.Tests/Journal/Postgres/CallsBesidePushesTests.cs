using SegmentPush.Journal;
using SegmentPush.Sandbox;
using static SegmentPush.Core.Tests.Journal.Postgres.Machines;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>Cmdlets that look into Marketo while other machines push.</summary>
public sealed class CallsBesidePushesTests : IDisposable
{
    private const string Look = "foreach ($i in 1..12) { $null = Get-MarketoStaticList -Id 1021 }";

    private readonly Machines _machines = new();

    public void Dispose() => _machines.Dispose();

    [Fact]
    public async Task Calls_of_a_cmdlet_and_of_a_push_on_another_machine_keep_one_pace()
    {
        // Marketo refuses what breaks its limit, and notes it. Each of the two machines alone would use all of it.
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = 12, Latency = TimeSpan.FromMilliseconds(50) });
        var address = PostgresServer.Shared.NewJournal();
        string file = _machines.WriteSegment("beside", 900);
        using var rome = _machines.Start(marketo, address, "rome", Look, "-CallsPer20Seconds 12");
        using var paris = _machines.Start(marketo, address, "paris", PushOf(file), "-CallsPer20Seconds 12");

        string said = await EndOfAsync(rome) + await EndOfAsync(paris);

        Assert.True(rome.ExitCode == 0 && paris.ExitCode == 0, said);
        Assert.Empty(marketo.Violations);
        Assert.DoesNotContain(marketo.Calls, call => call.Code is "606" or "615");
        Assert.Equal(900, marketo.GetMembers(1021).Count);
    }

    [Fact]
    public async Task A_cmdlet_that_only_looks_works_while_the_journal_can_not_be_reached()
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0 });
        using var server = PostgresServer.StartOwn();
        var address = server.NewJournal();
        server.Stop("immediate");
        using var rome = _machines.Start(marketo, address, "rome", "(Get-MarketoStaticList -Id 1021).Id");

        string said = await EndOfAsync(rome);

        Assert.True(rome.ExitCode == 0, said);
        Assert.Contains("1021", said, StringComparison.Ordinal);
    }

    private static async Task<string> EndOfAsync(System.Diagnostics.Process process)
    {
        string[] said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled));
        await process.WaitForExitAsync(Cancelled);
        return string.Concat(said);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
