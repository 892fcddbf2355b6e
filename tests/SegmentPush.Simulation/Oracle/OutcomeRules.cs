using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>What must have become of each row, and of people without a row.</summary>
internal static class OutcomeRules
{
    public static IEnumerable<Violation> Judge(Facts facts)
    {
        foreach (var row in facts.Rows)
        {
            if (facts.SeenOf(row) is not { } seen) continue;
            if (row.Key is not null && facts.IsTouchedDuringPush(row))
            {
                if (IsLeftOut(facts, row, seen)) yield return Of(facts, "outcome-left-out", $"{row} is {seen.Outcome} ({seen.Code}), though the push creates people, and others edited its person once");
                continue;
            }

            var allowed = row switch
            {
                { IsAtFault: true } => ["Rejected"],

                // A call can't look up an identity with a comma, so that each row with it is at fault.
                { IsDuplicate: true } => row.IsOdd ? ["Duplicate", "Rejected"] : ["Duplicate"],
                { IsIn: true } => In(facts, row),
                _ => Out(facts, row),
            };
            if (!allowed.Contains(seen.Outcome))
                yield return Of(facts, $"outcome-{seen.Outcome}", $"{row} is {seen.Outcome} ({seen.Code}) and should be {string.Join(" or ", allowed)}");
            else if (row is { Counts: true, IsIn: true } && seen.Outcome is "Added" or "AlreadyMember" && WhyWrongChange(facts, row, seen) is { } change)
                yield return Of(facts, $"change-{seen.Change}", $"{row} is {seen.Change} and should be {change}");
        }

        foreach (var violation in Leavers(facts)) yield return violation;
    }

    // If others delete a person once in the middle of a push that creates people, or give the person another identity, the person of the row is created.
    private static bool IsLeftOut(Facts facts, ExpectedRow row, PersonSeen seen) => row is { Counts: true, IsIn: true, IsOdd: false, IsRefused: false, IsAtFault: false }
        && facts.Target is { Creates: true, HashesIdentities: false } && seen.Outcome is "Unmatched" or "Rejected"
        && facts.Record.Processes.SelectMany(process => process.Faults.SelectMany(fault => fault.Edits).Concat(process.Run.Edits)).ToArray() is [{ Kind: EditKind.Delete or EditKind.Rename }];

