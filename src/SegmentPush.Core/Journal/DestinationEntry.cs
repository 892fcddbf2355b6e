namespace SegmentPush.Journal;

/// <summary>A destination as the journal keeps it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Name">Its name; two that differ in case only are the same.</param>
/// <param name="Definition">What it is, as text.</param>
/// <param name="Created">When it was made, UTC.</param>
/// <param name="Changed">When it was changed last, UTC.</param>
internal sealed record DestinationEntry(long Key, string Name, string Definition, DateTimeOffset Created, DateTimeOffset Changed)
{
    /// <summary>Key of the snapshot of its list; null where the list was never read.</summary>
    public long? SnapshotKey { get; init; }

    /// <summary>People in the last segment that was pushed completely; null before the first.</summary>
    public long? SegmentPeople { get; init; }

    /// <summary>Whether that segment's file ended with a line end; null where it was no file.</summary>
    public bool? SegmentEndsWithLine { get; init; }

    /// <summary>The form of a name that is the same for two names that differ in case only. Databases fold the case of fewer letters.</summary>
    public static string Fold(string name) => name.Trim().ToUpperInvariant();
}
