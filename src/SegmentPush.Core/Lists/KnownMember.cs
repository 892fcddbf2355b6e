namespace SegmentPush.Lists;

/// <summary>A member with what is noted of it.</summary>
/// <param name="Member">The member.</param>
/// <param name="Named">How the segment names the identity.</param>
/// <param name="IsListed">Whether the list was seen to hold the person with this identity.</param>
/// <param name="IsFromSegment">Whether a row of a segment has put the person on the list.</param>
internal readonly record struct KnownMember(SnapshotMember Member, NamedBy Named, bool IsListed, bool IsFromSegment);
