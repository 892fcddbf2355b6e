namespace SegmentPush.Journal;

/// <summary>Somebody who is on a destination's list as far as is known.</summary>
/// <param name="Number">Number in the snapshot.</param>
/// <param name="IdentityHash">Keyed hash of the identity.</param>
/// <param name="SentHash">Hash of the fields that were sent last; 0 where none were, or where it is not known.</param>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell.</param>
internal readonly record struct Member(int Number, Hash128 IdentityHash, long SentHash, long? MarketoId);
