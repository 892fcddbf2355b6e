using SegmentPush.Simulation.Running;

namespace SegmentPush.Simulation.Oracle;

/// <summary>What the receipt must prove, and which files must be there.</summary>
internal static class ReceiptRules
{
    /// <summary>The reject file, which every push that ended has written.</summary>
    public static IEnumerable<Violation> JudgeFiles(Facts facts)
    {
        // Lines of a file that was replaced can't be copied any more.
        bool isReplaced = facts.Record.Processes.Any(process => process.Faults.Any(fault => fault.Edits.Any(edit => edit.ChangesFile())));
        if (!facts.Target.WritesRejects || facts.Seen.ErrorId == "SourceChanged" || (isReplaced && facts.Seen.ErrorId is not null)) yield break;
        var rejects = facts.Record.Rejects;
        if ((rejects?.Count ?? 0) != RejectedRows(facts))
            yield return Of(facts, "reject-file", $"{RejectedRows(facts)} rows are rejected, and the file has {(rejects is null ? "not been written" : $"{rejects.Count}")}");

        // Each line is a row of the segment, and none of a file that has come into its place.
        var identities = facts.Record.Day.Files.SelectMany(rows => rows).Select(row => row.Identity.Trim()).ToHashSet();
        if (rejects?.FirstOrDefault(cells => !identities.Contains(cells[0].Trim().TrimStart('\'').Trim())) is { } stranger)
            yield return Of(facts, "reject-file-stranger", $"the reject file names {stranger[0]}, and no row does");
    }

    public static IEnumerable<Violation> Judge(Facts facts)
    {
        foreach (var violation in JudgeFiles(facts)) yield return violation;
        if (facts.Seen is { State: "Completed", List.HasOpenRemovals: true }) yield return Of(facts, "receipt-open", "the push has completed, and the receipt keeps removals as open");
        if (!facts.Verifies || facts.ReadsLate || facts.Record.World.TouchedDuringPush.Count > 0) yield break;
        if (!facts.Seen.IsVerified) yield return Of(facts, "receipt-unverified", "the list was read back, and the status does not say so");
        if (facts.Seen.List is not { } list)
        {
            yield return Of(facts, "receipt-missing", "there is no receipt of the list");
            yield break;
        }

        int after = facts.Record.After.Count;
        if (list.After != after) yield return Of(facts, "receipt-after", $"the receipt counts {list.After} people, and the list has {after}");
        if (list.Agrees != true) yield return Of(facts, "receipt-sum", $"{list}");
        if (list.Added != facts.Seen.Sums["Added"] || list.Removed != facts.Seen.Sums["Removed"]) yield return Of(facts, "receipt-sum", $"{list} beside the sums of people");
        if (list.AddedByOthers < 0 || list.RemovedByOthers < 0) yield return Of(facts, "receipt-others", $"{list}");

        // An import told no id, and others have given the person another identity since, or have deleted the person: the reading shows a stranger, or nobody, in
        // the place of the one who was known.
        bool isUnknownByNow = facts.Memory.People.Any(known => known.Value is { IsIdTold: false } person && (person.Id is not { } id || facts.IdentityOf(id) != known.Key));
        bool isAlone = facts.Record.IsQuiet && !facts.Memory.IsVague && facts.Record.Day.Edits.Count == 0 && facts.Known.SetEquals(facts.Record.Before) && !isUnknownByNow;
        if (isAlone && (list.AddedByOthers, list.RemovedByOthers) != (0, 0)) yield return Of(facts, "receipt-others", $"nobody else did anything: {list}");
        if (facts.Seen.Members is { } members && members != after && !facts.IsMoved)
            yield return Of(facts, "members", $"the destination counts {members} people, and the list has {after}");
    }

    // People without a row have no line in a reject file.
    private static int RejectedRows(Facts facts) => facts.Seen.People.Count(person => person.Outcome == "Rejected" && person.Source != "static list");

    private static Violation Of(Facts facts, string kind, string text) => new(kind, facts.Record.Number, text);
}
