using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Faults;

/// <summary>Says which faults meet a process: those of the scenario, and, while a seed is tried, some that chance draws.</summary>
internal sealed class FaultSource
{
    private readonly ILookup<Step, Fault> _given;
    private readonly FaultDraw? _draw;

    /// <param name="given">The faults of the scenario.</param>
    /// <param name="draw">Draws more; null where nothing is drawn.</param>
    public FaultSource(IReadOnlyList<Fault> given, FaultDraw? draw)
    {
        _given = given.ToLookup(Step.Of);
        _draw = draw;
    }

    /// <summary>All faults that have met the process, in order.</summary>
    public List<Fault> Met { get; } = [];

    /// <summary>The faults of a step.</summary>
    public IReadOnlyList<Fault> At(Step step)
    {
        IReadOnlyList<Fault> faults = [.. _given[step]];
        if (faults.Count == 0 && _draw?.At(step) is { } drawn) faults = [drawn];
        Met.AddRange(faults);
        return faults;
    }
}
