namespace SegmentPush.Journal;

/// <summary>The last call of a push that writes fields, where the push was killed or interrupted.</summary>
/// <param name="Sent">When it was sent, by Marketo's clock.</param>
/// <param name="ErrorId">The error that ended the push; null where it was killed or stopped by the user.</param>
internal sealed record OpenWrite(DateTimeOffset Sent, string? ErrorId);
