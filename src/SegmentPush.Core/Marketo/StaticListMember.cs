namespace SegmentPush.Marketo;

/// <summary>A person on a static list.</summary>
public sealed record StaticListMember
{
    /// <summary>The list.</summary>
    public required long StaticListId { get; init; }

    /// <summary>The person's id in Marketo.</summary>
    public required long Id { get; init; }

    /// <summary>Address; null where the person has none.</summary>
    public string? Email { get; init; }

    /// <summary>First name; null where the person has none.</summary>
    public string? FirstName { get; init; }

    /// <summary>Last name; null where the person has none.</summary>
    public string? LastName { get; init; }

    /// <summary>When the person was last updated; null where Marketo does not say.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Values of the further fields that were asked for, by REST API name; empty where none were.</summary>
    public IReadOnlyDictionary<string, string?> MoreFields { get; init => field = ShownValues.Of(value); } = ShownValues.Of(new Dictionary<string, string?>());

    /// <summary>The person's id in Marketo, and its list. It holds nothing else of the person.</summary>
    public override string ToString() => MessageText.Say($"Person {Id} on static list {StaticListId}");
}
