namespace SegmentPush.Schedules;

/// <summary>A task that pushes destinations at certain times. It holds no secret.</summary>
public sealed record SegmentPushTask
{
    /// <summary>Its name; two that differ in case only are the same.</summary>
    public required string Name { get; init; }

    /// <summary>Names of the destinations that it pushes where they are due, with or without wildcards.</summary>
    public required IReadOnlyList<string> Destination { get; init => field = ShownList.Of(value); }

    /// <summary>When it starts: a time of the day, on the clock of the machine.</summary>
    public required TimeOnly At { get; init; }

    /// <summary>How often it starts within a day; null for once.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>What starts it.</summary>
    public required PushScheduler Scheduler { get; init; }

    /// <summary>The user that it runs as, where that is not the one who has registered it; null otherwise.</summary>
    public string? RunAs { get; init; }

    /// <summary>Folder of its logs.</summary>
    public required string LogPath { get; init; }

    /// <summary>Script that runs where the task ends with another exit code than 0; null for none.</summary>
    public string? OnFailure { get; init; }

    /// <summary>The folder of journal and accounts, where <c>SEGMENTPUSH_HOME</c> named it; null otherwise.</summary>
    public string? Home { get; init; }

    /// <summary>The journal; null for that of the user.</summary>
    public string? Journal { get; init; }

    /// <summary>Folder of the module that has registered it.</summary>
    public required string Module { get; init; }

    /// <summary>Whether the scheduler has it; null where it was not asked.</summary>
    public bool? IsRegistered { get; init; }

    /// <summary>When it started last, UTC; null where it never did.</summary>
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>How it ended last; null while it runs, and where it never did.</summary>
    public int? LastExitCode { get; init; }

    /// <summary>When it starts next, in the machine's zone.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>What the scheduler gets, as text: the task's XML, the units, or the lines of the crontab.</summary>
    public string? Definition { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
