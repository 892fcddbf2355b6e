using System.Text.Json.Serialization;

namespace SegmentPush.Lists;

/// <summary>The sums of a list: after = before + added − removed, what others did meanwhile included.</summary>
public sealed record ListSums
{
    /// <summary>People on the list before the push, as far as its destination knew.</summary>
    public long Before { get; init; }

    /// <summary>People that the push put on the list.</summary>
    public long Added { get; init; }

    /// <summary>People that the push took off the list.</summary>
    public long Removed { get; init; }

    /// <summary>People that others had put on the list since the destination last knew it.</summary>
    public long AddedByOthers { get; init; }

    /// <summary>People that others had taken off the list since.</summary>
    public long RemovedByOthers { get; init; }

    /// <summary>People on the list after the push: as it was read back, and changed by what Marketo confirmed since; null where it was not read.</summary>
    public long? After { get; init; }

    /// <summary>When it was read back, UTC; null where it was not.</summary>
    public DateTimeOffset? ReadBack { get; init; }

    /// <summary>Ids of people that a process which was killed may have taken off, and that have no outcome yet; null in a receipt, and where there are none.</summary>
    [JsonInclude]
    internal IReadOnlyList<long>? SentOff { get; init; }

    /// <summary>
    /// Ids of people that an upload without an answer may have put on the list, whose rows are read again: a row may lead to somebody else by then. Null in a
    /// receipt, and where there are none.
    /// </summary>
    [JsonInclude]
    internal IReadOnlyList<long>? Uploaded { get; init; }

    /// <summary>
    /// Whether a resume has begun to read rows again that were in imports without an answer, and has not entered all of them yet: until then it is not known
    /// which people these imports have put on the list. False in a receipt.
    /// </summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    internal bool MissesImportedRows { get; init; }

    /// <summary>The segment that was pushed completely before, which the guard compares with; null in a receipt, and where an older SegmentPush began the push.</summary>
    [JsonInclude]
    internal LastSegment? Last { get; init; }

    /// <summary>Whether the sums agree with the list as it was read back; null where it was not.</summary>
    public bool? Agree => After is { } after ? after == Before + Added - Removed + AddedByOthers - RemovedByOthers : null;
}
