namespace SegmentPush.Lists;

/// <summary>Makes the members of a new generation out of those of the old one and the people that the list was seen to hold. They are made one by one.</summary>
/// <param name="before">The members of the old generation, read each time that they are asked for; none where there is none.</param>
/// <param name="listed">The people on the list.</param>
internal sealed class SnapshotRenewal(IEnumerable<Member> before, ListedPeople listed)
{
    /// <summary>The members where all that is known is set aside. Only that a segment put somebody on the list is kept.</summary>
    public IEnumerable<Member> SetAside()
    {
        foreach (var member in before.Where(member => member.IsFromSegment)) listed.NoteFromSegment(member.IdentityHash);
        return NewMembers();
    }

    /// <summary>The members where only the membership was in doubt: what was sent for the people on the list still holds.</summary>
    /// <param name="keepsAbsent">Whether a member with an id stays, although the list does not hold the person.</param>
    public IEnumerable<Member> CompareMembers(Func<long, bool> keepsAbsent)
    {
        // They may be entered once more, where a database has lost its connection.
        listed.Release();
        foreach (var member in before)
        {
            if (member.IsFromSegment) listed.NoteFromSegment(member.IdentityHash);

            // Known by the id, even if the identity is another one by now.
            if (member.CertainId is { } id && (listed.TryTake(id) || keepsAbsent(id))) yield return member with { Number = 0 };
        }

        var doubted = new List<Member>();
        foreach (var member in before.Where(member => member.CertainId is null))
        {
            if (listed.Take(member.IdentityHash) is { } id) yield return member with { Number = 0, MarketoId = id, IsIdInDoubt = false };
            else if (member.IsIdInDoubt) doubted.Add(member);
        }

        // An id in doubt holds where nobody on the list has the identity: the import has put nobody else there by it.
        foreach (var member in doubted)
        {
            long id = member.MarketoId!.Value;
            if (listed.TryTake(id)) yield return member with { Number = 0, IsIdInDoubt = false };
            else if (!listed.Contains(id) && keepsAbsent(id)) yield return member with { Number = 0 };
        }

        foreach (var member in NewMembers()) yield return member;
    }

    private IEnumerable<Member> NewMembers() => listed.Rest().Select(person => new Member(0, person.Hash, 0, person.Id, person.IsFromSegment));
}
