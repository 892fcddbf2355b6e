namespace SegmentPush.Streams;

/// <summary>A column of a pipeline's segment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Property">The property that it is read from.</param>
/// <param name="Path">The path through nested objects that it is read by; null for a property.</param>
/// <param name="IsNeeded">Whether the push reads it: for a field that is sent, or for the membership. A list or an object in it is a fault.</param>
/// <param name="Consent">The path of the consent that it holds; null for another column. Each object's own place of it counts.</param>
/// <param name="IsMarked">Whether some values carry the mark of a reject file.</param>
internal readonly record struct PipelineColumn(string Name, string Property, string[]? Path, bool IsNeeded, bool IsMarked, string? Consent = null);
