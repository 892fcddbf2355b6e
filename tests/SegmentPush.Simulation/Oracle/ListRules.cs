using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>Who must be on the list after a push, and who must not.</summary>
internal static class ListRules
{
    public static IEnumerable<Violation> Judge(Facts facts) =>
        [.. Missing(facts), .. Lost(facts), .. Surplus(facts), .. PutByFault(facts), .. Second(facts), .. NotExited(facts)];

    // Every person that a row puts on the list.
    private static IEnumerable<Violation> Missing(Facts facts)
    {
        foreach (var row in facts.Rows.Where(row => row is { Counts: true, IsIn: true, IsOdd: false }))
        {
            var named = facts.Named(row.Key!);
            if (named.Count == 0 || named.Any(facts.Record.After.Contains) || facts.IsTouchedDuringPush(row)) continue;

            // A refused row puts nobody on the list who was off it, or had another identity, when the push read the list first.
            if (row.IsRefused && !named.Any(id => facts.Record.Before.Contains(id) && facts.BeforeReading.Contains(id) && !facts.IsRenamedBeforeReading(id) && !(facts.Record.Day.Resync && IsExcused(facts, id)))) continue;

            // The push took the person off, and others have given the person the identity of the refused row since.
            if (row.IsRefused && named.All(id => IsRenamedSinceRemoval(facts, id))) continue;

            // Others had put the person there, of which the destination did not know, and have taken the person off.
            if (row.IsRefused && facts.Memory.IsSeeded && named.All(id => !facts.Known.Contains(id) && IsExcused(facts, id))) continue;
            if (facts.IsKnownAndGone(row)) continue;

            // An import does not tell that its person is the one that an exit names by the present identity.
            if (facts.Record.Calls.Any(call => call.Kind == CallKind.Import) && !facts.Verifies && named.All(id => HasExit(facts, row.Key!, id))) continue;

            // Nobody knows whether an import that lost rows used the identity for somebody else, so that nobody is put on the list by the id of before.
            if (row.IsRefused && facts.HasUnaccountedImport && named.All(id => IsExcused(facts, id))) continue;
            if ((!facts.Verifies || facts.ReadsLate) && named.Any(id => IsExcused(facts, id))) continue;
            if (!facts.Target.Creates && (facts.IsTouched(row) || facts.IsOnlyRemembered(row.Key!))) continue;
            yield return Of(facts, "list-missing", $"{row} names somebody who is not on the list");
        }

        // Where people are created, there is somebody for each row, or a member that had the identity, and that nothing has shown to have another one by now.
        foreach (var row in facts.Rows.Where(row => row is { Counts: true, IsIn: true, IsOdd: false, IsRefused: false }))
        {
            if (facts.Target.Creates && facts.Named(row.Key!).Count == 0 && !facts.IsTouchedDuringPush(row) && !facts.IsTouchedUnseen(row) && !facts.IsFormerMember(row) && !facts.IsUnheard(row) && !facts.IsUnchanged(row, certainly: false))
                yield return Of(facts, "list-missing", $"{row} names somebody who was not created");
        }
    }

    private static bool IsRenamedSinceRemoval(Facts facts, long id) =>
        facts.DayHistory.LastOrDefault(happening => happening.PersonId == id && happening.ListId == facts.Record.ListId && happening.ChangedList)
            is { Actor: Actor.Product, Deed: Deed.RemoveFromList } removal
        && facts.DayHistory.Any(happening => happening.PersonId == id && happening.Deed == Deed.Rename && happening.Number > removal.Number);

    // When others remove a known member, only reading the list finds it.
    private static bool IsExcused(Facts facts, long id) =>
        facts.DayHistory.Any(happening => happening.PersonId == id && happening is { Actor: Actor.Others, Deed: Deed.RemoveFromList or Deed.Delete, ListId: var list } && (list == facts.Record.ListId || list == 0))
        || (facts.IsDestination && (facts.Known.Contains(id) || facts.Memory.Former.Any(former => former.Id == id)) && !facts.Record.Before.Contains(id));

