namespace SegmentPush.Journal;

/// <summary>A person of a destination's segment as its snapshot knows people: by hashes.</summary>
/// <param name="IdentityHash">Keyed hash of the identity.</param>
/// <param name="SentHash">Hash of the fields that are sent; 0 where none are.</param>
/// <param name="Number">The person's number in the snapshot; null for somebody who is not known to be on the list.</param>
internal sealed record MemberMark(Hash128 IdentityHash, long SentHash, int? Number);
