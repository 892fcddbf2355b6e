namespace SegmentPush.Lists;

/// <summary>A person on a list, as a snapshot keeps it.</summary>
/// <param name="Number">Number within the generation of the snapshot, from 1; 0 for a person who is yet to be entered.</param>
/// <param name="IdentityHash">Keyed hash of the identity.</param>
/// <param name="SentHash">Hash of the values that were sent last, or one of <see cref="SentValues"/>.</param>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell.</param>
/// <param name="IsFromSegment">Whether a row of a segment has named the person; false for people that only the list has shown.</param>
internal readonly record struct Member(int Number, Hash128 IdentityHash, long SentHash, long? MarketoId, bool IsFromSegment)
{
    /// <summary>
    /// Whether the id may be that of another person by now. An import finds people by the identity and tells no id: if others have given the member
    /// another identity, the import has written, or created, somebody else.
    /// </summary>
    public bool IsIdInDoubt { get; init; }

    /// <summary>The id; null where it is not known, or in doubt.</summary>
    public long? CertainId => IsIdInDoubt ? null : MarketoId;
}