    // People who were on the list, and neither a row nor the mode removes them.
    private static IEnumerable<Violation> Lost(Facts facts)
    {
        foreach (long id in facts.Record.Before.Where(id => !facts.Record.After.Contains(id) && !facts.Touched.Contains(id)))
        {
            bool mayLeave = facts.Target.Mode switch
            {
                Mode.Mirror => !facts.NamedInAnyWay.Contains(id) || IsReplaced(facts, id) || IsNamedByPassingIdentity(facts, id),
                Mode.Delta => facts.Rows.Any(row => row is { Counts: true, IsIn: false } && (facts.Named(row.Key!).Contains(id) || facts.Memory.IsFormer(row.Key!, id)))
                    && !facts.Rows.Any(row => row is { Counts: true, IsIn: true } && facts.Named(row.Key!).Contains(id) && !IsGiven(facts, row.Key!, id) && !IsExitedByName(facts, row.Key!, id)),
                _ => false,
            };
            if (!mayLeave) yield return Of(facts, "list-lost", $"person {id} was on the list, and nothing takes the person off");
        }
    }

    // Another person has the identity by now by which the destination knows this one.
    private static bool IsGiven(Facts facts, string key, long id) => facts.IdentityOf(id) != key && facts.Named(key).Any(other => facts.IdentityOf(other) == key);

    // Another row says by the identity that the person has now that the person has left, and nobody may be created for this one.
    private static bool IsExitedByName(Facts facts, string key, long id) => !facts.Target.Creates && HasExit(facts, key, id);

    private static bool HasExit(Facts facts, string key, long id) => facts.IdentityOf(id) is { } identity && identity != key
        && facts.Rows.Any(row => row is { Counts: true, IsIn: false } && row.Key == identity);

    // A person who has another identity by now gives way to the one with this identity, also where nobody may create that one. A row at fault does not keep
    // a person by an identity of before, where a segment has named the person by the present one since.
    public static bool IsReplaced(Facts facts, long id)
    {
        string? identity = facts.IdentityOf(id);
        var rows = facts.Rows.Where(row => row.Key is not null && facts.Named(row.Key).Contains(id)).ToArray();
        return rows.All(row => row.Key != identity && (!facts.Target.Creates || facts.Named(row.Key!).Any(other => other != id && facts.Record.After.Contains(other))
            || (row.IsAtFault && IsInSegmentOtherwise(facts, row.Key!, id))));
    }

    // A reading once showed the person with the identity of the row, no segment has named the person by it, and the person has another one by now.
    // A destination keeps one identity for each member: the one by which a segment has named it.
    private static bool IsNamedByPassingIdentity(Facts facts, long id) => facts.Memory.People.Values.Any(known => known.IsNamed && known.Id == id)
        && facts.Rows.Where(row => row.Key is not null && facts.Named(row.Key).Contains(id))
            .All(row => facts.IdentityOf(id) != row.Key && facts.Memory.People.TryGetValue(row.Key!, out var known) && !known.IsNamed && known.Id == id);

    // People on the list, and nothing added them.
    private static IEnumerable<Violation> Surplus(Facts facts)
    {
        foreach (long id in facts.Record.After.Where(id => !facts.Touched.Contains(id)))
        {
            bool isRight = facts.Target.Mode == Mode.Mirror
                ? facts.NamedInAnyWay.Contains(id) || IsHeld(facts, id)
                : facts.Record.Before.Contains(id) || facts.NamedInAnyWay.Contains(id) || (facts.Known.Contains(id) && !facts.Memory.RefusedToLeave.Contains(id));

            // Others put the person there before, and the list is not read, or by an extract that lags.
            isRight |= (facts.ReadsLate || !facts.Verifies) && facts.Record.Before.Contains(id) && !facts.Known.Contains(id);

            // The list is not read, and the destination knows the person, without an id, by the identity of the row, which others have changed.
            isRight |= !facts.Verifies && facts.Rows.Any(row => row.Key is not null && facts.Memory.People.TryGetValue(row.Key, out var known) && known.Id == id);

            // The list is not read, and the destination knows somebody else in the place of the person.
            isRight |= !facts.Verifies && facts.Memory.Former.Any(former => former.Id == id);

            // Or only processes that were stopped have read the person, and whether by this identity nobody knows.
            isRight |= !facts.Verifies && facts.Memory.Unheard.Any(unheard => unheard.Id == id);

            // Others took the person off in the middle of the last push, which may have read the list before.
            isRight |= facts.Memory.IsVague && (facts.Memory.People.Values.Any(known => known.Id == id) || facts.Memory.Former.Any(former => former.Id == id));

            // Two members had the identity of a row, and neither has it now: nobody can tell which of them the row means.
            isRight |= facts.Rows.Any(row => row.Key is not null && facts.Memory.IsFormer(row.Key, id) && facts.IsOnlyRemembered(row.Key));

            // A row may name the person by an identity that only a process that was stopped has read.
            isRight |= facts.Rows.Any(row => row.Key is not null && facts.Memory.Unheard.Contains((row.Key, id)) && facts.IsUnheard(row));
            if (!isRight) yield return Of(facts, "list-surplus", $"person {id} is on the list, and nothing puts the person there");
        }
    }

