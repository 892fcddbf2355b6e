namespace SegmentPush.Journal;

/// <summary>A person as the snapshot of a list knows people: by hashes.</summary>
/// <param name="IdentityHash">Keyed hash of the identity.</param>
/// <param name="SentHash">Hash of the fields that are sent, 0 where there are none; null where nothing is sent, so that what was sent before still holds.</param>
/// <param name="Number">The person's number in the snapshot; null for somebody who is not known to be on the list.</param>
internal sealed record MemberMark(Hash128 IdentityHash, long? SentHash, int? Number)
{
    /// <summary>Numbers of the other people on the list with the identity. What was sent for them before does not count any more.</summary>
    public IReadOnlyList<int> Twins { get; init; } = [];

    /// <summary>Whether the snapshot knows an id of the person, also one in doubt, and Marketo did not say that nobody has it: where nobody has the identity, the member may have another one.</summary>
    public bool MayHaveOtherIdentity { get; init; }
}
