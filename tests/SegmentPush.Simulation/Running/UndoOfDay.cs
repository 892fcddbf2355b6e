using SegmentPush.Simulation.Faults;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Running;

/// <summary>Takes a push back: starts processes until one completes that.</summary>
/// <param name="world">The world.</param>
/// <param name="product">The product.</param>
/// <param name="chance">Draws faults and delays; null where all of it stands in the day.</param>
/// <param name="nextProcess">Counts processes.</param>
internal sealed class UndoOfDay(World world, ProductDriver product, Chance? chance, Func<int> nextProcess)
{
    private const int MostProcesses = 6;

    /// <summary>So many processes can meet faults that chance draws; the next ones must come to an end.</summary>
    private const int FaultyProcesses = 2;

    private readonly List<UndoProcess> _processes = [];
    private int _faultsLeft = world.Scenario.Rates?.MostPerDay ?? 0;

    /// <summary>Takes a push back.</summary>
    /// <param name="given">The first processes, where the scenario names them.</param>
    /// <param name="push">The id of the push.</param>
    /// <returns>The processes, in order. All but the last one met faults.</returns>
    public async Task<IReadOnlyList<UndoProcess>> RunAsync(IReadOnlyList<ProcessRun> given, Guid push)
    {
        for (int i = 0; i < MostProcesses; i++)
        {
            var run = i < given.Count ? given[i] : NextRun();
            await RunProcessAsync(run, push).ConfigureAwait(false);
            if (_processes[^1].Run.Faults.Count == 0 || _processes[^1].End.State == "Completed") break;
        }

        return _processes;
    }

    private ProcessRun NextRun()
    {
        bool wasQuota = _processes.LastOrDefault()?.Run.Faults.Any(fault => fault.Code == "607") == true;
        return new ProcessRun { Start = ProcessStart.Undo, DelaySeconds = wasQuota ? 90_000 : chance?.Of([5, 40, 600, 10_000]) ?? 600 };
    }

    private async Task RunProcessAsync(ProcessRun run, Guid push)
    {
        if (_processes.Count > 0) await world.Time.DelayAsync(TimeSpan.FromSeconds(Math.Max(1, run.DelaySeconds))).ConfigureAwait(false);
        int number = nextProcess();

        // What others do meanwhile is a matter of the pushes.
        var draw = chance is not null && world.Scenario.Rates is { } rates && _processes.Count < FaultyProcesses
            ? new FaultDraw(rates with { Meddling = 0, Clock = 0 }, chance, _ => [], _faultsLeft)
            : null;
        var faults = new FaultSource(run.Faults, draw);
        using var process = new SimulatedProcess(world, number, faults, Chance.Of(world.Scenario.Seed, "process " + number));
        world.Note($"process {number}: Undo");
        var end = await product.UndoAsync(process, push).ConfigureAwait(false);
        _faultsLeft = draw?.Left ?? _faultsLeft;
        world.Note($"process {number} has ended: {end.ErrorId ?? end.Crash} {end.State}");
        _processes.Add(new UndoProcess(run with { Faults = [.. faults.Met] }, end));
    }
}

/// <summary>A process that took a push back.</summary>
/// <param name="Run">What was done, with the faults that met it.</param>
/// <param name="End">How it ended.</param>
internal sealed record UndoProcess(ProcessRun Run, ProcessEnd End);
