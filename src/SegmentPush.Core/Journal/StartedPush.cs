namespace SegmentPush.Journal;

/// <summary>A push in the journal that is gone on with.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Status">How it stood.</param>
/// <param name="Request">What it was to do, as text; null where an older SegmentPush began it.</param>
/// <param name="Sources">Where its people come from.</param>
internal sealed record StartedPush(long Key, PushStatus Status, string? Request, IReadOnlyList<JournalSource> Sources);