    private static List<string> In(Facts facts, ExpectedRow row)
    {
        var allowed = new List<string>();
        var named = facts.Named(row.Key!);
        bool isWriting = facts.Target.Creates || facts.Target.Updates;
        if (row.IsOdd || (row.IsRefused && isWriting)) allowed.Add("Rejected");

        // Who has the identity of somebody that others have deleted can't be looked up where the journal keeps hashes.
        if (facts.Target.HashesIdentities && named.Count == 0 && facts.Record.Calls.Any(call => call.Kind == CallKind.Import)) allowed.Add("Rejected");
        if (named.Count == 0 || (!facts.Target.Creates && (facts.IsTouched(row) || facts.IsOnlyRemembered(row.Key!)))) allowed.Add("Unmatched");
        if (facts.IsTouchedUnseen(row)) allowed.AddRange(["Added", "AlreadyMember", "Unmatched"]);
        if (named.Count == 0 && (facts.IsFormerMember(row) || facts.IsUnheard(row) || IsFormerOnList(facts, row))) allowed.Add("AlreadyMember");
        if (named.Count == 0 && !facts.IsUnchanged(row, certainly: false)) return allowed;

        var edits = facts.Done(row, Deed.AddToList).Where(happening => happening.ListId == facts.Record.ListId).ToArray();
        bool wasAdded = edits.Any(happening => happening.ChangedList), wasOn = named.Any(facts.Before.Contains);
        bool isKnown = named.Any(facts.Known.Contains) || named.Count == 0;
        if (wasAdded) allowed.Add("Added");

        // An import, and Marketo's answer to an addition, may not tell who was there before.
        else if (edits.Length > 0 && (!isKnown || IsKnownByAnotherIdentity(facts, row) || IsIdUntold(facts, row) || edits.All(happening => IsUntoldMember(facts, happening.PersonId)))) allowed.Add("Added");

        // An undo has put the person back, and knows the id alone where an extract that lags did not show the person. A push that ends before its reading learns no more.
        else if (edits.Length > 0 && facts.ReadsLate && facts.Seen.State != "Completed" && facts.Record.Calls.Any(call => call.Kind == CallKind.Import)
            && named.Any(id => facts.Memory.IsFormer(row.Key!, id))) allowed.Add("Added");
        if (!wasAdded || (facts.HasLostAnswers && !facts.IsDestination) || facts.IsTouched(row)) allowed.Add("AlreadyMember");
        if (wasAdded && ((facts.HasLostAnswers && (!facts.IsDestination || facts.HasOtherPush)) || (facts.HasUnaccountedImport && !facts.IsDestination) || IsResumedLate(facts))) allowed.Add("AlreadyMember");

        // Others deleted a person that the push had put on the list. A resume creates the person anew, and takes it for the member.
        if (wasAdded && facts.HasLostAnswers && facts.DayHistory.Any(happening => happening is { Actor: Actor.Others, Deed: Deed.Delete })) allowed.Add("AlreadyMember");

        // An import does not tell that it added a person that the destination took for a member, by the identity or by the id.
        if (facts.Record.Calls.Any(call => call.Kind == CallKind.Import) && (facts.Memory.People.ContainsKey(row.Key!) || named.Any(facts.Known.Contains))) allowed.Add("AlreadyMember");
        if (IsTakenForFormer(facts, row)) allowed.Add("AlreadyMember");
        if (IsHiddenByRename(facts, row) || (edits.Length > 0 && IsPutBackUnseen(facts, named))) allowed.Add("Added");

        // The list gains one person, which counts once.
        if (wasAdded && facts.Rows.Any(other => other is { Counts: true, IsIn: true } && other.Key != row.Key && facts.SeenOf(other) is { Outcome: "Added" } && facts.Named(other.Key!).Intersect(named).Any())) allowed.Add("AlreadyMember");

        // So it does where a delta puts the person back as another member, and the row leads to the person by the identity of now.
        if (wasAdded && facts.Seen.People.Any(person => person is { Source: "static list", Outcome: "Added", PersonId: { } id } && named.Contains(id))) allowed.Add("AlreadyMember");
        if (facts.IsKnownAndGone(row)) allowed.Add("AlreadyMember");
        else if (!wasOn && !isKnown && !named.Any(id => facts.Memory.IsFormer(row.Key!, id)) && !wasAdded && edits.Length == 0 && !facts.IsTouched(row)) allowed.Remove("AlreadyMember");
        if (facts.IsMoved || facts.IsTouched(row) || named.Any(facts.AddedEarlier.Contains)) allowed.AddRange(["Added", "AlreadyMember"]);
        return allowed;
    }

    // A reading may have shown the person by the identity of the row, before others gave the person another one in the middle of that push.
    private static bool IsFormerOnList(Facts facts, ExpectedRow row) => facts.IsDestination && facts.Memory.Former.Any(former => former.Key == row.Key && facts.Record.After.Contains(former.Id));

    // A resume takes a person that an extract did not show, because it lags, for a member.
    private static bool IsResumedLate(Facts facts) => facts.ReadsLate && facts.Record.Processes.Count > 1;

    // An import tells no id, and where the list is not read nobody learns that it is a member by another identity. A destination keeps one identity for
    // each member: the one by which a segment has named it. Also where a reading before has shown the present one, that one is not the key.
    private static bool IsKnownByAnotherIdentity(Facts facts, ExpectedRow row) =>
        !facts.Verifies && facts.Record.Calls.Any(call => call.Kind == CallKind.Import)
        && (!facts.Memory.People.TryGetValue(row.Key!, out var known)
            || (!known.IsNamed && facts.Memory.People.Any(other => other.Key != row.Key && other.Value is { Id: { } id } && id == known.Id)));

    // Or for a member who has another identity by now: who came in its place was taken off by an undo, and the destination still knows that member by the identity.
    // So it does where others have deleted the member since the list was read.
    private static bool IsTakenForFormer(Facts facts, ExpectedRow row) => !facts.Verifies && facts.Record.Calls.Any(call => call.Kind == CallKind.Import)
        && facts.Memory.Former.Any(former => former.Key == row.Key && (facts.Record.Before.Contains(former.Id) || facts.Known.Contains(former.Id)) && facts.IdentityOf(former.Id) != row.Key);

    // The member has another identity by now, an import of an earlier day has created another person, and an extract that lags did not show that one.
    private static bool IsHiddenByRename(Facts facts, ExpectedRow row) => facts.ReadsLate && facts.Record.Calls.Any(call => call.Kind == CallKind.Import)
        && facts.Memory.Former.Any(former => former.Key == row.Key && facts.IdentityOf(former.Id) != row.Key);

