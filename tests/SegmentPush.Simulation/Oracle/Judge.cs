using SegmentPush.Simulation.Faults;
using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>
/// Says after each push what must be, from the documents alone, and compares it with what is in Marketo and with what the product says.
/// What may truly vary is allowed, and nothing else.
/// </summary>
internal sealed class Judge(World world)
{
    private readonly Dictionary<DayRecord, Facts> _facts = [];
    private Memory _memory = new();

    /// <summary>Judges a push.</summary>
    /// <param name="record">What is known of it.</param>
    /// <param name="knewNothing">Whether the destination was removed, or moved to another list, before the push began that completed.</param>
    /// <param name="isMoved">Whether the destination was moved to another list meanwhile, or removed.</param>
    public IReadOnlyList<Violation> JudgePush(DayRecord record, bool knewNothing, bool isMoved)
    {
        var before = _memory;
        if (knewNothing) _memory = new Memory();
        if (record.Seen is not null) _facts[record] = new Facts(record, _memory);
        IReadOnlyList<Violation> violations = [.. JudgeIn(record, before).Select(violation => violation with { Kind = violation.Kind + ContextOf(record) })];
        if (record.Seen is { State: "Completed" }) Learn(record);
        else if (record.Seen is not null) LearnPart(record);
        _memory.IsVague = record.Seen is not { State: "Completed" } || world.TouchedDuringPush.Count > 0 || (Facts.ReadsLateIn(world.Scenario) && record.Day.Edits.Count > 0);
        if (record.Seen is { State: "Completed" }) (_memory.HasUnfinished, _memory.IsUndone) = (false, false);
        else _memory.HasUnfinished |= record.Seen is not null;
        if (isMoved) _memory = new Memory();
        return violations;
    }

    /// <summary>Judges the taking back of a push.</summary>
    /// <param name="record">The push.</param>
    /// <param name="before">Who was on the list before it was taken back.</param>
    /// <param name="historyBefore">How much had happened before.</param>
    /// <param name="isCounted">Whether the destination counted the people of the list before.</param>
    /// <param name="processes">The processes that it took.</param>
    public IReadOnlyList<Violation> JudgeUndo(DayRecord record, IReadOnlySet<long> before, int historyBefore, bool isCounted, IReadOnlyList<UndoProcess> processes)
    {
        var end = processes[^1].End;
        string context = processes.All(process => process.Run.Faults.Count == 0) ? string.Empty : ", undoing with faults";
        IReadOnlyList<Violation> violations = [.. UndoRules.Judge(_facts[record], before, historyBefore, isCounted, processes).Select(violation => violation with { Kind = violation.Kind + context })];
        _memory.Doubt();
        var listed = world.Marketo.Lists[record.ListId];
        _memory.IsUndone = true;

        // The list was read back. A destination that has never read its list has no snapshot that could keep that.
        if (end.ErrorId is null && world.Scenario.Target.Mode is not null && _memory.IsSeeded)
        {
            _memory.Ids.RemoveWhere(id => !listed.Contains(id));
            foreach (var (key, person) in _memory.People.ToArray())
            {
                if (person.Id is { } id && !listed.Contains(id)) _memory.People.Remove(key);
            }

            Seed(listed.ToDictionary(id => id, id => world.Marketo.People[id][world.IdentityField] ?? string.Empty));

            // Who was put back is known by the identity of before.
            foreach (long id in _facts[record].Seen.People.Where(person => person.Outcome == "Removed").Select(person => person.PersonId ?? 0).Where(listed.Contains))
            {
                // Where the push had not read the list, only the undo's reading tells the identity, and an extract that lags does not.
                if (!world.Scenario.Verifies(record.Day) && Facts.ReadsLateIn(world.Scenario)) _memory.Ids.Remove(id);
                if (record.IdentitiesBefore.GetValueOrDefault(id) is { } identity && IdentityKey.Of(world.Scenario.Target.Identity, identity) is { } key) _memory.Former.Add((key, id));
                foreach (var row in _facts[record].Rows.Where(row => row.Key is not null && _facts[record].SeenOf(row)?.PersonId == id))
                {
                    _memory.Former.Add((row.Key!, id));
                    _memory.People.TryAdd(row.Key!, new KnownPerson(id, null, IsCertain: false));
                }
            }
        }

        return violations;
    }

