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
            if (same.Any(person => created.Any(happening => happening.PersonId == person.Id)) && !same.Any(person => facts.Touched.Contains(person.Id)))
                yield return new Violation("duplicate-person", record.Number, $"{same.Count()} people have the identity {same.Key}");
        }
    }
}
