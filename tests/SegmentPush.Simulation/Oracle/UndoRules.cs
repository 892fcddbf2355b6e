using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>Undoing puts the membership back as it was before the push, and leaves alone what others have done since.</summary>
internal static class UndoRules
{
    /// <summary>Judges an undoing.</summary>
    /// <param name="record">The push that was undone.</param>
    /// <param name="before">Who was on the list before the undoing.</param>
    /// <param name="end">How it ended.</param>
    public static IEnumerable<Violation> Judge(DayRecord record, IReadOnlySet<long> before, ProcessEnd end)
    {
        var world = record.World;
        if (end.Crash is { } crash) yield return Of(record, "crash-" + crash, $"undoing ended with {crash}");

        // Without a destination nobody may know who was on the list before.
        bool mayRefuse = world.Scenario.Target.Mode is null;
        if (end.ErrorId is { } error && !(mayRefuse && error == "NotUndoable")) yield return Of(record, "undo-" + error, $"undoing ended with {error}");
        if (end.ErrorId is not null) yield break;
        if (end.State != "Completed") yield return Of(record, "undo-" + end.State, $"undoing ended as {end.State}");
        var expected = new SortedSet<long>(before);
        foreach (var (id, wasOn) in Edited(record))
        {
            if (wasOn && world.Marketo.People.ContainsKey(id)) expected.Add(id);
            if (!wasOn) expected.Remove(id);
        }

        foreach (long id in world.Marketo.Lists[record.ListId].Except(expected)) yield return Of(record, "undo-surplus", $"person {id} was not on the list before the push, and is after undoing it");
        foreach (long id in expected.Except(world.Marketo.Lists[record.ListId]))
        {
            if (!record.Day.RefusedRemovals.Any()) yield return Of(record, "undo-missing", $"person {id} was on the list before the push, and is not after undoing it");
        }
    }

    // People whom the push put on the list or took off it, and whether they were on it before.
    private static IEnumerable<(long Id, bool WasOn)> Edited(DayRecord record)
    {
        var own = record.Processes.Where(process => process.Id == record.Seen!.Id).ToArray();
        var history = record.World.Marketo.History.Skip(own[0].HistoryFrom).Take(own[^1].HistoryTo - own[0].HistoryFrom)
            .Where(happening => happening.ListId == record.ListId && happening.ChangedList).ToLookup(happening => happening.PersonId);
        foreach (var person in history)
        {
            var deeds = person.ToArray();
            if (deeds[^1].Actor == Actor.Product) yield return (person.Key, deeds.First(deed => deed.Actor == Actor.Product).Deed == Deed.RemoveFromList);
        }
    }

    private static Violation Of(DayRecord record, string kind, string text) => new(kind, record.Number, text);
}