    // What was going on tells failures of one promise apart.
    private static string ContextOf(DayRecord record) => record switch
    {
        { Processes.Count: > 1 } => ", over several processes",
        { IsQuiet: false } => ", with faults",
        { Day.Edits.Count: > 0 } => ", after others",
        _ => string.Empty,
    };

    // The processes before the one that completed may have known what it did not.
    private Violation[] JudgeIn(DayRecord record, Memory before)
    {
        var ends = EndRules.Judge(record, before, _memory).ToArray();
        if (ends.Length > 0 || record.Day.HasOpenQuote) return ends;
        bool isOver = record.Seen is { State: "Failed" } && ArrivalRules.IsEnd(record.Processes[^1]);
        if (!isOver && record.Seen is not { State: "Completed" }) return [];
        var facts = _facts[record];
        if (isOver) return [.. ArrivalRules.Judge(facts), .. SumRules.Judge(facts), .. PersonRules.Judge(facts), .. OutcomeRules.Judge(facts), .. ReceiptRules.JudgeFiles(facts)];
        return
        [
            .. ArrivalRules.Judge(facts),
            .. SumRules.Judge(facts),
            .. PersonRules.Judge(facts),
            .. ListRules.Judge(facts),
            .. OutcomeRules.Judge(facts),
            .. FieldRules.Judge(facts),
            .. GuardRules.Judge(facts),
            .. CallRules.Judge(facts),
            .. ReceiptRules.Judge(facts),
        ];
    }

    // What the product confirmed is what its destination knows from now on.
    private void Learn(DayRecord record)
    {
        if (world.Scenario.Target.Mode is not { } mode) return;
        var facts = new Facts(record, _memory);
        bool isCertain = record.IsQuiet;
        if (!_memory.IsSeeded || record.Day.Resync) Begin(record);
        if (!isCertain) _memory.Doubt();
        var counted = facts.Rows.Where(row => row.Counts).ToArray();
        if (mode == Mode.Mirror)
        {
            var named = facts.Rows.Where(row => row.Key is not null).Select(row => row.Key!).ToHashSet();

            // Of people that Marketo refuses to take off, it still knows what was sent.
            foreach (var (key, person) in _memory.People.ToArray())
            {
                if (!named.Contains(key) && !(person.Id is { } id && record.After.Contains(id))) _memory.People.Remove(key);
            }
        }

        foreach (var row in counted)
        {
            if (row.IsIn) _memory.RefusedToLeave.ExceptWith(facts.Named(row.Key!));
            else if (facts.SeenOf(row) is { Outcome: "Rejected", PersonId: { } refused } && isCertain) _memory.RefusedToLeave.Add(refused);
            if (!row.IsIn)
            {
                if (_memory.People.TryGetValue(row.Key!, out var exited) && exited.Id is { } id && record.After.Contains(id)) continue;
                _memory.People.Remove(row.Key!);
                if (exited is { Id: { } left }) _memory.Former.Add((row.Key!, left));
            }
            else if (facts.SeenOf(row) is { Outcome: "Added" or "AlreadyMember" } seen) Remember(facts, row, seen, isCertain && facts.Named(row.Key!).Count == 1);
            else if (_memory.People.TryGetValue(row.Key!, out var before))
                _memory.People[row.Key!] = before with { IsCertain = false };
        }

        // A row at fault keeps its member, who stays known by the identity that it had when the list was read first. Where others edited the person in the
        // middle of that push, it is not known here which identity that was.
        var atFault = facts.Rows.Where(row => row is { Key: not null, IsIn: true } && facts.SeenOf(row) is { Outcome: "Rejected" }).Select(row => row.Key!).ToHashSet();
        foreach (var (key, id) in _memory.Former.Where(former => atFault.Contains(former.Key) && record.After.Contains(former.Id) && !world.TouchedDuringPush.Contains(former.Id)))
            _memory.People.TryAdd(key, new KnownPerson(id, null, IsCertain: false));

        ForgetRemoved(facts);
        _memory.IsSeeded = true;
        _memory.SegmentPeople = counted.Count(row => row.IsIn);
        LearnIds(facts);
        LearnListed(facts);
        if (!facts.Verifies) return;
        Seed(record.After.Where(id => !MayBeUnseen(record, id) && !IsLeftUnseen(facts, id)).ToDictionary(id => id, id => IsPutBackAfterReading(id) ? string.Empty : IdentityNow(id)));
        _memory.Former.UnionWith(record.After.Where(id => MayBeUnseen(record, id) || IsPutBackAfterReading(id)).Select(id => (Key: IdentityKey.Of(world.Scenario.Target.Identity, IdentityNow(id)), id)).Where(seen => seen.Key is not null).Select(seen => (seen.Key!, seen.id)));

        string IdentityNow(long id) => world.Marketo.People[id][world.IdentityField] ?? string.Empty;

        // Who is put back by the id that the destination knew stays known by the identity of before: no reading has told another one. A mirror reads its list with
        // each push then, and learns it.
        bool IsPutBackAfterReading(long id) => mode != Mode.Mirror && facts.DayHistory.Any(happening => happening is { Actor: Actor.Product, Deed: Deed.AddToList, ChangedList: true } && happening.PersonId == id
            && happening.ListId == record.ListId && !record.Calls.Any(call => call is { Kind: CallKind.ReadList or CallKind.ExportFile, IsAnswered: true } && call.At > happening.At))
            && counted.Any(row => row.IsIn && facts.SeenOf(row)?.PersonId == id && row.Key != IdentityKey.Of(world.Scenario.Target.Identity, IdentityNow(id)));
    }

