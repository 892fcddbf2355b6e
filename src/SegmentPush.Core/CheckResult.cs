namespace SegmentPush;

/// <summary>How a check went.</summary>
public enum CheckOutcome
{
    /// <summary>All is well.</summary>
    Passed = 0,

    /// <summary>It works, and something should be looked at.</summary>
    Warning = 1,

    /// <summary>It does not work.</summary>
    Failed = 2,

    /// <summary>It was not checked; the detail says why.</summary>
    Skipped = 3,
}

/// <summary>One check of a connection or a destination: what was found, and what to do.</summary>
public sealed record CheckResult
{
    /// <summary>What was checked: the connection's instance, or the destination.</summary>
    public required string Target { get; init; }

    /// <summary>Name of the check, such as <c>Token</c>.</summary>
    public required string Check { get; init; }

    /// <summary>How it went.</summary>
    public required CheckOutcome Outcome { get; init; }

    /// <summary>What was found, in a sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do; null where there is nothing to do.</summary>
    public string? Action { get; init; }

    /// <summary>Stable name of the error that was found, such as <c>AccessDenied</c>; null where none was.</summary>
    public string? ErrorId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => MessageText.Say($"{Check} of {Target}: {Outcome}, {Detail}");

    /// <summary>The result of a check that ended with an error.</summary>
    internal static CheckResult Of(string target, string check, SegmentPushException error) => new()
    {
        Target = target, Check = check, Outcome = CheckOutcome.Failed, Detail = error.Message, Action = error.RecommendedAction, ErrorId = error.ErrorId,
    };
}
