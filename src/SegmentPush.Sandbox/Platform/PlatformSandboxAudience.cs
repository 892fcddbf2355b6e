namespace SegmentPush.Sandbox.Platform;

/// <summary>An audience.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
public sealed record PlatformSandboxAudience(string Id, string Name)
{
    /// <summary><c>draft</c>, <c>published</c>, <c>inactive</c> or <c>archived</c>.</summary>
    public string State { get; init; } = "published";

    /// <summary>The class of what is in it.</summary>
    public string SchemaName { get; init; } = "_xdm.context.profile";

    /// <summary>Where it comes from.</summary>
    public string Origin { get; init; } = "REAL_TIME_CUSTOMER_PROFILE";

    /// <summary>Its id in its own system, under which profiles have their memberships.</summary>
    public string AudienceId { get; init; } = Id;

    /// <summary>The namespace of its ids.</summary>
    public string Namespace { get; init; } = "AEPSegments";

    /// <summary>The namespace under which profiles have their memberships.</summary>
    internal string MembershipNamespace => Namespace == "AEPSegments" ? "ups" : Namespace;

    /// <summary>Labels of data usage.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The description.</summary>
    public string Description { get; init; } = "";
}
