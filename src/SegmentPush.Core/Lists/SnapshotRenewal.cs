using SegmentPush.Marketo;

namespace SegmentPush.Lists;

/// <summary>Makes the members of a new generation out of those of the old one and the people that the list was seen to hold.</summary>
/// <param name="before">The members of the old generation; none where there is none.</param>
/// <param name="listed">The people on the list.</param>
/// <param name="hash">Makes the hashes of identities.</param>
internal sealed class SnapshotRenewal(IReadOnlyCollection<Member> before, IReadOnlyCollection<ListedPerson> listed, IdentityHash hash)
{
    private readonly HashSet<Hash128> _fromSegment = [.. before.Where(member => member.IsFromSegment).Select(member => member.IdentityHash)];

    /// <summary>The members where all that is known is set aside. Only that a segment put somebody on the list is kept.</summary>
    public IEnumerable<Member> SetAside() => listed.Select(NewMember);

    /// <summary>The members where only the membership was in doubt: what was sent for the people on the list still holds.</summary>
    /// <param name="keepsAbsent">Whether a member with an id stays, although the list does not hold the person.</param>
    public IReadOnlyList<Member> Compare(Func<long, bool> keepsAbsent)
    {
        var left = new Dictionary<long, ListedPerson>(listed.Count);
        foreach (var person in listed) left[person.Id] = person;
        var members = new List<Member>(listed.Count);
        foreach (var member in before)
        {
            // Known by the id, whatever the identity is by now.
            if (member.MarketoId is not { } id) continue;
            if (left.Remove(id) || keepsAbsent(id)) members.Add(member with { Number = 0 });
        }

        var byHash = left.Values.ToLookup(person => hash.HashOf(person), person => person.Id);
        foreach (var member in before.Where(member => member.MarketoId is null))
        {
            if (byHash[member.IdentityHash].Cast<long?>().FirstOrDefault(id => left.ContainsKey(id!.Value)) is not { } id) continue;
            left.Remove(id);
            members.Add(member with { Number = 0, MarketoId = id });
        }

        members.AddRange(left.Values.Select(NewMember));
        return members;
    }

    private Member NewMember(ListedPerson person)
    {
        var key = hash.HashOf(person);
        return new Member(0, key, 0, person.Id, _fromSegment.Contains(key));
    }
}