    // Others put the person on the list just before the push. An extract that lags did not show it, so that the push put the person back, and Marketo's
    // answer to an addition may not tell who was there before.
    private static bool IsPutBackUnseen(Facts facts, IReadOnlyList<long> named) =>
        facts.ReadsLate && Facts.EditedJustBefore(facts.Record, Deed.AddToList).Any(named.Contains);

    // An import of an earlier day may have created another person than the member with this identity, and told no id.
    private static bool IsIdUntold(Facts facts, ExpectedRow row) => facts.Memory.People.TryGetValue(row.Key!, out var known) && !known.IsIdTold;

    // An import put the person on the list by an identity that others have changed since, and no reading has told the id.
    private static bool IsUntoldMember(Facts facts, long person) =>
        facts.Memory.People.Values.Where(known => known.Id == person).ToArray() is [_, ..] same && same.All(known => !known.IsIdTold);

    private static List<string> Out(Facts facts, ExpectedRow row)
    {
        var edits = facts.Done(row, Deed.RemoveFromList).Concat(facts.DoneToFormer(row, Deed.RemoveFromList)).Where(happening => happening.ListId == facts.Record.ListId).ToArray();
        bool wasRemoved = edits.Any(happening => happening.ChangedList);
        List<string> allowed = wasRemoved ? ["Removed"] : ["NotMember", "Unmatched"];

        // A late call of another push has taken the person off.
        if (wasRemoved && facts.HasOtherPush && facts.HasLostAnswers) allowed.Add("NotMember");

        // The row's own person is gone, and the others with the identity leave as people of the list.
        if (wasRemoved && edits.Where(happening => happening.ChangedList).All(happening => facts.Seen.People.Any(person => person is { Source: "static list", Outcome: "Removed" } && person.PersonId == happening.PersonId))) allowed.Add("NotMember");

        // Others may have deleted the person meanwhile, so that only the destination knows who it was.
        var meant = facts.Named(row.Key!).Concat(facts.Memory.People.TryGetValue(row.Key!, out var member) && member.Id is { } id ? [id] : []);
        if (facts.HasLost(CallKind.Remove) || meant.Any(facts.IsRemovalInDoubt)) allowed.Add("Removed");

        // The list loses one person, which counts once.
        if (facts.Rows.Any(other => other is { Counts: true, IsIn: false } && other.Key != row.Key && facts.Named(other.Key!).Intersect(facts.Named(row.Key!)).Any())) allowed.Add("NotMember");

        // So it does where the person has the identity of the other row by now, and left with that row.
        if (facts.DoneToFormer(row, Deed.RemoveFromList).Any(gone => facts.Rows.Any(other => other is { Counts: true, IsIn: false } && other.Key != row.Key && other.Key == facts.IdentityOf(gone.PersonId)))) allowed.Add("NotMember");

        // Or the destination knew the person by the identity of the other row.
        if (facts.Rows.Any(other => other is { Counts: true, IsIn: false } && other.Key != row.Key && facts.Memory.People.TryGetValue(other.Key!, out var former) && former.Id is { } gone && facts.Named(row.Key!).Contains(gone))) allowed.Add("NotMember");

        // Marketo refuses by the identity that the person has now.
        var present = meant.Concat(facts.Memory.Former.Where(former => former.Key == row.Key).Select(former => former.Id)).Select(facts.IdentityOf).Append(row.Key);
        if (row.IsOdd || facts.Record.Day.RefusedRemovals.Any(refused => present.Contains(IdentityKey.Of(facts.Target.Identity, refused)))) allowed.Add("Rejected");
        if (facts.IsTouched(row)) allowed.AddRange(["Removed", "NotMember"]);
        if (facts.Named(row.Key!).Any(id => facts.Rows.Any(other => other is { Counts: true, IsIn: true } && facts.Named(other.Key!).Contains(id))))
            allowed.AddRange(["NotMember", "AlreadyMember", "Duplicate"]);
        return allowed;
    }

