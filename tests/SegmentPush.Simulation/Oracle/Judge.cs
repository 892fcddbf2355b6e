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
    private readonly Memory _memory = new();

    /// <summary>Judges a push.</summary>
    /// <param name="record">What is known of it.</param>
    /// <param name="wasRemoved">Whether the destination was removed and made anew before the push began that completed.</param>
    /// <param name="isMoved">Whether the destination was moved to another list meanwhile, or removed.</param>
    public IReadOnlyList<Violation> JudgePush(DayRecord record, bool wasRemoved, bool isMoved)
    {
        if (wasRemoved) _memory.Clear();
        IReadOnlyList<Violation> violations = [.. JudgeIn(record).Select(violation => violation with { Kind = violation.Kind + ContextOf(record) })];
        if (record.Seen is { State: "Completed" }) Learn(record);
        else if (record.Seen is not null) LearnPart(record);
        _memory.IsVague = world.TouchedDuringPush.Count > 0;
        if (isMoved) _memory.Clear();
        return violations;
    }

    /// <summary>Judges the taking back of a push.</summary>
    /// <param name="record">The push.</param>
    /// <param name="before">Who was on the list before it was taken back.</param>
    /// <param name="historyBefore">How much had happened before.</param>
    /// <param name="isCounted">Whether the destination counted the people of the list before.</param>
    /// <param name="end">How that ended.</param>
    public IReadOnlyList<Violation> JudgeUndo(DayRecord record, IReadOnlySet<long> before, int historyBefore, bool isCounted, ProcessEnd end)
    {
        _memory.Doubt();
        _memory.Ids.ExceptWith(before.Except(world.Marketo.Lists[record.ListId]).ToArray());
        _memory.Ids.UnionWith(world.Marketo.Lists[record.ListId]);
        return [.. UndoRules.Judge(record, before, historyBefore, isCounted, end)];
    }

    // What was going on tells failures of one promise apart.
    private static string ContextOf(DayRecord record) => record switch
    {
        { Processes.Count: > 1 } => ", over several processes",
        { IsQuiet: false } => ", with faults",
        { Day.Edits.Count: > 0 } => ", after others",
        _ => string.Empty,
    };

    private Violation[] JudgeIn(DayRecord record)
    {
        var ends = EndRules.Judge(record, _memory).ToArray();
        if (ends.Length > 0 || record.Day.HasOpenQuote) return ends;
        bool isOver = record.Seen is { State: "Failed" } && ArrivalRules.IsEnd(record.Processes[^1]);
        if (!isOver && record.Seen is not { State: "Completed" }) return [];
        var facts = new Facts(record, _memory);
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
            foreach (string key in _memory.People.Keys.Where(key => !named.Contains(key)).ToArray()) _memory.People.Remove(key);
        }

        foreach (var row in counted)
        {
            if (!row.IsIn) _memory.People.Remove(row.Key!);
            else if (facts.SeenOf(row) is { Outcome: "Added" or "AlreadyMember" } seen) Remember(row, IdOf(facts, row, seen), isCertain && facts.Named(row.Key!).Count == 1);
            else if (_memory.People.TryGetValue(row.Key!, out var before))
                _memory.People[row.Key!] = before with { IsCertain = false };
        }

        _memory.IsSeeded = true;
        _memory.SegmentPeople = counted.Count(row => row.IsIn);
        if (!facts.Verifies) return;
        Seed(record.After.ToDictionary(id => id, id => world.Marketo.People[id][world.IdentityField] ?? string.Empty));
    }

    // Of a push that did not complete, what was settled is known all the same.
    private void LearnPart(DayRecord record)
    {
        if (world.Scenario.Target.Mode is null) return;
        var facts = new Facts(record, _memory);
        if (!_memory.IsSeeded) Begin(record);
        _memory.IsSeeded = true;
        _memory.Doubt();
        foreach (var row in facts.Rows.Where(row => row is { Counts: true, IsIn: true }))
        {
            if (facts.SeenOf(row) is { Outcome: "Added" or "AlreadyMember" } seen) Remember(row, IdOf(facts, row, seen), isCertain: false);
        }
    }

    private void Begin(DayRecord record)
    {
        _memory.People.Clear();
        Seed(record.Before.ToDictionary(id => id, id => record.IdentitiesBefore[id]));
    }

    // The list was read: its people are known, but not what was sent for them.
    private void Seed(Dictionary<long, string> listed)
    {
        _memory.Ids.Clear();
        _memory.Ids.UnionWith(listed.Keys);
        foreach (var (id, identity) in listed)
        {
            if (IdentityKey.Of(world.Scenario.Target.Identity, identity) is { } key)
                _memory.People.TryAdd(key, new KnownPerson(id, world.Scenario.Target.Fields.Count == 0 ? new Dictionary<string, string>() : null, IsCertain: false));
        }
    }

    private void Remember(ExpectedRow row, long? id, bool isCertain)
    {
        _memory.People[row.Key!] = new KnownPerson(id, row.Values, isCertain);
        if (id is not null) _memory.Ids.Add(id.Value);
    }

    private static long? IdOf(Facts facts, ExpectedRow row, PersonSeen seen) =>
        seen.PersonId ?? facts.Named(row.Key!).Cast<long?>().FirstOrDefault(id => facts.Record.After.Contains(id!.Value));
}
