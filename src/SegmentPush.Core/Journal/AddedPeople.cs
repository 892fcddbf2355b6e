using SegmentPush.Lists;

namespace SegmentPush.Journal;

/// <summary>People that pushes have put on a list, by the ids and identities that are known of them.</summary>
internal sealed class AddedPeople
{
    private readonly HashSet<long> _ids = [];
    private readonly HashSet<MemberKey> _keys = [];

    /// <summary>Adds a person.</summary>
    /// <param name="marketoId">The person's id in Marketo; null where an import did not tell.</param>
    /// <param name="identityHash">Keyed hash of the identity; zero where it is not known.</param>
    /// <returns>Whether something is known of the person.</returns>
    public bool Add(long? marketoId, Hash128 identityHash)
    {
        if (marketoId is { } id) _ids.Add(id);
        if (!identityHash.IsZero) _keys.Add(MemberTable.KeyOf(identityHash));
        return marketoId is not null || !identityHash.IsZero;
    }

    /// <summary>Whether a member of a list is one of them.</summary>
    public bool Has(SnapshotMember member) => ((member.MarketoId ?? member.DoubtedId) is { } id && Has(id)) || _keys.Contains(member.Key);

    /// <summary>Whether a person with this id is one of them.</summary>
    public bool Has(long marketoId) => _ids.Contains(marketoId);
}
