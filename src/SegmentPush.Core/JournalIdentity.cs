namespace SegmentPush;

/// <summary>How the journal keeps the identities of people.</summary>
public enum JournalIdentity
{
    /// <summary>As they are.</summary>
    Plain = 0,

    /// <summary>As hashes with a key that lies beside the journal: people are told apart, and shown by their row numbers only.</summary>
    Hash = 1,
}
