using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>The people on a list whose push is to be undone.</summary>
internal sealed class ListBeforeUndo
{
    private readonly HashSet<Hash128> _wanted;
    private readonly HashSet<MemberKey> _unseen;
    private readonly Dictionary<Hash128, List<long>> _byHash = [];

    /// <summary>Prepares to read the list.</summary>
    /// <param name="edits">What the push did. The identities of edits without an id are looked for on the list.</param>
    /// <param name="snapshot">What is known of the list; null for nothing.</param>
    public ListBeforeUndo(IReadOnlyList<ListEdit> edits, Snapshot? snapshot)
    {
        _wanted = [.. edits.Where(edit => edit is { MarketoId: null, IdentityHash: not null }).Select(edit => edit.IdentityHash!.Value)];
        var own = _wanted.Select(MemberTable.KeyOf).ToHashSet();
        _unseen = snapshot is null || own.Count == 0 ? []
            : [.. snapshot.Members().Where(member => member.MarketoId is null && !own.Contains(member.Key)).Select(member => member.Key)];
    }

    /// <summary>
    /// How many members from before the push are known by an identity alone that nobody on the list has. Such a person may have another identity by
    /// now, by which the push has imported the person: an import tells no id, so that the two can't be told apart.
    /// </summary>
    public int UnseenCount => _unseen.Count;

    /// <summary>Ids of the people on the list.</summary>
    public HashSet<long> Ids { get; } = [];

    /// <summary>Takes a person in.</summary>
    /// <param name="id">Id in Marketo.</param>
    /// <param name="hashOf">Makes the hash of the identity; asked only where it matters.</param>
    public void Add(long id, Func<Hash128> hashOf)
    {
        Ids.Add(id);
        if (_wanted.Count == 0) return;
        var hash = hashOf();
        _unseen.Remove(MemberTable.KeyOf(hash));
        if (!_wanted.Contains(hash)) return;
        if (!_byHash.TryGetValue(hash, out var ids)) _byHash[hash] = ids = [];

        // Two pages may show one person.
        if (!ids.Contains(id)) ids.Add(id);
    }

    /// <summary>Finds people whose addition or removal by a push Marketo has confirmed, and the list, as it was read, does not show.</summary>
    public IEnumerable<long> FindContradicted(IEnumerable<ListEdit> edits) => edits
        .Where(edit => edit is { IsOpen: false, MarketoId: not null } && Ids.Contains(edit.MarketoId!.Value) != (edit.Outcome == PersonOutcome.Added))
        .Select(edit => edit.MarketoId!.Value);

    /// <summary>Finds people whose addition or removal by another push the list, as it was read, does not show.</summary>
    public IEnumerable<long> FindContradicted(RecentEdits others) => others.PutOn.Except(Ids).Concat(others.TakenOff.Intersect(Ids));

    /// <summary>Ids of the people that Marketo was asked about: whether they are on the list.</summary>
    public IReadOnlyCollection<long> Asked { get; private set; } = [];

    /// <summary>Takes in which people are on the list now.</summary>
    /// <param name="asked">Ids of the people that Marketo was asked about.</param>
    /// <param name="on">Ids of those who are on the list.</param>
    public void TakeIn(IReadOnlyCollection<long> asked, IReadOnlySet<long> on)
    {
        Asked = asked;
        Ids.ExceptWith(asked);
        Ids.UnionWith(on);
    }

    /// <summary>Ids of the people on the list with an identity.</summary>
    public IReadOnlyList<long> Find(Hash128 hash) => _byHash.GetValueOrDefault(hash) ?? [];
}
