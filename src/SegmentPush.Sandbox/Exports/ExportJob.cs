namespace SegmentPush.Sandbox.Exports;

/// <summary>One export and what has become of it.</summary>
internal sealed class ExportJob(ExportRequest request, DateTimeOffset created, CancellationTokenSource stop)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public ExportRequest Request => request;

    /// <summary>Ends the work on it.</summary>
    public CancellationTokenSource Stop => stop;

    public DateTimeOffset CreatedAt => created;

    public DateTimeOffset? QueuedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public bool IsCancelled { get; set; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Error { get; set; }

    /// <summary>The file; null where it is not finished.</summary>
    public ExportFile? File { get; set; }

    /// <summary>Whether it is in the queue or at work.</summary>
    public bool IsOpen => QueuedAt is not null && FinishedAt is null && !IsCancelled;

    /// <summary>The status that a client is told at a time.</summary>
    /// <param name="now">That time.</param>
    /// <param name="interval">How often the status moves after the job was enqueued.</param>
    public string StatusAt(DateTimeOffset now, TimeSpan interval)
    {
        if (IsCancelled) return "Cancelled";
        if (QueuedAt is not { } queued) return "Created";
        var seen = interval > TimeSpan.Zero ? queued + (interval * Math.Floor((now - queued) / interval)) : now;
        if (FinishedAt <= seen) return Error is null ? "Completed" : "Failed";
        return StartedAt <= seen ? "Processing" : "Queued";
    }
}
