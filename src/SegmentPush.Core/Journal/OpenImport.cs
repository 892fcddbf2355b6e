namespace SegmentPush.Journal;

/// <summary>An import of a push that may still be under way.</summary>
/// <param name="PushKey">Key of the push.</param>
/// <param name="PushId">The push.</param>
/// <param name="Number">Number of the import within the push.</param>
/// <param name="ListId">The list that it goes into.</param>
/// <param name="BatchId">Marketo's id of the import; null where the answer with it was lost.</param>
/// <param name="Uploaded">When its upload was sent last, by Marketo's clock; null where an older SegmentPush uploaded it.</param>
internal sealed record OpenImport(long PushKey, Guid PushId, int Number, long ListId, long? BatchId, DateTimeOffset? Uploaded);
