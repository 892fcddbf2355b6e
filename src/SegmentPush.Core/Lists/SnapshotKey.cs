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

/// <summary>One generation of a snapshot. Each reading of the list before a push begins a new one, and with it new numbers of members.</summary>
/// <param name="Key">Key of the snapshot in the journal.</param>
/// <param name="Generation">Number of the generation, from 1.</param>
/// <param name="ReadBy">The push that read the list; null where an older SegmentPush did, or where the list is to be read again.</param>
internal sealed record SnapshotGeneration(long Key, long Generation, Guid? ReadBy);