    private void ForgetRemoved(Facts facts)
    {
        _memory.Ids.ExceptWith(facts.History
            .Where(happening => happening is { Actor: Actor.Product, Deed: Deed.RemoveFromList } && happening.ListId == facts.Record.ListId && !facts.Record.After.Contains(happening.PersonId))
            .Select(happening => happening.PersonId));
        if (facts.Record.Calls.LastOrDefault(call => call is { Kind: CallKind.ReadList or CallKind.ExportFile, IsAnswered: true }) is not { } reading) return;

        // Members that the reading did not show are forgotten, with what was sent for them.
        foreach (var (key, person) in _memory.People.ToArray())
        {
            if (person.Id is { } id && !facts.Record.After.Contains(id)) _memory.People[key] = person with { IsCertain = false };
        }

        if (facts.ReadsLate)
        {
            // An extract shows at least what was done before it was asked for, but for its lag. Nobody has changed anything for these people since.
            if (facts.Record.Calls.LastOrDefault(call => call is { Kind: CallKind.ExportEnqueue, IsAnswered: true } && call.At < reading.At) is not { } asked) return;
            var shown = asked.At - TimeSpan.FromSeconds(world.Scenario.Habits.ExtractLagSeconds);
            _memory.Ids.RemoveWhere(id => world.Marketo.History.LastOrDefault(happening => happening.PersonId == id && happening.ListId == facts.Record.ListId && happening.ChangedList)
                is { Deed: Deed.RemoveFromList } removed && removed.At < shown);
            return;
        }

        // A reading has told who was not on the list. The destination does not know what others have done since; it knows the people that its pushes have added since.
        _memory.Ids.RemoveWhere(id => world.Marketo.History.LastOrDefault(happening => happening.PersonId == id && happening.ListId == facts.Record.ListId && happening.ChangedList && happening.At < reading.At)
            is { Deed: Deed.RemoveFromList }
            && !facts.DayHistory.Any(happening => happening is { Actor: Actor.Product, Deed: Deed.AddToList } && happening.PersonId == id && happening.ListId == facts.Record.ListId && happening.At >= reading.At));
    }

