using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>How all pushes of one command ended, with one push for each destination.</summary>
public sealed record PushSummary
{
    /// <summary>Destinations that came through the pipeline.</summary>
    public required int Destinations { get; init; }

    /// <summary>Pushes that have completed.</summary>
    public required int Completed { get; init; }

    /// <summary>Destinations with nothing to do: not started, ended, pushed before, or refused by the user.</summary>
    public required int NothingToDo { get; init; }

    /// <summary>Pushes that can be resumed as they are.</summary>
    public required int Interrupted { get; init; }

    /// <summary>Pushes that failed, or could not begin.</summary>
    public required int Failed { get; init; }

    /// <summary>What went wrong, a line for each destination: its name and the id of the error.</summary>
    public required IReadOnlyList<string> Errors { get; init => field = ShownList.Of(value); }

    /// <summary>When the first push began, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When the last push ended, UTC.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>The worst exit code of all: 1 is worse than 3, then come 4, 2 and 0.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The summary in a line.</summary>
    public override string ToString() =>
        MessageText.Say($"{Counted.Destinations(Destinations)}: {Completed} completed, {NothingToDo} with nothing to do, {Interrupted} interrupted, {Failed} failed; exit code {ExitCode}");

    /// <summary>The summary of what became of destinations.</summary>
    /// <param name="endings">How each ended.</param>
    /// <param name="started">When the first one began.</param>
    /// <param name="ended">When the last one ended.</param>
    internal static PushSummary Of(IReadOnlyList<DestinationEnding> endings, DateTimeOffset started, DateTimeOffset ended) => new()
    {
        Destinations = endings.Count,
        Completed = endings.Count(ending => ending is { State: PushState.Completed, ExitCode: ExitCodes.Done }),
        NothingToDo = endings.Count(ending => ending.State != PushState.Completed && ending.ExitCode == ExitCodes.Done),
        Interrupted = endings.Count(ending => ending.ExitCode == ExitCodes.Interrupted),
        Failed = endings.Count(ending => ending.ExitCode is not (ExitCodes.Done or ExitCodes.Interrupted)),
        Errors = [.. endings.Where(ending => ending.ExitCode != ExitCodes.Done).Select(ending => $"{ending.Destination}: {ending.ErrorId ?? $"{ending.State}"}")],
        Started = started,
        Ended = ended,
        ExitCode = ExitCodes.Worst(endings.Select(ending => ending.ExitCode)),
    };
}

/// <summary>How the push of one of several destinations ended.</summary>
/// <param name="Destination">Name of the destination.</param>
/// <param name="State">State of its push; null where the user refused it, and where it left none.</param>
/// <param name="ErrorId">The error that ended it; null where none did.</param>
/// <param name="ExitCode">Its exit code.</param>
internal sealed record DestinationEnding(string Destination, PushState? State, string? ErrorId, int ExitCode)
{
    /// <summary>The ending of a push that has a status.</summary>
    public static DestinationEnding Of(string destination, PushStatus status) => new(destination, status.State, status.ErrorId, status.ExitCode);
}
