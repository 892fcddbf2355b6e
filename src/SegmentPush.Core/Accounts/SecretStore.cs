namespace SegmentPush.Accounts;

/// <summary>Where the client secret of an account is kept.</summary>
public enum SecretStore
{
    /// <summary>In a vault of SecretManagement.</summary>
    Vault = 0,

    /// <summary>In a file that Windows encrypts for this user.</summary>
    Protected = 1,

    /// <summary>In a file that this user alone can read, and that is not encrypted.</summary>
    File = 2,

    /// <summary>
    /// Nowhere: it is in the environment variable <c>SEGMENTPUSH_CLIENT_SECRET</c>, or <c>SEGMENTPUSH_PLATFORM_CLIENT_SECRET</c> for an account of Experience
    /// Platform, when the account is used.
    /// </summary>
    Environment = 3,
}