    // Others put the person on the list after it was read last, or just before the push, and an extract that lags may not show it.
    private bool MayBeUnseen(DayRecord record, long id) =>
        world.Marketo.History.LastOrDefault(happening => happening.PersonId == id && happening.ListId == record.ListId && happening.ChangedList) is { Actor: Actor.Others, Deed: Deed.AddToList } added
        && (Facts.ReadsLateIn(world.Scenario) ? added.At > record.Processes[0].StartedAt - TimeSpan.FromMinutes(5)
            : !record.Calls.Any(call => call is { Kind: CallKind.ReadList or CallKind.ExportFile, IsAnswered: true } && SurelyShownBy(record, call) > added.At));

    // An extract is made between the call that asks for it and the one that fetches it.
    private static DateTimeOffset SurelyShownBy(DayRecord record, SentCall reading) => reading.Kind == CallKind.ReadList ? reading.At
        : record.Calls.LastOrDefault(call => call is { Kind: CallKind.ExportEnqueue, IsAnswered: true } && call.At < reading.At)?.At ?? reading.At;

    // An import put the person on the list, the extract lagged, and a call can't look up an identity with a comma, so that the row is rejected.
    private static bool IsLeftUnseen(Facts facts, long id) => facts.ReadsLate
        && facts.Rows.Any(row => row is { IsOdd: true, Key: not null } && facts.SeenOf(row) is { Outcome: "Rejected" } && facts.Named(row.Key).Contains(id));

    // Of a push that did not complete, what was settled is known all the same.
    private void LearnPart(DayRecord record)
    {
        if (world.Scenario.Target.Mode is null) return;

        // It ended before it knew who is on its list.
        if (!_memory.IsSeeded && !record.Processes.Any(record.HasRead)) return;
        var facts = new Facts(record, _memory);
        if (!_memory.IsSeeded || record.Day.Resync)
        {
            Begin(record);
            if (record.Processes.Where(record.HasRead).All(process => process.End.WasStopped)) _memory.Unheard.UnionWith(_memory.People.Where(known => known.Value.Id is not null).Select(known => (known.Key, known.Value.Id!.Value)));
        }

        _memory.IsSeeded = true;
        _memory.Doubt();
        ForgetRemoved(facts);
        foreach (var row in facts.Rows.Where(row => row is { Counts: true, IsIn: true }))
        {
            if (facts.SeenOf(row) is { Outcome: "Added" or "AlreadyMember" } seen) Remember(facts, row, seen, isCertain: false);
        }

        LearnIds(facts);
        LearnListed(facts);
    }

    // Where a push before has left people without an outcome, the list is read first, and shows people that the destination did not know.
    private void LearnListed(Facts facts)
    {
        var readers = facts.Record.Processes.Where(process => process.Id == facts.Seen.Id && process.ListId == facts.Record.ListId && facts.Record.HasRead(process)).ToArray();
        foreach (long id in Shown(readers.Where(process => !process.End.WasStopped)))
        {
            if (KeyOf(id) is { } key) _memory.People.TryAdd(key, Listed(id));
            _memory.Ids.Add(id);
        }

        foreach (long id in Shown(readers.Where(process => process.End.WasStopped)))
        {
            if (KeyOf(id) is { } key && !_memory.People.ContainsKey(key)) _memory.Unheard.Add((key, id));
        }

        // Others may have given a person another identity since an earlier process of the day has read the list.
        foreach (var process in facts.Record.Processes.Where(process => process.ListId == facts.Record.ListId && facts.Record.HasRead(process)))
        {
            foreach (long id in process.Before.Where(facts.Record.After.Contains))
            {
                string? identity = facts.DayHistory.LastOrDefault(happening => happening.PersonId == id && happening.Deed == Deed.Rename && happening.Number < process.HistoryFrom)
                    ?.Values.GetValueOrDefault(world.IdentityField) ?? facts.Record.IdentitiesBefore.GetValueOrDefault(id);
                if (identity is not null && IdentityKey.Of(world.Scenario.Target.Identity, identity) is { } key && key != KeyOf(id)) _memory.Unheard.Add((key, id));
            }
        }

        IEnumerable<long> Shown(IEnumerable<ProcessRecord> processes) => processes.SelectMany(process => process.Before)
            .Where(id => facts.Record.After.Contains(id) && !MayBeUnseen(facts.Record, id) && !world.TouchedDuringPush.Contains(id));
        string? KeyOf(long id) => IdentityKey.Of(world.Scenario.Target.Identity, world.Marketo.People[id][world.IdentityField] ?? string.Empty);
    }

