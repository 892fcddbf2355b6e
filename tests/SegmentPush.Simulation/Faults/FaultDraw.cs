using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Faults;

/// <summary>Draws faults for the steps of a process, most often between the execution of a call, its answer and the commit.</summary>
/// <param name="rates">How often.</param>
/// <param name="chance">The generator.</param>
/// <param name="meddle">Draws what others do; told whether the push has opened its files.</param>
/// <param name="left">How many faults may still be drawn on this day.</param>
internal sealed class FaultDraw(FaultRates rates, Chance chance, Func<bool, IReadOnlyList<Edit>> meddle, int left)
{
    private static readonly int[] s_jumps = [-7200, -600, -61, 90, 3600, 86_400];

    /// <summary>How many faults may still be drawn on this day.</summary>
    public int Left { get; private set; } = left;

    /// <summary>A fault for a step; null for none, which is usual.</summary>
    public Fault? At(Step step)
    {
        if (Left == 0 || KindAt(step) is not { } kind) return null;
        Left--;
        return Complete(new Fault { Call = step.Call, Number = step.Number, Moment = step.Moment, Step = step.Disk, Kind = kind });
    }

    private FaultKind? KindAt(Step step) => step.Moment switch
    {
        Moment.Before => Before(step.Call),
        Moment.Executed => Executed(step.Call),
        Moment.DiskBefore => AtDisk() ?? (chance.Percent(rates.Disk) ? chance.Weighted((3, FaultKind.JournalBusy), (1, FaultKind.DiskFull), (1, FaultKind.DiskError)) : null),
        _ => AtDisk(),
    };

    private FaultKind? Before(CallKind call)
    {
        if (chance.Percent(rates.Stop * (Writes(call) ? 1 : 0.3))) return Writes(call) && chance.Percent(60) ? FaultKind.StopExecuteLater : FaultKind.Stop;
        if (chance.Percent(rates.LostAnswer / 3)) return Writes(call) ? FaultKind.LoseAnswerExecuteLater : FaultKind.LoseAnswer;
        if (chance.Percent(rates.Refusal)) return chance.Weighted((5, FaultKind.Refuse), (2, FaultKind.NoConnection), (1, FaultKind.Cancel));
        if (chance.Percent(rates.Clock)) return FaultKind.ClockJump;
        return chance.Percent(rates.Meddling) ? FaultKind.Meddle : null;
    }

    private FaultKind? Executed(CallKind call)
    {
        double factor = Writes(call) ? 3 : 0.5;
        if (chance.Percent(rates.Stop * factor)) return FaultKind.Stop;
        if (chance.Percent(rates.LostAnswer * factor)) return chance.Weighted((4, FaultKind.LoseAnswer), (2, FaultKind.CutAnswer), (1, FaultKind.Delay), (1, FaultKind.Refuse));
        return null;
    }

    private FaultKind? AtDisk() => chance.Percent(rates.StopAtDisk) ? FaultKind.Stop : null;

    private Fault Complete(Fault fault) => fault.Kind switch
    {
        // Marketo itself ends a sync after 90 seconds, an addition to a list after 30.
        FaultKind.StopExecuteLater or FaultKind.LoseAnswerExecuteLater => fault with { Seconds = 1 + chance.Below(fault.Call == CallKind.Sync ? 85 : 25) },
        FaultKind.Delay => fault with { Seconds = chance.Of([10, 60, 200]) },
        FaultKind.ClockJump => fault with { Seconds = chance.Of(s_jumps) },
        FaultKind.Meddle => fault with { Edits = meddle(fault.Call is not (CallKind.None or CallKind.Token)) },
        FaultKind.Refuse => fault with { Code = fault.Moment == Moment.Executed ? chance.Of(["HTTP 502", "604"]) : CodeFor(fault.Call) },
        _ => fault,
    };

    private string CodeFor(CallKind call) => call switch
    {
        CallKind.Token => chance.Of(["HTTP 429", "HTTP 500", "HTTP 503"]),
        CallKind.Import => chance.Of(["1016", "1019", "606", "HTTP 503"]),
        CallKind.ExportEnqueue => chance.Of(["1029", "606", "HTTP 503"]),
        _ => chance.Weighted((4, "606"), (2, "615"), (2, "HTTP 429"), (2, "HTTP 503"), (2, "611"), (2, "602"), (1, "607"), (1, "603")),
    };

    private static bool Writes(CallKind call) => call is CallKind.Sync or CallKind.Add or CallKind.Remove or CallKind.Import;
}
