namespace SegmentPush.Journal;

/// <summary>One import file of a push as it goes into the journal.</summary>
/// <param name="Number">Its number within the push, from 1.</param>
/// <param name="LookupField">The field that finds its people.</param>
/// <param name="First">Source and row of its first person.</param>
/// <param name="Last">Source and row of its last person.</param>
internal sealed record ImportEntry(int Number, string LookupField, (int Source, long Row) First, (int Source, long Row) Last)
{
    /// <summary>The field that holds Marketo's own id of a person.</summary>
    public const string IdField = "id";

    /// <summary>Whether it finds people by their Marketo ids, so that it creates nobody.</summary>
    public bool FindsById => LookupField == IdField;

    /// <summary>How far it has come.</summary>
    public ImportFileState State { get; init; }

    /// <summary>When its upload was sent last, by Marketo's clock; null before that, and where an older SegmentPush uploaded it.</summary>
    public DateTimeOffset? Uploaded { get; init; }

    /// <summary>Numbers of the mapping's attributes that the file has columns for, such as <c>0,2</c>; null for all of them.</summary>
    public string? Fields { get; init; }

    /// <summary>Marketo's id of the import, good for seven days; null before it was accepted.</summary>
    public long? BatchId { get; init; }

    /// <summary>Whether other pushes have written since it was uploaded: they may have seen its people on the list, and sent other values for them.</summary>
    public bool HasOthersSince { get; init; }

    /// <summary>What became of its people, save those that have an outcome of their own.</summary>
    public PersonOutcome Outcome { get; init; }

    /// <summary>What happened to their records.</summary>
    public PersonChange Change { get; init; }
}
