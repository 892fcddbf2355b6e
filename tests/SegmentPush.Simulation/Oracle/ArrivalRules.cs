using SegmentPush.Simulation.Running;

namespace SegmentPush.Simulation.Oracle;

/// <summary>When a push whose people all have an outcome must end with an error all the same: nobody arrived, or more than half of its rows were rejected.</summary>
internal static class ArrivalRules
{
    private const int MostRejectedPercent = 50;

    /// <summary>Whether a process ended so. A resume could do nothing more.</summary>
    public static bool IsEnd(ProcessRecord process) => process.End is { WasStopped: false, ErrorId: "NobodyArrived" or "TooManyRejected" };

    public static IEnumerable<Violation> Judge(Facts facts)
    {
        var sums = facts.Seen.Sums;
        bool isNobody = sums["Received"] > 0 && sums["Activated"] == 0;
        bool isTooMany = sums["Rejected"] * 100 > sums["Received"] * MostRejectedPercent;
        bool isRight = facts.Seen.ErrorId switch
        {
            "NobodyArrived" => isNobody,
            "TooManyRejected" => isTooMany && !isNobody,
            _ => !isNobody && !isTooMany,
        };
        if (!isRight)
            yield return new Violation("arrival", facts.Record.Number, $"{sums["Received"]} rows, {sums["Activated"]} activated and {sums["Rejected"]} rejected: the push ended with {facts.Seen.ErrorId ?? "no error"}");
        // Everybody has an outcome then, and the rejected rows could not be copied.
        bool isReplaced = facts.Target.WritesRejects && facts.Record.Processes.Any(process => process.Faults.Any(fault => fault.Edits.Any(edit => edit.ChangesFile())));
        int code = facts.Seen.ErrorId switch { "NobodyArrived" or "TooManyRejected" => 4, "SourceChanged" when isReplaced => 1, _ => 0 };
        if (facts.Seen.ExitCode != code) yield return new Violation("exit-code", facts.Record.Number, $"the exit code is {facts.Seen.ExitCode} ({facts.Seen.ErrorId ?? "no error"})");
    }
}
