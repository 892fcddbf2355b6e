using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>How many calls a push may make, and that it counts them.</summary>
internal static class CallRules
{
    public static IEnumerable<Violation> Judge(Facts facts)
    {
        var record = facts.Record;
        int sent = record.Processes.Where(process => process.Id == facts.Seen.Id).Sum(process => process.End.Calls);

        // A call that the journal could not record any more is not counted.
        bool isExact = !record.Processes.Any(process => process.End.WasStopped || process.Faults.Any(fault => fault.Kind is FaultKind.JournalBusy or FaultKind.DiskFull or FaultKind.DiskError));
        if (isExact ? facts.Seen.Calls != sent : facts.Seen.Calls > sent)
            yield return new Violation("calls-counted", record.Number, $"{facts.Seen.Calls} calls are told, and {sent} were sent");
        foreach (var violation in Most(facts)) yield return violation;
        foreach (var violation in Repeat(facts)) yield return violation;
        foreach (var violation in Imports(facts)) yield return violation;
        if (TooFast(record) is { } pace) yield return pace;
    }

    // A push that nothing disturbs makes each kind of call as often as 300 people a call need.
    private static IEnumerable<Violation> Most(Facts facts)
    {
        var record = facts.Record;
        if (!record.IsQuiet || record.Day.Edits.Count > 0 || facts.Memory.IsVague) yield break;
        int counted = facts.Rows.Count(row => row.Counts), batches = (counted + 299) / 300;

        // A call of an earlier push that ran after its undo has taken a member off, or others have, or have deleted the member, before a push that did not
        // read the list. Only the reading at the end shows that, which a mirror needs also where it does not prove its list: an import tells it no ids.
        bool reads = facts.Verifies || record.Calls.Any(call => call is { Kind: CallKind.ReadList or CallKind.ExportFile, IsAnswered: true });
        bool isOff = facts.Known.Any(id => !facts.Before.Contains(id)) || facts.Memory.People.Any(known => known.Value.Id is null && !facts.Named(known.Key).Any(facts.Before.Contains));
        int lost = reads && isOff ? 1 : 0;

        // What an extract does not show yet may be done once more: by its id, or by another sync and addition where an import did not tell the id.
        int late = facts.ReadsLate ? 1 : 0;

        // Where the list is not read, the destination takes off members that it knows. Others may have taken some of them off.
        var members = facts.Verifies ? facts.Before : facts.Before.Union(facts.Known);
        int leavers = 2 * ((members.Count(id => !facts.NamedInAnyWay.Contains(id) || ListRules.IsReplaced(facts, id)) + 299) / 300);
        bool hasTwins = facts.Rows.Any(row => row.Key is not null && facts.Named(row.Key).Count > 1);
        int refused = hasTwins || facts.Rows.Any(row => row.IsRefused) ? 1 : 0;
        var most = new Dictionary<CallKind, int>
        {
            [CallKind.Usage] = 1,
            [CallKind.Describe] = 1,
            [CallKind.ListInfo] = 1,
            [CallKind.Sync] = facts.Target.Creates || facts.Target.Updates ? (batches * (1 + late)) + refused + lost : 0,
            [CallKind.Add] = (batches * (1 + (2 * late))) + late + (2 * lost),
            [CallKind.Remove] = facts.Target.Mode switch { Mode.Mirror => leavers + late, Mode.Delta => batches, _ => 0 },
            [CallKind.Import] = facts.Target.Delivery == DeliveryKind.Sync ? 0 : (2 * batches) + facts.Rows.Select(row => string.Join(' ', row.Values.Keys)).Distinct().Count(),
        };

        // Where a killed push has lost the number of its import, an upload that changes nobody tells whether that one is over, and the own one waits for its turn.
        foreach (var calls in record.Calls.Where(call => call is not { Kind: CallKind.Import, IsProbe: true } and not { Kind: CallKind.Import, WasRefused: true }).CountBy(call => call.Kind))
        {
            if (most.TryGetValue(calls.Key, out int limit) && calls.Value > limit)
                yield return new Violation($"calls-{calls.Key}", record.Number, $"{calls.Value} calls of {calls.Key}, and {limit} are enough");
        }
    }