    private KnownPerson Listed(long id) => new(id, world.Scenario.Target.Fields.Count == 0 ? new Dictionary<string, string>() : null, IsCertain: false);

    // A reading of the list has told the ids of people that an import had put there. Whether a process that was stopped has kept them, nobody knows.
    private void LearnIds(Facts facts)
    {
        var readers = facts.Record.Processes.Where(process => process.Id == facts.Seen.Id && process.ListId == facts.Record.ListId && facts.Record.HasRead(process)).ToArray();

        // What was read before the import of the push, the import has put in doubt.
        bool isReadAfter = facts.Record.Calls.LastOrDefault(call => call is { Kind: CallKind.Import, IsProbe: false }) is not { } import
            || facts.Record.Calls.Any(call => call is { Kind: CallKind.ReadList or CallKind.ExportFile, IsAnswered: true } && call.At > import.At);
        bool isTold = isReadAfter && readers.Any(process => !process.End.WasStopped) && !facts.WasCutShort && !facts.ReadsLate;
        foreach (var (key, person) in _memory.People.Where(known => known.Value is { IsIdTold: false, Id: not null }).ToArray())
        {
            long id = person.Id!.Value;
            bool isRenamed = facts.IdentityOf(id) != key;
            if (!readers.Any(process => process.Before.Contains(id) && (!isRenamed || IsRenamedSince(process, key, id)))) continue;
            if (isTold && !isRenamed) _memory.People[key] = person with { IsIdTold = true };
            else _memory.Former.Add((key, id));
        }

        bool IsRenamedSince(ProcessRecord process, string key, long id) => facts.Named(key).Contains(id)
            && facts.DayHistory.Any(happening => happening.PersonId == id && happening.Deed == Deed.Rename && happening.Number >= process.HistoryFrom);
    }

    private void Begin(DayRecord record)
    {
        _memory.People.Clear();
        _memory.Unheard.Clear();

        // Others may have edited the list before the process began that read it. Where it is also read at the end, it is not known here which process that was.
        var processes = record.Processes.Where(process => process.ListId == record.ListId && record.HasRead(process)).ToArray();
        bool isReadBack = world.Scenario.Verifies(record.Day);
        if (!isReadBack && processes is [.., var reader]) processes = [reader];
        var lists = processes.Select(process => process.Before.Union(CameBeforeReading(process)).ToHashSet()).ToArray();
        string IdentityBefore(long id) => RenamedBefore(id) ?? record.IdentitiesBefore.GetValueOrDefault(id) ?? world.Marketo.People.GetValueOrDefault(id)?[world.IdentityField] ?? string.Empty;

        // Others put these people on the list after the process had started, and before it read the list.
        IEnumerable<long> CameBeforeReading(ProcessRecord process) => Facts.ReadsLateIn(world.Scenario) ? [] : record.History
            .Where(happening => happening.Number >= process.HistoryFrom && happening is { Actor: Actor.Others, Deed: Deed.AddToList, ChangedList: true } && happening.ListId == record.ListId
                && record.Calls.Any(call => call is { Kind: CallKind.ReadList, IsAnswered: true } && call.Process == process.Number && call.At > happening.At))
            .Select(happening => happening.PersonId);

        // The reading showed the identity that others gave the person before its process started.
        string? RenamedBefore(long id) => processes.FirstOrDefault(process => process.Before.Contains(id)) is not { } reader ? null : record.History
            .LastOrDefault(happening => happening.PersonId == id && happening.Deed == Deed.Rename && happening.Number < reader.HistoryFrom)?.Values.GetValueOrDefault(world.IdentityField);

        // Of a person that others edited in the middle of the push, it is not known here which identity the reading showed.
        bool IsVague(long id) => world.TouchedDuringPush.Contains(id);
        long[] listed = [.. lists.SelectMany(list => list).Distinct()];
        Seed(listed.ToDictionary(id => id, id => IsVague(id) ? string.Empty : IdentityBefore(id)));
        foreach (long id in listed.Where(IsVague))
        {
            if (IdentityKey.Of(world.Scenario.Target.Identity, IdentityBefore(id)) is { } key) _memory.Former.Add((key, id));
        }

        foreach (var list in lists) _memory.Ids.IntersectWith(list);

        // An extract that lags shows people that others took off just before, and may not show those that others put on.
        if (!Facts.ReadsLateIn(world.Scenario)) return;
        Seed(Facts.EditedJustBefore(record, Deed.RemoveFromList).Distinct().ToDictionary(id => id, IdentityBefore));
        _memory.Ids.ExceptWith(Facts.EditedJustBefore(record, Deed.AddToList));
    }

