using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Finds members whose ids in doubt hold. The list shows a person with such an id and another identity. An import that has used the identity of the member
/// for somebody else has left somebody with it in Marketo; where nobody has it, the person on the list is the member.
/// </summary>
internal static class DoubtedIds
{
    /// <summary>Finds them.</summary>
    /// <param name="work">The push.</param>
    /// <param name="rows">Reads rows once more.</param>
    /// <param name="members">Members that rows name, and whose ids in doubt people on the list have.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<IReadOnlyList<SnapshotMember>> FindHeldAsync(ListWork work, RowsAgain rows, IReadOnlyList<SnapshotMember> members, CancellationToken cancellation)
    {
        if (members.Count == 0) return [];
        var held = new List<SnapshotMember>();
        var named = members.ToLookup(member => member.Key);
        foreach (var batch in rows.FindMembers(named, cancellation).Where(row => LeadLookup.CanLookUp(row.Identity)).Chunk(Paging.PageSize))
        {
            var matches = await PersonMatches.FindAsync(work.Push.Connection, work.Target, [.. batch.Select(row => row.Identity)], cancellation).ConfigureAwait(false);
            held.AddRange(batch.Where(row => !matches.AllOf(row.Identity).Any()).SelectMany(row => named[MemberTable.KeyOf(row.IdentityHash)]));
        }

        return held;
    }
}
