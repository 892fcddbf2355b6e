using SegmentPush.Marketo;

namespace SegmentPush.Marketo;

/// <summary>How files are imported.</summary>
internal sealed record BulkOptions
{
    /// <summary>How long to wait before asking for the first time how an import stands.</summary>
    public TimeSpan FirstPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait at most between two askings.</summary>
    public TimeSpan LongestPoll { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait at most for imports of others into the list, for a place in a queue, or for an extract.</summary>
    public TimeSpan LongestQueue { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Largest file.</summary>
    public int MaxFileBytes { get; init; } = LeadImports.MaxFileBytes;

    /// <summary>Least number of people with values for the same fields that is worth the calls of an import file.</summary>
    public int LeastPeoplePerFile { get; init; } = 1_500;

    /// <summary>Most people that <see cref="Delivery.Auto"/> delivers by sync calls; half of it where company fields are created, a quarter for a destination.</summary>
    public int SyncUpTo { get; init; } = 20_000;

    /// <summary>Most people on a list that is read page by page rather than by a bulk extract.</summary>
    public int PagesUpTo { get; init; } = 15_000;

    /// <summary>The next interval after one.</summary>
    public static TimeSpan Next(TimeSpan wait, TimeSpan longest) => PollInterval.Next(wait, longest);

    /// <summary>The usual options, with the first interval that <c>SEGMENTPUSH_POLL_SECONDS</c> names.</summary>
    /// <exception cref="SegmentPushException">It names no number of seconds (<c>PollSecondsMalformed</c>).</exception>
    public static BulkOptions FromEnvironment() =>
        PollInterval.FromEnvironment() is { } first ? new BulkOptions { FirstPoll = first } : new BulkOptions();
}
