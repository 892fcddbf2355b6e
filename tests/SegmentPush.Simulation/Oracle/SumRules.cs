using System.Globalization;
using SegmentPush.Simulation.Running;

namespace SegmentPush.Simulation.Oracle;

/// <summary>Received = activated + excluded + failed, and every row has one outcome.</summary>
internal static class SumRules
{
    private const string List = "static list";

    public static IEnumerable<Violation> Judge(Facts facts)
    {
        var sums = facts.Seen.Sums;
        if (sums["Received"] != sums["Activated"] + sums["Excluded"] + sums["Failed"])
            yield return Of(facts, "sums", $"received {sums["Received"]}, activated {sums["Activated"]}, excluded {sums["Excluded"]}, failed {sums["Failed"]}");
        if (sums["Received"] != facts.Seen.People.Count)
            yield return Of(facts, "sums", $"received {sums["Received"]} and {facts.Seen.People.Count} outcomes");
        if (sums["NotDelivered"] != 0) yield return Of(facts, "sums", $"completed with {sums["NotDelivered"]} people not delivered");
        foreach (var outcome in facts.Seen.People.CountBy(person => person.Outcome))
        {
            if (sums.GetValueOrDefault(outcome.Key) != outcome.Value) yield return Of(facts, "sums", $"{sums.GetValueOrDefault(outcome.Key)} {outcome.Key}, and {outcome.Value} people have this outcome");
        }

        var expected = facts.Rows.Select(row => (row.Source, row.Number)).ToHashSet();
        foreach (var row in facts.Rows)
        {
            int count = facts.SeenRows[(row.Source, row.Number)].Count();
            if (count != 1) yield return Of(facts, "rows", $"{row} has {count} outcomes");
        }

        foreach (var person in facts.Seen.People)
        {
            bool isKnown = person.Source == List ? facts.IsDestination : expected.Contains((person.Source, person.Row));
            if (!isKnown) yield return Of(facts, "rows", string.Create(CultureInfo.InvariantCulture, $"{person.Source} row {person.Row} is no row of the segment"));
        }
    }

    private static Violation Of(Facts facts, string kind, string text) => new(kind, facts.Record.Number, text);
}
