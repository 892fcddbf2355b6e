using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>How each process may end, how long it may take, and that the last one completes the push.</summary>
internal static class EndRules
{
    public static IEnumerable<Violation> Judge(DayRecord record, params Memory[] memories)
    {
        for (int i = 0; i < record.Processes.Count; i++)
        {
            foreach (var violation in JudgeProcess(record, i, memories)) yield return violation;
        }

        var last = record.Processes[^1];
        if (record.Day.HasOpenQuote)
        {
            // The quote stands in the first file, where that has a row.
            if (last.StateAfter == "Completed" && record.Day.Files is [{ Count: > 0 }, ..]) yield return Of(record, "cut-file-completed", "the rest of a file stands behind an open quote, and the push is Completed");
        }
        else if (record.Day.IsHalfPipeline && last is { Run.Start: ProcessStart.Resume or ProcessStart.MoveAndResume, End.ExitCode: 0 })
        {
            yield return Of(record, "half-pipeline-completed", "half of a pipeline is told as all of it");
        }
        else if (last.StateAfter != "Completed" && !last.End.HasStalled && !record.Day.IsHalfPipeline && !record.Day.UndoesUnfinished && !ArrivalRules.IsEnd(last))
        {
            yield return Of(record, "converge-" + (last.End.ErrorId ?? last.StateAfter ?? "nothing"), $"after {record.Processes.Count} processes the push is {last.StateAfter}");
        }
    }

    private static IEnumerable<Violation> JudgeProcess(DayRecord record, int number, Memory[] memories)
    {
        var process = record.Processes[number];
        var end = process.End;
        if (end.Crash is { } crash) yield return Of(record, "crash-" + crash, $"the process ended with {crash}");
        if (end.HasStalled) yield return Of(record, "stall", $"process {number + 1} called nobody for half an hour, and did not end");
        if (end.ErrorId == "JournalFailed") yield return Of(record, "raw-error", "the error is SQLite's own");
        if (end.ErrorId is "SumsDisagree" or "InternalFault") yield return Of(record, "own-fault", $"the push ended with a fault of its own: {string.Join(' ', end.Texts)}");
        if (end.ErrorId == "InvalidCredentials") yield return Of(record, "credentials", "the credentials are right");
        if (end is { ErrorExitCode: { } told, ExitCode: { } code, State: not "Running" } && told != code)
            yield return Of(record, "exit-code", $"the error says {told}, and the status {code} ({end.ErrorId})");
        if (process.Faults.Any(fault => fault.Kind == FaultKind.JournalBusy) && process.Faults.All(fault => fault.Kind == FaultKind.JournalBusy) && end.State == "Failed" && end.ErrorId is not ("GuardStopped" or "PipelineIncomplete") && !ArrivalRules.IsEnd(process))
            yield return Of(record, "busy-failed", $"a journal that was held for a while ended the push as Failed ({end.ErrorId})");
        if (Leak(record, end.Texts) is { } leak) yield return Of(record, "leak", leak);
        if (end.ErrorId == "GuardStopped")
        {
            if (record.Day.HasOpenQuote) yield break;
            if (process.IsForced || !memories.Any(memory => GuardRules.MayStop(record, process, memory))) yield return Of(record, "guard-wrong", "the guard stopped a push that is right");
        }
        else if (!IsExcused(record, process) && end is { WasStopped: false, Crash: null, HasStalled: false } && process.StateAfter != "Completed" && !record.Day.HasOpenQuote)
        {
            yield return Of(record, "ended-" + (end.ErrorId ?? end.State), $"process {number + 1} ended as {end.State}, and nothing disturbed it: {string.Join(' ', end.Texts)}");
        }

        if (IsSlow(record, number)) yield return Of(record, "slow", $"process {number + 1} took {end.Took.TotalSeconds:0} s, and nothing disturbed it");
    }