    // The list was read: its people are known, but not what was sent for them.
    private void Seed(Dictionary<long, string> listed)
    {
        // An extract that lags shows people who have left.
        if (!Facts.ReadsLateIn(world.Scenario)) _memory.Ids.Clear();
        _memory.Ids.UnionWith(listed.Keys);
        foreach (var (id, identity) in listed)
        {
            if (IdentityKey.Of(world.Scenario.Target.Identity, identity) is not { } key || _memory.People.TryAdd(key, Listed(id))) continue;
            if (_memory.People[key] is { IsIdTold: false } known) _memory.People[key] = known with { Id = id, IsIdTold = true };
            else if (_memory.People[key] is { Id: { } former } && listed.TryGetValue(former, out string? present) && IdentityKey.Of(world.Scenario.Target.Identity, present) != key)
            {
                // A member whose identity another one on the list has by now is known by the present one from this reading on.
                _memory.Former.Add((key, former));
                _memory.People[key] = Listed(id);
            }
        }
    }

    // The push that completed may have read the list since the person came onto it.
    private static bool MayHaveBeenRead(Facts facts, long id) => facts.DayHistory.Any(happening =>
        happening is { Deed: Deed.AddToList, ChangedList: true } && happening.PersonId == id && happening.ListId == facts.Record.ListId
        && facts.Record.Calls.Any(call => call is { Kind: CallKind.ReadList or CallKind.ExportFile, IsAnswered: true } && call.At > happening.At
            && facts.Record.Processes.Any(process => process.Number == call.Process && process.Id == facts.Seen.Id)));

    // An import does not tell the id. The destination knows the person by the identity alone then.
    private void Remember(Facts facts, ExpectedRow row, PersonSeen seen, bool isCertain)
    {
        var named = facts.Named(row.Key!).Cast<long?>();
        long? id = seen.PersonId ?? named.FirstOrDefault(id => facts.Record.After.Contains(id!.Value) && facts.IdentityOf(id!.Value) == row.Key)
            ?? named.FirstOrDefault(id => facts.Record.After.Contains(id!.Value)) ?? named.FirstOrDefault();
        if (_memory.People.TryGetValue(row.Key!, out var before) && before.Id is { } former && former != id) _memory.Former.Add((row.Key!, former));

        // An import of a member's identity puts in doubt whether the person is still the one that was known.
        bool wasTold = before is { IsIdTold: true } && before.Id == id, isImported = seen.PersonId is null && facts.Record.Calls.Any(call => call.Kind == CallKind.Import);
        if (wasTold && isImported) _memory.Former.Add((row.Key!, id!.Value));
        bool isTold = seen.PersonId is not null || (wasTold && !isImported) || (id is not null && MayHaveBeenRead(facts, id.Value));
        _memory.People[row.Key!] = new KnownPerson(id, row.Values, isCertain) { IsNamed = true, IsIdTold = isTold };

        // What was sent for the person by another identity may not hold any more.
        foreach (var (key, other) in _memory.People.Where(known => known.Key != row.Key && known.Value is { IsCertain: true } && known.Value.Id == id).ToArray())
            _memory.People[key] = other with { IsCertain = false };
        if (id is not null) _memory.Ids.Add(id.Value);
    }
}
