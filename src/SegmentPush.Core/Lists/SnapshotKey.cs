namespace SegmentPush.Lists;

/// <summary>What a snapshot belongs to. Destinations with the same instance, list and identity field share one.</summary>
/// <param name="Instance">Munchkin id of the instance, or the host of its endpoint.</param>
/// <param name="ListId">REST id of the list.</param>
/// <param name="IdentityField">Name of the field that finds people, in upper case.</param>
internal sealed record SnapshotKey(string Instance, long ListId, string IdentityField)
{
    /// <summary>The key of a list, with the field as its user writes it.</summary>
    public static SnapshotKey Of(string instance, long listId, string identityField) => new(instance, listId, identityField.ToUpperInvariant());
}
