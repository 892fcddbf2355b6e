namespace SegmentPush.Mappings;

/// <summary>One entry of a mapping: a source column and the Marketo field that it fills.</summary>
/// <param name="Source">Name of the column or property in the segment, such as <c>personalEmail.address</c>.</param>
/// <param name="Target">REST API name of the Marketo field, such as <c>email</c>.</param>
/// <param name="Identity">Namespace of the identity that this entry carries, such as <c>Email</c>; null for an attribute.</param>
public sealed record SegmentMapping(string Source, string Target, string? Identity = null);
