namespace SegmentPush.Mappings;

/// <summary>A proposed entry of a mapping, to be looked at: as CSV it can be edited and given back.</summary>
/// <param name="Source">The column, as the file spells it.</param>
/// <param name="Target">REST API name of the Marketo field; empty where none is proposed.</param>
/// <param name="Identity">Namespace of the identity that the entry carries; null for an attribute.</param>
/// <param name="Confidence">How sure it is.</param>
/// <param name="Reason">Why this field, or why none.</param>
public sealed record MappingProposal(string Source, string Target, string? Identity, MappingConfidence Confidence, string Reason);
