using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Running;

namespace SegmentPush.Simulation.Oracle;

/// <summary>Nobody is created twice, and nobody without leave.</summary>
internal static class PersonRules
{
    public static IEnumerable<Violation> Judge(Facts facts)
    {
        var record = facts.Record;
        var created = facts.DayHistory.Where(happening => happening is { Actor: Actor.Product, Deed: Deed.Create }).ToArray();
        if (created.Length > 0 && !facts.Target.Creates) yield return new Violation("created-without-leave", record.Number, $"{created.Length} people were created");
        foreach (var same in record.World.Marketo.People.Values.GroupBy(person => IdentityKey.Of(facts.Target.Identity, person[record.World.IdentityField] ?? string.Empty)))
        {
            if (same.Key is null || same.Count() < 2) continue;
            if (same.Any(person => IsMadeByProduct(record.World.Marketo, person)) && !same.Any(person => WasRenamed(record.World.Marketo, person)))
                yield return new Violation("duplicate-person", record.Number, $"{same.Count()} people have the identity {same.Key}");
        }
    }

    // Also by a call or an import of an earlier push that was still under way.
    private static bool IsMadeByProduct(Instance marketo, Person person) =>
        marketo.History.Any(happening => happening is { Actor: Actor.Product, Deed: Deed.Create } && happening.PersonId == person.Id);

    private static bool WasRenamed(Instance marketo, Person person) =>
        marketo.History.Any(happening => happening is { Actor: Actor.Others, Deed: Deed.Rename } && happening.PersonId == person.Id);
}
