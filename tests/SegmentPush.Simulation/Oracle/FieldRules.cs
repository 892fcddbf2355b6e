using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>What must have been written of each person, and what must not.</summary>
internal static class FieldRules
{
    public static IEnumerable<Violation> Judge(Facts facts) => [.. Wrong(facts), .. Unwritten(facts), .. Unneeded(facts)];

    private static IEnumerable<Violation> Unwritten(Facts facts)
    {
        foreach (var row in facts.Rows.Where(row => row is { Counts: true, IsIn: true } && row.Values.Count > 0))
        {
            if (facts.SeenOf(row) is not { Outcome: "Added" or "AlreadyMember" } || facts.IsTouchedDuringPush(row)) continue;
            if (facts.IsTouchedUnseen(row) && facts.Named(row.Key!).Count == 0) continue;
            if (IsOfLeaver(facts, row)) continue;

            // Others may have given a person that another row has created the identity of this row.
            bool isCreated = facts.DoneOnDay(row, Deed.Create).Any(happening =>
                IdentityKey.Of(facts.Target.Identity, happening.Values.GetValueOrDefault(facts.Record.World.IdentityField) ?? string.Empty) == row.Key);
            if ((!facts.Target.Updates && !isCreated) || facts.IsUnchanged(row, certainly: false)) continue;
            var sent = facts.DoneOnDay(row, Deed.Create, Deed.Write).ToArray();
            foreach (var (field, value) in row.Values)
            {
                // A wrong value is told as that.
                if (!sent.Any(happening => happening.Values.GetValueOrDefault(field) is not null) && !(facts.Memory.IsVague && Holds(facts, row, field, value)))
                    yield return Of(facts, "fields-unwritten", $"{row}: the field {field} was not written");
            }
        }
    }

    // The destination knew another person by the identity, who leaves with this push because somebody else has the identity by now. The next push writes the fields.
    private static bool IsOfLeaver(Facts facts, ExpectedRow row) => facts.SeenOf(row) is { PersonId: { } id } && !facts.Record.After.Contains(id)
        && facts.IdentityOf(id) != row.Key && facts.Named(row.Key!).Any(other => other != id && facts.IdentityOf(other) == row.Key);

    // One of several pushes that did not complete may have written it on an earlier day.
    private static bool Holds(Facts facts, ExpectedRow row, string field, string value) => facts.Named(row.Key!)
        .Any(id => facts.Record.World.Marketo.People.TryGetValue(id, out var person) && Facts.IsSame(field, value, person[field]));

    // What the destination certainly knows to be as it was sent costs no call.
    private static IEnumerable<Violation> Unneeded(Facts facts)
    {
        foreach (var row in facts.Rows.Where(row => row is { Counts: true, IsIn: true }))
        {
            if (!facts.IsUnchanged(row, certainly: true) || facts.IsTouched(row)) continue;

            // After a push that was left unfinished the list is read first, and lacks somebody that others took off.
            if (facts.Record.Processes.Count > 1 && !facts.Named(row.Key!).Any(facts.Record.Before.Contains)) continue;
            bool isNamedTwice = facts.Rows.Any(other => other.Counts && other.Key != row.Key && facts.Named(other.Key!).Intersect(facts.Named(row.Key!)).Any());
            if (!isNamedTwice && !CallRules.IsInMembersPlace(facts, row) && facts.Done(row, Deed.Create, Deed.Write).Any()) yield return Of(facts, "written-unchanged", $"{row} was written again, and has not changed");
        }
    }

    // An empty cell leaves its field, people who are to be kept stay, and nobody gets what no row says.
    private static IEnumerable<Violation> Wrong(Facts facts)
    {
        foreach (var happening in facts.DayHistory.Where(happening => happening is { Actor: Actor.Product, Deed: Deed.Create or Deed.Write }))
        {
            if (happening.Deed == Deed.Write && !facts.Target.Updates && happening.Values.Keys.Any(facts.Target.Fields.Contains)
                && !facts.DayHistory.Any(other => other is { Actor: Actor.Product, Deed: Deed.Create } && other.PersonId == happening.PersonId)
                && !IsFoundByImportAlone(facts, happening))
            {
                yield return Of(facts, "fields-kept", $"fields of person {happening.PersonId} were written, who was to be left alone");
            }

            var rows = facts.Rows.Where(row => row.Counts && facts.Named(row.Key!).Contains(happening.PersonId)).ToArray();
            foreach (var (field, value) in happening.Values.Where(pair => facts.Target.Fields.Contains(pair.Key)))
            {
                if (value is null) yield return Of(facts, "fields-cleared", $"the field {field} of person {happening.PersonId} was cleared");
                else if (rows.Length > 0 && !rows.Any(row => row.Values.TryGetValue(field, out string? wanted) && Facts.IsSame(field, value, wanted)))
                    yield return Of(facts, "fields-wrong", $"the field {field} of person {happening.PersonId} got a value that no row has");
            }
        }
    }

    // Others gave the person the row's identity after the lookup and before the import, which updates everybody that it finds.
    private static bool IsFoundByImportAlone(Facts facts, Happening write)
    {
        var import = facts.Record.Calls.LastOrDefault(call => call is { Kind: CallKind.Import, IsExecuted: true } && call.At <= write.At);
        var lookup = import is null ? null : facts.Record.Calls.LastOrDefault(call => call is { Kind: CallKind.Lookup, IsExecuted: true } && call.Process == import.Process && call.At < import.At);
        return lookup is not null && facts.DayHistory.Any(happening => happening is { Actor: Actor.Others, Deed: Deed.Create or Deed.Rename }
            && happening.PersonId == write.PersonId && happening.At > lookup.At && happening.At <= write.At);
    }

    private static Violation Of(Facts facts, string kind, string text) => new(kind, facts.Record.Number, text);
}
