namespace SegmentPush.Pushes.InStep;

/// <summary>Somebody whom the snapshot of a destination knows to be on its list.</summary>
/// <param name="Number">Number in the snapshot.</param>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell.</param>
internal readonly record struct KnownMember(int Number, long? MarketoId);
