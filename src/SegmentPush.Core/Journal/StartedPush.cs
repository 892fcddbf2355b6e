namespace SegmentPush.Journal;

/// <summary>A push in the journal with what it was asked to do and its sources. It is read for a resume, an undo or the end of the push.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Status">How it stood.</param>
/// <param name="Request">What it was to do, as text; null where an older SegmentPush began it.</param>
/// <param name="Sources">Where its people come from.</param>
internal sealed record StartedPush(long Key, PushStatus Status, string? Request, IReadOnlyList<SourceEntry> Sources);
