namespace SegmentPush.Sandbox.Platform;

/// <summary>A profile.</summary>
public sealed record PlatformProfile
{
    /// <summary>Values by the dotted paths of their fields, such as <c>person.name.firstName</c>.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Identities by namespace, such as <c>Email</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PlatformIdentity>> Identities { get; init; } = new Dictionary<string, IReadOnlyList<PlatformIdentity>>();

    /// <summary>Consents to marketing by email that hold for one address each.</summary>
    public IReadOnlyDictionary<string, string> EmailConsents { get; init; } = new Dictionary<string, string>();

    /// <summary>Memberships by the audience's id.</summary>
    public IReadOnlyDictionary<string, PlatformMembership> Memberships { get; init; } = new Dictionary<string, PlatformMembership>();
}

/// <summary>An identity of a profile.</summary>
/// <param name="Id">Its value.</param>
/// <param name="IsPrimary">Whether it is the primary one.</param>
public sealed record PlatformIdentity(string Id, bool IsPrimary = false);

/// <summary>A profile's membership in an audience.</summary>
/// <param name="Status"><c>realized</c>, <c>existing</c> or <c>exited</c>.</param>
/// <param name="LastQualified">When the profile last qualified.</param>
public sealed record PlatformMembership(string Status, DateTimeOffset LastQualified);
