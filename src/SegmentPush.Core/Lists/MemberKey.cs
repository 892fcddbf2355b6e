namespace SegmentPush.Lists;

/// <summary>
/// The 96 bits of an identity's hash by which a snapshot in memory tells people apart: among ten million people, two are taken for one
/// with a probability of one in 10^15.
/// </summary>
/// <param name="Head">First bits of the hash; never 0.</param>
/// <param name="Tail">More of its bits.</param>
internal readonly record struct MemberKey(ulong Head, uint Tail);
