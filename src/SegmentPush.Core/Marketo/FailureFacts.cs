namespace SegmentPush.Marketo;

/// <summary>What is known of a failed call besides its rule.</summary>
internal sealed record FailureFacts
{
    public static readonly FailureFacts None = new();

    public string? Code { get; init; }

    public IReadOnlyList<string> Codes { get; init; } = [];

    public string? RequestId { get; init; }

    public int? HttpStatus { get; init; }

    /// <summary>How long the server asks to wait, already bounded.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public DateTimeOffset? QuotaResets { get; init; }
}