    // What Marketo has taken is not uploaded again, and without repeats nothing is.
    private static IEnumerable<Violation> Imports(Facts facts)
    {
        var record = facts.Record;
        int forms = facts.Rows.Where(row => row is { Counts: true, IsIn: true }).Select(row => string.Join(' ', row.Values.Keys)).Distinct().Count();
        int files = Math.Max(1, forms) * (facts.Target.Creates && !facts.Target.Updates ? 2 : 1);
        foreach (var push in record.Processes.GroupBy(process => process.Id))
        {
            var numbers = push.Select(process => process.Number).ToHashSet();

            // Where another push, perhaps of an earlier day, lost the number of its import, an upload that changes nobody tells whether that import is over.
            var imports = record.Calls.Where(call => call is { Kind: CallKind.Import, IsProbe: false } && numbers.Contains(call.Process)).ToArray();
            int taken = imports.Count(call => call is { IsAnswered: true, IsExecuted: true, WasRefused: false }) - push.Count(LostItsNumber);
            // An import refuses rows that several people match. Where the process ends before each of them is sent by a call, they are read, and imported, again.
            if (facts.Rows.Any(row => row.Key is not null && facts.Named(row.Key).Count > 1)) taken -= push.Count() - 1;

            // People are imported once more where others took them off the list or deleted them, where a move has made the destination forget it, or where an
            // extract that lags did not show them. A mirror that does not read its list finds in the middle of a push, by the ids of its leavers, who has another identity by now.
            bool isSentAgain = push.Count() > 1 && (facts.ReadsLate || record.Day.Edits.Any(edit => edit.Kind == EditKind.Delete) || facts.DayHistory.Any(happening =>
                happening is { Actor: Actor.Others, Deed: Deed.RemoveFromList, ChangedList: true } && happening.ListId == record.ListId)
                || (facts.Target.Mode == Mode.Mirror && !record.World.Scenario.Verifies(record.Day) && record.World.Marketo.History.Any(happening => happening is { Actor: Actor.Others, Deed: Deed.Rename })));
            if (taken > files && facts.Rows.Count <= 300 && !facts.IsMoved && !isSentAgain) yield return new Violation("import-twice", record.Number, $"{taken} imports were taken for {files} files");

            // A full queue is a turn to wait for, and no repeat.
            bool isLost = push.Any(process => process.Faults.Any(fault => fault is { Call: CallKind.Import, Moment: Moment.Before or Moment.Executed, Kind: not (FaultKind.Refuse or FaultKind.Meddle or FaultKind.ClockJump) }));
            int refusals = push.Sum(process => process.Faults.Count(fault => fault is { Call: CallKind.Import, Kind: FaultKind.Refuse }));
            if (facts.Target.RetryLimit == 0 && numbers.Count == 1 && isLost && imports.Count(call => !call.WasRefused) > files + refusals)
                yield return new Violation("retry-limit", record.Number, $"an upload was repeated, and nothing was to be");
        }
    }

    // The process ended, or the disk failed, before the number of the import was written down.
    private static bool LostItsNumber(ProcessRecord process) =>
        process.Faults.Any(fault => fault is { Call: CallKind.Import, Moment: Moment.DiskBefore or Moment.DiskAfter or Moment.Lock });

