namespace SegmentPush.Marketo;

/// <summary>The calls of one of Marketo's days, which end at midnight US Central.</summary>
public sealed record UsageDay
{
    /// <summary>The day, at midnight.</summary>
    public required DateTime Date { get; init; }

    /// <summary>Calls of all integrations.</summary>
    public required long Calls { get; init; }

    /// <summary>Share of the daily quota that these calls are, 0 to 1.</summary>
    public required double QuotaShare { get; init; }

    /// <summary>Calls that ended with an error of Marketo's; null where Marketo does not say.</summary>
    public long? Errors { get; init; }

    /// <summary>Who made the calls.</summary>
    public required IReadOnlyList<UserCalls> Users { get; init => field = ShownList.Of(value); }

    /// <summary>The errors by their code.</summary>
    public IReadOnlyList<CodeCount> ErrorCodes { get; init => field = ShownList.Of(value); } = ShownList.Of<CodeCount>([]);

    /// <inheritdoc/>
    public override string ToString() => $"{Date:yyyy-MM-dd}: {Counted.Calls(Calls)}";
}

/// <summary>The calls that one API-only user made.</summary>
/// <param name="User">Address of the user.</param>
/// <param name="Calls">How many.</param>
public sealed record UserCalls(string User, long Calls)
{
    /// <inheritdoc/>
    public override string ToString() => $"{User}: {Calls}";
}

/// <summary>How often an error of Marketo's came.</summary>
/// <param name="Code">Marketo's code, such as <c>606</c>.</param>
/// <param name="Count">How often.</param>
public sealed record CodeCount(string Code, long Count)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {Count}";
}
