using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>Undoing puts the membership back as it was before the push, and leaves alone what others have done since.</summary>
internal static class UndoRules
{
    /// <summary>Judges an undoing.</summary>
    /// <param name="facts">The push that was undone.</param>
    /// <param name="before">Who was on the list before the undoing.</param>
    /// <param name="historyBefore">How much had happened before the undoing.</param>
    /// <param name="isCounted">Whether the destination counted the people of the list before the undoing.</param>
    /// <param name="processes">The processes that it took.</param>
    public static IEnumerable<Violation> Judge(Facts facts, IReadOnlySet<long> before, int historyBefore, bool isCounted, IReadOnlyList<UndoProcess> processes)
    {
        var record = facts.Record;
        var world = record.World;
        foreach (var process in processes)
        {
            if (process.End.Crash is { } crash) yield return Of(record, "crash-" + crash, $"undoing ended with {crash}");
            if (process.End.ErrorId is "JournalFailed" or "SumsDisagree" or "InternalFault") yield return Of(record, "undo-" + process.End.ErrorId, $"undoing ended with {process.End.ErrorId}");
        }

        var end = processes[^1].End;

        // Without a destination nobody may know who was on the list before. Where a resume is stopped while it reads the rows of an import again, nobody knows its people.
        bool mayRefuse = world.Scenario.Target.Mode is null
            || (facts.Seen.State != "Completed" && record.Processes.Count(process => process.Id == facts.Seen.Id) > 1 && record.Calls.Any(call => call.Kind == CallKind.Import));

        // Where Marketo refuses removals, or has nobody any more of those who were taken off, or were about to be, few or none arrive where the undoing wants them.
        bool mayMissPeople = world.Scenario.Days.Any(day => day.RefusedRemovals.Count > 0) || facts.Seen.People.Any(person => person is { Outcome: "Removed" or "NotDelivered", PersonId: { } id } && !world.Marketo.People.ContainsKey(id));
        if (end.ErrorId is { } error && !(mayRefuse && error == "NotUndoable") && !(mayMissPeople && error is "NobodyArrived" or "TooManyRejected")) yield return Of(record, "undo-" + error, $"undoing ended with {error}");
        if (end.ErrorId is not null) yield break;
        if (end.PushId is { } id && !Facts.ReadsLateIn(world.Scenario)) foreach (var violation in JudgeStatus(record, JournalView.Read(world, id), isCounted)) yield return violation;
        if (end.State != "Completed") yield return Of(record, "undo-" + end.State, $"undoing ended as {end.State}");
        var expected = new SortedSet<long>(before);
        var added = PeopleOf(facts, seen => seen.Outcome == "Added");
        var removed = PeopleOf(facts, seen => seen.Outcome == "Removed");

        // A call of another push that was killed may run while this one begins. What that one did is not undone.
        // An import may also have created the person after the push had ended.
        var open = PeopleOf(facts, seen => seen.Outcome == "NotDelivered");
        open.UnionWith(world.Marketo.Lists[record.ListId].Union(expected).Where(person => facts.IdentityOf(person) is { } key && facts.Rows.Any(row => row.Key == key && facts.SeenOf(row) is { Outcome: "NotDelivered" })));
        foreach (var (person, wasOn) in Edited(record, historyBefore))
        {
            if (facts.HasOtherPush && ((!added.Contains(person) && !removed.Contains(person)) || IsOfOtherPush(facts, person))) continue;
            if (wasOn && world.Marketo.People.ContainsKey(person)) expected.Add(person);
            if (!wasOn) expected.Remove(person);
        }

        // Of an import nobody may know whether it changed the list. An import that is not accounted for may also have taken a row that Marketo refuses when it
        // is sent again.
        bool areAddsUnsure = record.Calls.Any(call => call.Kind == CallKind.Import);
        var unsure = PeopleOf(facts, seen => facts.HasUnaccountedImport && seen.Outcome == "Rejected");

        // Of an import that was answered, only a member that others had taken off before may be on the list by it.
        unsure.UnionWith(PeopleOf(facts, seen => areAddsUnsure && seen.Outcome == "AlreadyMember").Where(person => facts.HasOtherPush || IsTakenForMember(facts, person)));

        foreach (long person in world.Marketo.Lists[record.ListId].Except(expected))
        {
            if (!unsure.Contains(person) && !(areAddsUnsure && MayBeMember(facts, person)) && !(open.Contains(person) && (WasTakenOffUnseen(facts, person, historyBefore) || WasAddedAnew(facts, person, historyBefore))) && !IsKnownByFormerIdentity(facts, person) && !(removed.Contains(person) && WasTakenOffUnseen(facts, person, historyBefore)) && !(removed.Contains(person) && IsTakenForStranger(facts, person)) && !(world.Marketo.People.TryGetValue(person, out var held) && world.Marketo.IsRemovalRefused(held))) yield return Of(record, "undo-surplus", $"person {person} was not on the list before the push, and is after undoing it");
        }

        foreach (long person in expected.Except(world.Marketo.Lists[record.ListId]).Where(person => !(open.Contains(person) && WasPutOnUnheard(facts, person, historyBefore)) && !(areAddsUnsure && IsOfLaterPush(facts, person, historyBefore)) && !IsFoundByIdentity(facts, person) && !IsMemberByFormerIdentity(facts, person) && !(added.Contains(person) && WasPutOnUnseen(facts, person, historyBefore))))
            yield return Of(record, "undo-missing", $"person {person} was on the list before the push, and is not after undoing it");
    }

