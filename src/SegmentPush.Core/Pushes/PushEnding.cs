using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>How a push ends: the one table from what stopped it to state, reason, error and exit code.</summary>
/// <param name="State">Its state.</param>
/// <param name="Reason">Why it did not complete; null where it did.</param>
/// <param name="ErrorId">The error that ended it; null where none did.</param>
internal sealed record PushEnding(PushState State, string? Reason, string? ErrorId)
{
    /// <summary>What a scheduled task may end with, the same from the status and from the exception.</summary>
    public int ExitCode => ExitCodes.Of(State, ErrorId);

    /// <summary>Whether the push had begun: its target was resolved.</summary>
    public bool HasBegun { get; init; } = true;

    /// <summary>What stopped the push, where no error did.</summary>
    public PushStop Stop { get; private init; }

    /// <summary>The ending that an exception brings. What passes by itself interrupts a push; all other errors need somebody.</summary>
    /// <param name="stopped">The exception; null where all was done.</param>
    public static PushEnding Of(Exception? stopped) => stopped switch
    {
        null => new PushEnding(PushState.Completed, null, null),
        OperationCanceledException => OfStop(PushStop.Stopped),
        SegmentPushException { PassesByItself: true } error => new PushEnding(PushState.Interrupted, error.Message, error.ErrorId),
        SegmentPushException error => new PushEnding(PushState.Failed, error.Message, error.ErrorId),
        _ => new PushEnding(PushState.Failed, MessageText.Say($"Unexpected error: {stopped.GetType().Name}"), "InternalFault"),
    };

    /// <summary>The ending of a push that was stopped.</summary>
    public static PushEnding OfStop(PushStop stop) => new(PushState.Interrupted, TextOf(stop)?.ToString(), null) { Stop = stop };

    /// <summary>What a stop is to users; null for none.</summary>
    public static MessageText? TextOf(PushStop stop) => stop switch
    {
        PushStop.Stopped => Stopped,
        PushStop.StoppedInPipeline => StoppedInPipeline,
        _ => null,
    };

    private static MessageText Stopped => "Stopped by the user.";

    private static MessageText StoppedInPipeline => "Stopped before the last object of the pipeline had come, by the user or by another command of the pipeline.";

    /// <summary>The ending of a push that had nothing to do.</summary>
    /// <param name="earlier">The push that has done the same.</param>
    public static PushEnding OfAlreadyPushed(PushStatus earlier) =>
        new(PushState.AlreadyPushed, MessageText.Say($"The push {earlier.ShortId} has pushed the same content to the destination '{earlier.Destination}'."), null);

    /// <summary>The ending of a push whose resume could not even begin: it stays as it was, so that it can be resumed.</summary>
    public static PushEnding OfResumeThatDidNotBegin(Exception stopped) => Of(stopped) with { State = PushState.Interrupted };

    /// <summary>The ending of a push that failed before it began. It has nothing to resume.</summary>
    public static PushEnding OfFailedStart(Exception stopped) => Of(stopped) with { State = PushState.Failed, HasBegun = false };

    /// <summary>The same ending with an error that came after all people were delivered.</summary>
    public PushEnding With(SegmentPushException later) => this with { Reason = Reason ?? later.Message, ErrorId = ErrorId ?? later.ErrorId };
}
