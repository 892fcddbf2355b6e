namespace SegmentPush.Marketo;

/// <summary>A static list of the instance.</summary>
public sealed record StaticList
{
    /// <summary>REST id; the number after <c>#ST</c> in the list's address in Marketo's UI.</summary>
    public required long Id { get; init; }

    /// <summary>Name; several lists may have the same one.</summary>
    public required string Name { get; init; }

    /// <summary>Description; null where there is none.</summary>
    public string? Description { get; init; }

    /// <summary>Program that the list belongs to; null for a list outside programs.</summary>
    public string? ProgramName { get; init; }

    /// <summary>Workspace; null where the instance has none.</summary>
    public string? WorkspaceName { get; init; }

    /// <summary>When it was made; null where Marketo does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed as an asset (its members do not count); null where Marketo does not say.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