    // The first process added a person, and others renamed the person before the second one. The second one takes the person off as a stranger, where
    // the extract of the first did not show the person, or an import of the first added the person by the identity.
    private static bool IsTakenForStranger(Facts facts, long person) => facts.Touched.Contains(person)
        && (facts.ReadsLate || (facts.Record.World.Scenario.Target.Creates && facts.Record.Calls.Any(call => call.Kind == CallKind.Import)
            && facts.DayHistory.Any(happening => happening.PersonId == person && happening is { Actor: Actor.Others, Deed: Deed.Rename })));

    // A late call of another push put the person on the list. This push says that each row that once named the person has led to somebody else.
    private static bool IsOfOtherPush(Facts facts, long person) => !facts.Seen.People.Any(seen => seen.PersonId == person)
        && facts.Rows.Where(row => row.Key is not null && facts.Named(row.Key).Contains(person)).All(row => facts.SeenOf(row) is not { PersonId: null });

    private static HashSet<long> PeopleOf(Facts facts, Func<PersonSeen, bool> isMeant)
    {
        var seen = facts.Seen.People.Where(isMeant).ToArray();
        var rows = seen.Select(person => (person.Source, person.Row)).ToHashSet();
        return [.. seen.Select(person => person.PersonId ?? 0), .. facts.Rows.Where(row => row.Key is not null && rows.Contains((row.Source, row.Number))).SelectMany(row => facts.Named(row.Key!))];
    }

    // People that an import added are found by the identity. By now another person on the list, added by a later push, may have it.
    private static bool IsFoundByIdentity(Facts facts, long person) => !facts.Record.After.Contains(person)
        && facts.Rows.Any(row => row.Key is not null && row.Key == facts.IdentityOf(person) && facts.SeenOf(row) is { Outcome: "Added", PersonId: null });

