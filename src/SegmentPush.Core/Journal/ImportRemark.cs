namespace SegmentPush.Journal;

/// <summary>What Marketo has said about a person of an import file that it took.</summary>
/// <param name="Source">Number of the source.</param>
/// <param name="Row">Number of the row.</param>
/// <param name="Code">Stable name of the remark.</param>
/// <param name="Reason">What Marketo has said.</param>
internal readonly record struct ImportRemark(int Source, long Row, string Code, string Reason);
