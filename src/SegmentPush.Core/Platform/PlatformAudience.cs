namespace SegmentPush.Platform;

/// <summary>An audience of Experience Platform.</summary>
public sealed record PlatformAudience
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The id by which the platform finds the audience.</summary>
    public required string Id { get; init; }

    /// <summary>The id that the audience has in its own system; equal to <see cref="Id"/> where the platform made it.</summary>
    public string? AudienceId { get; init; }

    /// <summary>Where it comes from, such as <c>REAL_TIME_CUSTOMER_PROFILE</c> or <c>CUSTOM_UPLOAD</c>.</summary>
    public string? Origin { get; init; }

    /// <summary>Its state: <c>draft</c>, <c>published</c>, <c>inactive</c> or <c>archived</c>.</summary>
    public string? State { get; init; }

    /// <summary>How it is evaluated: <c>Batch</c>, <c>Streaming</c>, <c>Edge</c>, or several of them; null where the platform does not say.</summary>
    public string? Evaluation { get; init; }

    /// <summary>When its people were last determined; null where the platform does not say.</summary>
    public DateTimeOffset? LastEvaluated { get; init; }

    /// <summary>Number of profiles in it at the last evaluation; null where the platform does not say.</summary>
    public long? Size { get; init; }

    /// <summary>Labels of data usage, such as <c>core/C1</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Id of the merge policy that makes its profiles.</summary>
    public string? MergePolicyId { get; init; }

    /// <summary>The description.</summary>
    public string? Description { get; init; }

    /// <summary>The class of what is in it: <c>_xdm.context.profile</c> for people.</summary>
    public string? SchemaName { get; init; }

    /// <summary>Namespace of its memberships in profiles: <c>ups</c> for audiences that the platform made.</summary>
    internal string MembershipNamespace { get; init; } = "ups";

    /// <summary>Whether it holds people, and not accounts.</summary>
    internal bool IsOfPeople => SchemaName is null || !SchemaName.Contains("account", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why it can't be pushed; null where it can.</summary>
    internal MessageText? WhyNotUsable =>
        !IsOfPeople ? (MessageText)"an audience of accounts"
        : State?.ToUpperInvariant() is "DRAFT" ? (MessageText)"a draft"
        : State?.ToUpperInvariant() is "INACTIVE" or "ARCHIVED" ? MessageText.AsIs(State.ToLowerInvariant())
        : null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
