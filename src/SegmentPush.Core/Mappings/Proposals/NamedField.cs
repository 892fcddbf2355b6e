namespace SegmentPush.Mappings.Proposals;

/// <summary>A field of the instance, as far as a proposal has to know it.</summary>
/// <param name="Name">REST API name.</param>
/// <param name="Label">Name in Marketo's UI.</param>
/// <param name="Updateable">Whether the API may write it.</param>
internal sealed record NamedField(string Name, string Label, bool Updateable);
