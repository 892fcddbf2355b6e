using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>The members that a list holds once it was read, by their ids: as the snapshot and the reading know them.</summary>
/// <param name="snapshot">The snapshot in memory, as it was before the reading.</param>
/// <param name="steps">What the reading has told, and what is to be done about it.</param>
/// <param name="joined">Numbers and ids of members that the reading has shown with identities that the snapshot did not know.</param>
internal sealed class MembersOnList(Snapshot snapshot, ListSteps steps, IReadOnlyList<(int Number, long Id)> joined)
{
    private readonly HashSet<(int Number, long Id)> _putBack = [];

    /// <summary>Notes that a member was put on the list again.</summary>
    public void Add(int number, long id) => _putBack.Add((number, id));

    /// <summary>The members with certain ids.</summary>
    public IReadOnlyList<(int Number, long Id)> With(IReadOnlySet<long> ids)
    {
        if (ids.Count == 0) return [];
        var absent = steps.PutBacks.Select(member => member.Number).Concat(steps.Snapshot.Forgotten).ToHashSet();
        var known = snapshot.Members().Where(member => member.MarketoId is not null).Select(member => (member.Number, Id: member.MarketoId!.Value));
        var learnt = steps.Snapshot.Learnt.Select(id => (id.Number, Id: id.MarketoId));
        return [.. known.Concat(learnt).Where(member => !absent.Contains(member.Number)).Concat(_putBack).Concat(joined).Where(member => ids.Contains(member.Id)).Distinct()];
    }
}
