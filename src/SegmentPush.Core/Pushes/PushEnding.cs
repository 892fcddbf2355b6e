namespace SegmentPush.Pushes;

/// <summary>How a push ends.</summary>
/// <param name="State">Its state.</param>
/// <param name="Reason">Why it did not complete; null where it did.</param>
/// <param name="ErrorId">The error that ended it; null where none did.</param>
internal sealed record PushEnding(PushState State, string? Reason, string? ErrorId)
{
    /// <summary>The ending that an exception brings. What passes by itself interrupts a push; all other errors need somebody.</summary>
    /// <param name="stopped">The exception; null where all was done.</param>
    /// <param name="stays">Whether the push is left as it was: it could not even begin to be resumed.</param>
    public static PushEnding Of(Exception? stopped, bool stays = false) => stopped switch
    {
        null => new PushEnding(PushState.Completed, null, null),
        OperationCanceledException => new PushEnding(PushState.Interrupted, "Stopped by the user.", null),
        SegmentPushException error => new PushEnding(error.PassesByItself || stays ? PushState.Interrupted : PushState.Failed, error.Message, error.ErrorId),
        _ => new PushEnding(PushState.Failed, "Unexpected error: " + stopped.GetType().Name, null),
    };
}