    // Marketo refuses to take some people off.
    private static bool IsHeld(Facts facts, long id) =>
        facts.Record.World.Marketo.People.TryGetValue(id, out var person) && facts.Record.World.Marketo.IsRemovalRefused(person);

    // A row at fault changes nothing for its person: it also puts nobody back that others took off.
    private static IEnumerable<Violation> PutByFault(Facts facts)
    {
        foreach (var added in facts.History.Where(happening => happening is { Actor: Actor.Product, Deed: Deed.AddToList, ChangedList: true } && happening.ListId == facts.Record.ListId))
        {
            var rows = facts.Rows.Where(row => row.Key is not null && facts.Named(row.Key).Contains(added.PersonId)).ToArray();
            if (rows.Length > 0 && rows.All(row => row.IsAtFault) && !facts.Touched.Contains(added.PersonId))
                yield return Of(facts, "list-put-by-fault", $"person {added.PersonId} was put on the list, and only rows at fault name the person");
        }
    }

    // A mirror that reads its list has one person for each row, besides people that Marketo refuses to take off.
    private static IEnumerable<Violation> Second(Facts facts)
    {
        if (facts.Target.Mode != Mode.Mirror || facts.ReadsLate || !facts.Verifies) yield break;
        foreach (var row in facts.Rows.Where(row => row is { Counts: true, IsRefused: false }))
        {
            long[] listed = [.. facts.Named(row.Key!).Where(id => facts.Record.After.Contains(id) && !IsHeld(facts, id))];
            if (listed.Length < 2 || facts.IsTouched(row)) continue;
            long[] alone = [.. listed.Where(id => !IsTwinOfOthers(facts, row.Key!, id) && !facts.Rows.Any(other => other.Key is not null && other.Key != row.Key && facts.Named(other.Key).Contains(id)))];
            if (alone.Length > 1) yield return Of(facts, "list-second", $"{row} has {listed.Length} people on the list");
        }
    }

    // Marketo has two people with the identity, and others put this one on the list, or gave it the identity: the row names both.
    private static bool IsTwinOfOthers(Facts facts, string key, long id) => facts.IdentityOf(id) == key
        && (facts.Record.World.Marketo.History.LastOrDefault(happening => happening.PersonId == id && happening.ListId == facts.Record.ListId && happening.ChangedList)
                is { Actor: Actor.Others, Deed: Deed.AddToList }
            || facts.Record.World.Marketo.History.Any(happening => happening.PersonId == id && happening is { Actor: Actor.Others, Deed: Deed.Rename }));

    // The person has another identity by now, and only a process that was stopped has read the one of before.
    private static bool IsUnheard(Facts facts, string key, long id) => facts.Memory.IsUnheard(key) && facts.IdentityOf(id) != key;

    // Who has left is off the list, however many have the identity, unless another row names them.
    private static IEnumerable<Violation> NotExited(Facts facts)
    {
        foreach (var row in facts.Rows.Where(row => row is { Counts: true, IsIn: false, IsOdd: false } && !facts.IsTouched(row)))
        {
            foreach (long id in facts.Named(row.Key!).Where(facts.Record.After.Contains))
            {
                bool isNamed = facts.Rows.Any(other => other.Key is not null && other.Key != row.Key && facts.Named(other.Key).Contains(id)) || IsInSegmentOtherwise(facts, row.Key!, id);
                if (!isNamed && !IsHeld(facts, id) && !HasComeInPlace(facts, row.Key!, id) && !IsUnheard(facts, row.Key!, id)) yield return Of(facts, "list-not-exited", $"{row} says that its person has left, who is still on the list");
            }
        }
    }

    // The destination knows another member by the identity. Where the list is not read at the end, that one leaves, and who has the identity by now leaves with the next push.
    private static bool HasComeInPlace(Facts facts, string key, long id) => !facts.Verifies && facts.IdentityOf(id) == key
        && facts.Memory.People.TryGetValue(key, out var known) && known is { IsIdTold: true, Id: { } other } && other != id;

    // An earlier segment has named the person by the identity that the person has now.
    private static bool IsInSegmentOtherwise(Facts facts, string key, long id) => facts.IdentityOf(id) is { } identity && identity != key
        && facts.Memory.People.TryGetValue(identity, out var known) && known.IsNamed && known.Id == id;

    private static Violation Of(Facts facts, string kind, string text) => new(kind, facts.Record.Number, text);
}
