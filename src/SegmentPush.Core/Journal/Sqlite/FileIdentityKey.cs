namespace SegmentPush.Journal.Sqlite;

/// <summary>Keeps the key of hashes in a file beside the journal.</summary>
/// <param name="folder">The journal's folder.</param>
internal sealed class FileIdentityKey(string folder) : IIdentityKey
{
    /// <inheritdoc/>
    public IdentityHash Open() => IdentityHash.Open(folder);

    /// <inheritdoc/>
    public IdentityHash? OpenExisting() => IdentityHash.OpenExisting(folder);
}