    // An import of an earlier push put the person on the list, and told no id. Others gave the person another identity, and the push imported the person
    // by that one, or Marketo said once more that it had added the person: nothing tells that the two are one, and the outcome is Added. The undo only warns
    // that there may be such people.
    private static bool IsMemberByFormerIdentity(Facts facts, long person) => !facts.Verifies
        && !facts.Memory.People.Any(known => known.Key != facts.IdentityOf(person) && known.Value is { IsIdTold: true, IsNamed: true } && known.Value.Id == person)
        && facts.Record.World.Marketo.History.Any(happening => happening.PersonId == person && happening is { Actor: Actor.Others, Deed: Deed.Rename } && happening.Number < facts.Record.Processes[^1].HistoryTo)
        && facts.Rows.Any(row => row.Key is not null && row.Key == facts.IdentityOf(person) && facts.SeenOf(row) is { Outcome: "Added" } seen
            && (seen.PersonId is null || (seen.PersonId == person && facts.Record.World.Scenario.Habits.SaysAddedToMembers)));

    private static bool IsTakenForMember(Facts facts, long person) => facts.Known.Contains(person)
        || (facts.IdentityOf(person) is { } key && facts.Memory.People.ContainsKey(key)) || facts.Memory.People.Any(known => known.Value.Id == person);

    // An import that is under way when its push ends may put a member on the list that was there before, as far as the destination knew.
    private static bool MayBeMember(Facts facts, long person) => facts.IdentityOf(person) is { } key && facts.Memory.People.ContainsKey(key)
        && facts.Rows.Any(row => row.Key == key && facts.SeenOf(row) is { Outcome: "NotDelivered" });

    // An import added the person by the identity, and told no id. By now the person has another identity, and the row may have put somebody else on the list since.
    private static bool IsKnownByFormerIdentity(Facts facts, long person) => facts.Record.World.Scenario.Target.Creates && facts.Record.World.Marketo.History
        .Any(happening => happening.PersonId == person && happening.Deed == Deed.Rename)
        && facts.Rows.Any(row => row.Key is not null && row.Key != facts.IdentityOf(person) && facts.Named(row.Key).Contains(person) && facts.SeenOf(row) is { Outcome: "Added" } seen
            && (seen.PersonId is null || (seen.PersonId != person && facts.Record.Calls.Any(call => call.Kind == CallKind.Import))));

    // Others put the person on the list just before the push, or took the person off and put it on again after it. Nothing tells either.
    private static bool WasPutOnUnseen(Facts facts, long person, int before)
    {
        var edits = EditsOf(facts, person, before);
        int ended = facts.Record.Processes[^1].HistoryTo;
        var own = edits.Where(edit => edit.Actor == Actor.Product && edit.Deed == Deed.AddToList && edit.Number >= facts.Record.HistoryFrom && edit.Number < ended).ToArray();
        if (own.Length == 0) return false;

        // An extract that lags did not show the person.
        if (!own[^1].ChangedList && facts.ReadsLate) return true;
        if (own.Any(edit => edit.ChangedList)) return edits.Last(edit => edit.ChangedList) is { Actor: Actor.Others, Deed: Deed.AddToList };
        if (edits.LastOrDefault(edit => edit.ChangedList && edit.Number < own[0].Number) is not { Actor: Actor.Others, Deed: Deed.AddToList } others) return false;

        // Others put the person on the list after an earlier process had read it.
        bool isReadBefore = facts.Record.Calls.LastOrDefault(call => call is { Kind: CallKind.ReadList or CallKind.ExportFile, IsAnswered: true } && call.At < own[0].At)?.At < others.At;
        return (isReadBefore || !facts.Known.Contains(person))
            && (facts.Record.World.Scenario.Habits.SaysAddedToMembers || facts.HasLost(CallKind.Add) || facts.WasCutShort || facts.Record.Calls.Any(call => call.Kind == CallKind.Import));
    }

    // The push was about to add the person, or had done so and did not hear it. The list alone tells what happened, and others did it.
    private static bool WasPutOnUnheard(Facts facts, long person, int before) =>
        EditsOf(facts, person, before).LastOrDefault(edit => edit.ChangedList) is { Actor: Actor.Others, Deed: Deed.AddToList };