    // The journal has it that the push is complete: there is nothing to resume.
    private static bool IsExcused(DayRecord record, ProcessRecord process) =>
        process.WasDisturbed || IsMismatchByOthers(process) || ArrivalRules.IsEnd(process) || (record.Day.RowsLostByImport > 0 && process == record.Processes.First(other => other.End.ErrorId == process.End.ErrorId) && process.End.ErrorId == "ImportIncomplete")
        || process.Faults.Any(fault => fault.Edits.Any(edit => edit.ChangesFile() || edit.Kind == EditKind.RemoveDestination))
        || (process.End.ErrorId == "SourceChanged" && record.Processes.Any(other => other.Faults.Any(fault => fault.Edits.Any(edit => edit.ChangesFile()))))
        || (record.Day.IsHalfPipeline && process.End.ExitCode != 0);

    // Others took a person off just after Marketo had confirmed the second addition. To the push that looks as if Marketo had not done what it said.
    private static bool IsMismatchByOthers(ProcessRecord process) => process.End.ErrorId == "ListMismatch"
        && process.Faults.Any(fault => fault is { Kind: FaultKind.Meddle } && fault.Edits.Any(edit => edit.Kind is EditKind.RemoveFromList or EditKind.Delete));

    // A process that nothing disturbs waits for Marketo's work, for its pace, and for a call that may still run.
    private static bool IsSlow(DayRecord record, int number)
    {
        var process = record.Processes[number];
        if (process.Faults.Any(fault => fault.Kind != FaultKind.ClockJump) || process.End.HasStalled) return false;
        var scenario = record.World.Scenario;
        var earlier = record.Calls.Where(call => call.At < process.StartedAt).ToArray();

        // An answer that a process has received, and perhaps could not write down, is as good as none. So it is where the file had changed when the rows of
        // the answer were to be read again.
        var killed = record.Processes.Where(other => other.End.WasStopped || other.End.ErrorId == "SourceChanged" || other.Faults.Any(fault => fault.Kind is FaultKind.DiskFull or FaultKind.DiskError or FaultKind.JournalBusy)).Select(other => other.Number).ToHashSet();
        bool mayWait = earlier.Any(call => call.Kind is CallKind.Sync or CallKind.Import && (!call.IsAnswered || killed.Contains(call.Process)) && call.At > process.StartedAt - TimeSpan.FromSeconds(90));

        // Nobody knows whether a call left that was about to when the process was killed between two steps of its own, or when its disk failed.
        mayWait |= (scenario.Target.Creates || scenario.Target.Fields.Count > 0) && record.Processes.Take(number).Any(other => killed.Contains(other.Number) && other.StartedAt + other.End.Took > process.StartedAt - TimeSpan.FromSeconds(90)
            && other.Faults.Any(fault => fault is { Kind: FaultKind.Stop or FaultKind.DiskFull or FaultKind.DiskError or FaultKind.JournalBusy, Moment: Moment.DiskBefore or Moment.DiskAfter or Moment.Lock }));
        double paced = (process.End.Calls + earlier.Length) / (double)scenario.Target.CallsPer20Seconds * 21;
        double longest = 60 + paced + (mayWait ? 92 : 0);
        if (scenario.Target.Delivery != DeliveryKind.Sync) longest += 6 * scenario.Habits.ImportSeconds + 120;

        // An extract takes its time, and is waited for once more where it may not show yet what another push did.
        if (scenario.Target.PagesUpTo == 0) longest += 900;
        return process.End.Took.TotalSeconds > longest;
    }

    private static string? Leak(DayRecord record, IReadOnlyList<string> texts)
    {
        if (record.World.Scenario.Target.Identity != IdentityKind.Email) return null;
        string[] identities = [.. record.Day.Files.SelectMany(rows => rows).Select(row => row.Identity.Trim()).Where(identity => identity.Contains('@', StringComparison.Ordinal))];
        return texts.Any(text => identities.Any(identity => text.Contains(identity, StringComparison.OrdinalIgnoreCase))) ? "a message holds somebody's address" : null;
    }

    private static Violation Of(DayRecord record, string kind, string text) => new(kind, record.Number, text);
}
