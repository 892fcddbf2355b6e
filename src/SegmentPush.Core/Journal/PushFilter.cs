namespace SegmentPush.Journal;

/// <summary>Which pushes to read; every condition that is given must hold.</summary>
internal sealed record PushFilter
{
    public IReadOnlyList<Guid> Ids { get; init; } = [];

    public IReadOnlyList<PushState> States { get; init; } = [];

    /// <summary>The instance of Marketo; null for all.</summary>
    public string? Instance { get; init; }

    public long? StaticListId { get; init; }

    /// <summary>Whole name of the list, compared without case.</summary>
    public string? StaticListName { get; init; }

    /// <summary>Names of destinations, compared without case.</summary>
    public IReadOnlyList<string> Destinations { get; init; } = [];

    /// <summary>Pushes that began at this moment or later; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Pushes that began before this moment; null for all.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Pushes that wrote to the journal at this moment or later; null for all.</summary>
    public DateTimeOffset? StoodSince { get; init; }

    /// <summary>Whether to leave undos out.</summary>
    public bool WithoutUndos { get; init; }

    /// <summary>At most this many, the newest.</summary>
    public int? Last { get; init; }
}