    private static string? WhyWrongChange(Facts facts, ExpectedRow row, PersonSeen seen)
    {
        if (facts.IsTouchedUnseen(row)) return null;
        bool isCreated = facts.Done(row, Deed.Create).Any(), isSent = facts.Done(row, Deed.Write).Any();
        bool isWritten = facts.Done(row, Deed.Write).Any(happening => happening.Values.Keys.Any(facts.Target.Fields.Contains));
        var allowed = new List<string> { isCreated ? "Created" : isWritten ? "Updated" : "Unchanged" };
        bool isVague = facts.HasLostAnswers || facts.IsTouched(row) || IsResumedLate(facts);
        if (!facts.Seen.ChangesAreKnown || isVague) allowed.Add("Unknown");

        // A status that says that changes are known tells who was created, unless others have changed who has the identity.
        if (isCreated && (facts.IsTouched(row) || (isVague && !facts.Seen.ChangesAreKnown))) allowed.AddRange(["Updated", "Unchanged"]);
        if (isCreated && isWritten) allowed.Add("Updated");

        // An import, or a late call, of an earlier push may have created the person while this push waited for it.
        if (isCreated && (facts.Named(row.Key!).Any(facts.AddedEarlier.Contains) || (facts.HasOtherPush && facts.HasLost(CallKind.Sync)))) allowed.AddRange(["Updated", "Unchanged", "Unknown"]);

        // Or have written once more what a push between the two had written, as a late call of a killed push does.
        if (isWritten && (facts.HasImportOfAnotherPush || (facts.HasOtherPush && facts.HasLost(CallKind.Sync)))) allowed.Add("Unchanged");

        // Another row has written the same person, and this one nothing.
        bool IsWrittenByAnother() => facts.Rows.Any(other => other is { Counts: true, IsIn: true } && other.Key != row.Key && facts.Named(other.Key!).Intersect(facts.Named(row.Key!)).Any());
        if ((row.Values.Count == 0 || facts.IsUnchanged(row, certainly: false)) && IsWrittenByAnother()) allowed.Add("Unchanged");

        // Nothing but the identity was sent, which both words fit.
        if (isSent && !isWritten) allowed.Add("Updated");
        if (facts.Target.Delivery != DeliveryKind.Sync) allowed.Add(isWritten || facts.Done(row, Deed.AddToList).Any() ? "Updated" : "Unchanged");
        return allowed.Contains(seen.Change) ? null : string.Join(" or ", allowed);
    }

    // In a mirror, people who leave have no row: there is one Removed for each person that the push removed.
    private static IEnumerable<Violation> Leavers(Facts facts)
    {
        var seen = facts.Seen.People.Where(person => person.Source == "static list").ToArray();
        foreach (var person in seen.Where(person => person.PersonId is not null && person.Outcome == "Removed"))
        {
            if (!facts.Of(person.PersonId!.Value).Any(happening => happening is { Actor: Actor.Product, Deed: Deed.RemoveFromList, ChangedList: true }) && !facts.Touched.Contains(person.PersonId.Value) && !facts.IsRemovalInDoubt(person.PersonId.Value))
                yield return Of(facts, "outcome-Removed", $"person {person.PersonId} is Removed, and the push did not remove the person");
        }

        // Others may have put the person on the list again before a resume, which took the person off once more: the sums of the list count both removals.
        int RemovalsOf(long id) => facts.Of(id).Count(happening => happening is { Actor: Actor.Product, Deed: Deed.RemoveFromList, ChangedList: true } && happening.ListId == facts.Record.ListId);
        foreach (var same in seen.Where(person => person.PersonId is not null && person.Outcome == "Removed").GroupBy(person => person.PersonId!.Value).Where(same => same.Count() > Math.Max(1, RemovalsOf(same.Key))))
            yield return Of(facts, "outcome-Removed", $"person {same.Key} is Removed {same.Count()} times");

        if (facts.Target.Mode != Mode.Mirror) yield break;
        var removed = facts.History
            .Where(happening => happening is { Actor: Actor.Product, Deed: Deed.RemoveFromList, ChangedList: true } && happening.ListId == facts.Record.ListId)
            .Select(happening => happening.PersonId).Where(id => !facts.Touched.Contains(id)).ToHashSet();
        int told = seen.Count(person => person.Outcome == "Removed");
        if (facts.Touched.Count > 0 || facts.HasLostAnswers || told == removed.Count || facts.Record.Processes.Any(process => process.Id != facts.Seen.Id)) yield break;
        yield return Of(facts, "outcome-Removed", $"{told} people are Removed, and {removed.Count} were taken off");
    }

    private static Violation Of(Facts facts, string kind, string text) => new(kind, facts.Record.Number, text);
}
