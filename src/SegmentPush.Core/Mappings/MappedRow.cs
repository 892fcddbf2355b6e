namespace SegmentPush.Mappings;

/// <summary>A row of a segment that names somebody, mapped. It lies in the text of the rows that were read with it.</summary>
/// <param name="Source">Which of the push's sources it is from; 0 is the first.</param>
/// <param name="Row">Its number within the source; 1 is the first.</param>
/// <param name="Identity">The identity's value, without surrounding blanks.</param>
/// <param name="Values">A value for each attribute of the mapping; none for somebody who leaves, and where the row is at fault.</param>
internal readonly record struct MappedRow(int Source, long Row, ReadOnlyMemory<char> Identity, PersonValues Values)
{
    /// <summary>Keyed hash of the identity, by which a destination's snapshot knows people; 0 in a push for no destination.</summary>
    public Hash128 IdentityHash { get; init; }

    /// <summary>Hash of the values that are sent; 0 where none are.</summary>
    public long SentHash { get; init; }

    /// <summary>Whether nobody may be created with this identity, so that the person is only looked up.</summary>
    public bool IsMatchOnly { get; init; }

    /// <summary>Numbers of the attributes whose values were left out, because they are not right for their fields; null for none.</summary>
    public IReadOnlyList<int>? LeftOut { get; init; }

    /// <summary>Whether the person is to be taken off the list.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Whether nothing can be sent for the row, which is rejected; its person is in the segment all the same.</summary>
    public bool IsAtFault { get; init; }

    /// <summary>Whether the journal holds the outcome already, or the import that will bring it.</summary>
    public bool IsEntered { get; init; }
}
