using System.Globalization;

namespace SegmentPush.Completion;

/// <summary>Offers the lists of the connected instance, and those that pushes went into: by name, and by id to those who begin with a digit.</summary>
public sealed class StaticListCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line)
    {
        var lists = InstanceCompletion.StaticLists(line).Select(list => (list.Name, list.Id, Where: list.ProgramName is { } program ? (MessageText)$"{list.Id} '{list.Name}', program '{program}'" : $"{list.Id} '{list.Name}'"))
            .Concat(JournalCompletion.RecentPushes(line).Where(push => push.StaticListId > 0).Select(push => (Name: push.StaticListName, Id: push.StaticListId, Where: (MessageText)$"{push.StaticListId} '{push.StaticListName}' of {push.Instance}")))
            .DistinctBy(list => list.Id)
            .OrderBy(list => line.Word.Length > 0 && char.IsAsciiDigit(line.Word[0]) ? "" : list.Name, StringComparer.OrdinalIgnoreCase).ThenBy(list => list.Id)
            .ToArray();

        // A name that several lists have would be refused, so their ids are offered.
        var several = lists.GroupBy(list => list.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, id, where) in lists)
        {
            string number = id.ToString(CultureInfo.InvariantCulture);
            string toolTip = where.ToString();
            if (!several.Contains(name)) yield return new Candidate(name, toolTip);
            else if (line.IsBegun(name)) yield return new Candidate(number, toolTip, $"{number} {name}");
            if (line.Word.Length > 0) yield return new Candidate(number, toolTip, $"{number} {name}");
        }
    }
}