    // The same segment once more is no work.
    private static IEnumerable<Violation> Repeat(Facts facts)
    {
        if (!facts.Record.IsRepeat || !facts.IsDestination) yield break;
        foreach (var happening in facts.History.Where(happening => happening.Actor == Actor.Product))
        {
            bool isWork = happening.Deed is Deed.Create or Deed.Write || happening.ChangedList;
            bool isRefused = facts.Rows.Any(row => IsExcused(row) && facts.Named(row.Key!).Contains(happening.PersonId))
                || facts.Rows.Any(row => IsLeftBehind(facts, row) && facts.Memory.IsFormer(row.Key!, happening.PersonId));
            if (isWork && !isRefused) yield return new Violation($"repeat-{happening.Deed}", facts.Record.Number, $"the same push once more did {happening.Deed} to person {happening.PersonId}");
        }

        foreach (string outcome in (string[])["Added", "Removed", "Created", "Updated"])
        {
            if (facts.Seen.Sums[outcome] > 0 && !facts.Rows.Any(row => IsExcused(row) || IsLeftBehind(facts, row)))
                yield return new Violation("repeat-" + outcome, facts.Record.Number, $"the same push once more has {facts.Seen.Sums[outcome]} {outcome}");
        }

        bool IsExcused(ExpectedRow row) => row.IsRefused || row.IsOdd || IsInMembersPlace(facts, row) || IsOfAnothersPerson(facts, row) || IsExitOfAnother(facts, row) || IsPutBackInPlaceOfImported(facts, row);
    }

    // The row led to a person who has another identity by now, and another row names the person by that one. Once that is known, the row stands for somebody else.
    private static bool IsOfAnothersPerson(Facts facts, ExpectedRow row) => row.Key is { } key && facts.Memory.People.TryGetValue(key, out var known)
        && known.Id is { } id && facts.IdentityOf(id) is { } identity && identity != key && facts.Rows.Any(other => other.Key == identity);

    // The row took off the member that the destination knew by the identity. Who has it by now is looked up, and leaves, with the next push.
    private static bool IsExitOfAnother(Facts facts, ExpectedRow row) => row is { IsIn: false, Key: { } key } && !facts.Verifies
        && facts.Memory.Former.Any(former => former.Key == key && facts.IdentityOf(former.Id) != key);

    // The member with the identity has another one by now. An extract that lagged did not show the person who has come in its place, or others had taken that person
    // off and the push has put the person back by the id, so that the member leaves a push later.
    private static bool IsLeftBehind(Facts facts, ExpectedRow row) => row.Key is { } key
        && facts.Memory.Former.Any(former => former.Key == key && facts.IdentityOf(former.Id) != key)
        && (facts.ReadsLate || facts.Record.World.Marketo.History.Any(happening =>
            happening is { Actor: Actor.Others, Deed: Deed.RemoveFromList, ChangedList: true } && happening.ListId == facts.Record.ListId && facts.IdentityOf(happening.PersonId) == key));

    // An import created somebody for the row, an extract that lags did not show that one, and the member was put on the list again by its id, until the next push.
    private static bool IsPutBackInPlaceOfImported(Facts facts, ExpectedRow row) => facts.ReadsLate && facts.Target.Delivery != DeliveryKind.Sync && row.Key is { } key
        && facts.Memory.People.TryGetValue(key, out var known) && known.Id is { } id && facts.IdentityOf(id) is { } identity && identity != key;

    // An import tells no id, so what it sent to a person who has a member's identity by now may be sent once more.
    public static bool IsInMembersPlace(Facts facts, ExpectedRow row) => row.Key is { } key && facts.Target.Delivery != DeliveryKind.Sync && facts.Memory.Former.Any(former => former.Key == key);

    private static Violation? TooFast(DayRecord record)
    {
        // A clock that jumps ahead makes calls look older than they are.
        if (record.Processes.Any(process => process.Run.SetsClockRight || process.Faults.Any(fault => fault.Kind == FaultKind.ClockJump))) return null;
        var at = record.Calls.Where(call => call.Kind != CallKind.Token).Select(call => call.At).ToArray();
        int most = record.World.Scenario.Target.CallsPer20Seconds;
        for (int i = most; i < at.Length; i++)
        {
            if (at[i] - at[i - most] < TimeSpan.FromSeconds(20)) return new Violation("pace", record.Number, $"more than {most} calls in 20 seconds");
        }

        return null;
    }
}
