using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>A mirror that does not look right stops before its first removal.</summary>
internal static class GuardRules
{
    /// <summary>Whether the guard may stop a push.</summary>
    public static bool MayStop(DayRecord record, ProcessRecord process, Memory memory) =>
        ListsBefore(record, process).Any(before => Reasons(record, before, memory, isSure: false, MostMembers(memory)).Any()) || IsListUnknown(record, process);

    // A mirror that does not read its list counts the people that it knows. What others have done since its first push it does not know.
    private static bool IsListUnknown(DayRecord record, ProcessRecord process) => record.World.Scenario.Days.Any(day => !record.World.Scenario.Verifies(day))
        && record.World.Marketo.History.Any(happening => happening.Actor == Actor.Others && happening.At >= record.World.Marketo.Calls[0].At
            && (happening.ListId == process.ListId || happening.Deed is Deed.Rename or Deed.Delete));

    /// <summary>Nobody is taken off by a push that the guard must stop.</summary>
    public static IEnumerable<Violation> Judge(Facts facts)
    {
        var record = facts.Record;
        if (facts.Target.Mode != Mode.Mirror || record.Day.Edits.Count > 0 || facts.Touched.Count > 0) yield break;
        foreach (var process in record.Processes.Where(process => !process.IsForced && process.ListId == record.ListId && !IsListUnknown(record, process)))
        {
            // A removal of another process may run late.
            bool removed = record.Calls.Any(call => call.Kind == CallKind.Remove && call.Process == process.Number) && record.World.Marketo.History.Skip(process.HistoryFrom).Take(process.HistoryTo - process.HistoryFrom)
                .Any(happening => happening is { Actor: Actor.Product, Deed: Deed.RemoveFromList, ChangedList: true });
            var reasons = ListsBefore(record, process).Select(before => Reasons(record, before, facts.Memory, isSure: true, MostMembers(facts, process)).FirstOrDefault()).ToArray();
            if (removed && reasons.All(reason => reason is not null) && reasons[0] is { } reason)
                yield return new Violation("guard-missed", record.Number, $"people were taken off although {reason}");
        }
    }

    // People that have come with pushes that did not complete may not count, however many they are.
    private static int MostMembers(Memory memory) => memory.HasUnfinished ? 1 : int.MaxValue;

    // People of those of the day's pushes that did not complete do not count. Before the first completed push all people on the list do.
    private static int MostMembers(Facts facts, ProcessRecord process) =>
        facts.Memory is { SegmentPeople: not null, IsVague: false } ? facts.Record.BeforeByList[process.ListId].Count : int.MaxValue;

    // A push that comes after others of the day counts the people that it finds, or those that the destination knew before all of them. It also finds people that
    // an import of another push puts on the list until the push reads it.
    private static IReadOnlySet<long>[] ListsBefore(DayRecord record, ProcessRecord process)
    {
        var begun = record.Processes.First(first => first.Id == process.Id && first.ListId == process.ListId);
        return [record.BeforeByList[process.ListId], begun.Before, ListAtReading(record, begun)];
    }

    // A process that was killed before it had read the list leaves the reading to the one that resumes its push.
    private static HashSet<long> ListAtReading(DayRecord record, ProcessRecord begun)
    {
        HashSet<long> list = [.. begun.Before];
        var own = record.Processes.Where(process => process.Id == begun.Id && process.ListId == begun.ListId).Select(process => process.Number).ToHashSet();
        if (record.Calls.FirstOrDefault(call => own.Contains(call.Process) && call is { Kind: CallKind.ReadList or CallKind.ExportFile, IsAnswered: true }) is not { } reading) return list;
        list.UnionWith(record.World.Marketo.History.Skip(begun.HistoryFrom).TakeWhile(happening => happening.At <= reading.At)
            .Where(happening => happening is { Actor: Actor.Product, Deed: Deed.AddToList, ChangedList: true } && happening.ListId == begun.ListId).Select(happening => happening.PersonId));
        return list;
    }

    // Or that of a person who was created on the day.
    private static string IdentityBefore(DayRecord record, long id) =>
        record.IdentitiesBefore.GetValueOrDefault(id) ?? record.World.Marketo.People.GetValueOrDefault(id)?[record.World.IdentityField] ?? string.Empty;

    private static IEnumerable<string> Reasons(DayRecord record, IReadOnlySet<long> before, Memory memory, bool isSure, int mostMembers = int.MaxValue)
    {
        var target = record.World.Scenario.Target;
        if (target.Mode != Mode.Mirror) yield break;
        var rows = ExpectedRows.Of(record.Day, record.Number, target);
        var named = rows.Where(row => row.Key is not null).Select(row => row.Key!).ToHashSet();
        int people = rows.Count(row => row.Counts), nameless = rows.Count(row => row.Key is null);
        int members = Math.Min(before.Count, mostMembers);
        int leavers = before.Count(id => !named.Contains(IdentityKey.Of(target.Identity, IdentityBefore(record, id)) ?? string.Empty)
            && !(isSure && memory.People.Any(known => known.Value.Id == id && named.Contains(known.Key))));

        // What others have done may be known to the push, or not.
        int unsure = isSure ? 0 : record.Day.Edits.Count + record.Processes.Sum(process => process.Run.Edits.Count + process.Faults.Sum(fault => fault.Edits.Count));
        leavers += unsure;
        if (leavers == 0) yield break;
        if (people == 0) yield return "the segment has nobody";
        if (nameless > 0) yield return "some rows name nobody";
        if (!isSure && record.Day.HasNoLastLineEnd) yield return "the file may be cut off";
        if (!(isSure && memory.IsUndone) && memory.SegmentPeople is { } last && people * 100 < last * (100 - target.MaxShrinkPercent)) yield return "the segment has shrunk";
        if (leavers * 100 > Math.Max(1, members - unsure) * target.MaxRemovalPercent) yield return "too many people would leave";
    }
}