    // The push did not live to hear whether its import took the person, and a later one put the person on the list.
    private static bool IsOfLaterPush(Facts facts, long person, int before) => facts.IdentityOf(person) is { } key
        && facts.Rows.Any(row => row.Key == key && facts.SeenOf(row) is { Outcome: "NotDelivered" })
        && EditsOf(facts, person, before).LastOrDefault(edit => edit.ChangedList) is { Actor: Actor.Product, Deed: Deed.AddToList } edit
        && edit.Number >= facts.Record.Processes[^1].HistoryTo;

    // The killed push was undone already, or others took the person off, and a later push put the person on the list again. That stays until the later one
    // is undone: the journal has it that the killed push was about to add the person, and that Marketo told the later one that it did.
    private static bool WasAddedAnew(Facts facts, long person, int before) => IsOfLaterPush(facts, person, before)
        && EditsOf(facts, person, before).Any(edit => edit is { ChangedList: true, Deed: Deed.RemoveFromList } && edit.Number >= facts.Record.HistoryFrom);

    // Others put the person on the list again after the push, or an earlier undoing did, and others took it off.
    private static bool WasTakenOffUnseen(Facts facts, long person, int before) =>
        EditsOf(facts, person, before).LastOrDefault(edit => edit.ChangedList) is { Actor: Actor.Others, Deed: Deed.RemoveFromList };

    private static Happening[] EditsOf(Facts facts, long person, int before) => [.. facts.Record.World.Marketo.History
        .Where(happening => happening.PersonId == person && happening.ListId == facts.Record.ListId && happening.Number < before)];

    // An undoing reads the list back, so its sums, and what the destination counts, must be those of the list.
    private static IEnumerable<Violation> JudgeStatus(DayRecord record, Observation seen, bool isCounted)
    {
        int listed = record.World.Marketo.Lists[record.ListId].Count;
        if (seen.State == "Completed" && !seen.IsVerified) yield return Of(record, "undo-unverified", "the list was read back, and the status does not say so");
        if (seen.Sums["Received"] != seen.Sums["Activated"] + seen.Sums["Excluded"] + seen.Sums["Failed"]) yield return Of(record, "undo-sums", "the sums do not agree");
        if (seen.List is { After: { } after } && after != listed) yield return Of(record, "undo-receipt", $"the receipt counts {after} people, and the list has {listed}");
        if (isCounted && seen.Members is { } members && members != listed && !record.Processes.Any(process => process.Run.Start == ProcessStart.MoveAndResume))
            yield return Of(record, "undo-members", $"the destination counts {members} people, and the list has {listed}");
    }

    // People that the push added or removed and nobody else has edited since, other pushes apart, and whether they were on the list before.
    private static IEnumerable<(long Id, bool WasOn)> Edited(DayRecord record, int before)
    {
        var own = record.Processes.Where(process => process.Id == record.Seen!.Id).ToArray();

        // What is under way when a push is given up ends before it is undone, and before another push begins.
        var ended = own[^1].StartedAt + own[^1].End.Took + TimeSpan.FromMinutes(record.Day.UndoesUnfinished ? 30 : 0);
        var history = record.World.Marketo.History.Skip(own[0].HistoryFrom).TakeWhile(happening => happening.Number < own[^1].HistoryTo || (happening.Number < before && happening.At < ended))
            .Where(happening => happening.ListId == record.ListId && happening.ChangedList).ToLookup(happening => happening.PersonId);
        foreach (var person in history)
        {
            var deeds = person.ToArray();
            var last = record.World.Marketo.History.Last(happening => happening.PersonId == person.Key && happening.ListId == record.ListId && happening.ChangedList && happening.Number < before);
            if (last.Actor == Actor.Product && deeds.FirstOrDefault(deed => deed.Actor == Actor.Product) is { } first) yield return (person.Key, first.Deed == Deed.RemoveFromList);
        }
    }

    private static Violation Of(DayRecord record, string kind, string text) => new(kind, record.Number, text);
}
