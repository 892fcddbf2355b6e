namespace SegmentPush.Journal;

/// <summary>Keeps the key that makes hashes of identities.</summary>
internal interface IIdentityKey
{
    /// <summary>What makes the hashes. Makes the key where there is none.</summary>
    IdentityHash Open();

    /// <summary>What makes the hashes; null where there is no key, so that nothing was hashed.</summary>
    IdentityHash? OpenExisting();
}
