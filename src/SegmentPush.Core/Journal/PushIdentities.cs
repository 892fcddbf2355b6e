namespace SegmentPush.Journal;

/// <summary>How the journal keeps the identities of a push's people: as they are, or as hashes that can't be looked up.</summary>
/// <param name="key">Keeps the key of the hashes.</param>
internal sealed class PushIdentities(IIdentityKey key) : IDisposable
{
    private IdentityHash? _hash;

    /// <summary>Whether identities are kept as hashes.</summary>
    public bool AreHashed => _hash is not null;

    /// <summary>From here on identities are kept as the push keeps them.</summary>
    public void Use(JournalIdentity form)
    {
        if (form == JournalIdentity.Hash) _hash ??= OpenHash();
    }

    /// <summary>An identity as the push keeps it.</summary>
    public string KeyOf(string identity) => _hash is null || identity.Length == 0 ? identity : _hash.Of(identity);

    /// <summary>What makes the hashes of identities, in snapshots too. Makes its key where there is none.</summary>
    public IdentityHash OpenHash() => key.Open();

    /// <summary>What makes the hashes; null where there is no key, so that nothing was hashed.</summary>
    public IdentityHash? OpenExistingHash() => key.OpenExisting();

    public void Dispose() => _hash?.Dispose();
}
