namespace SegmentPush.Journal;

/// <summary>Errors about pushes that are not there, or that are not as the caller needs them.</summary>
internal static class PushErrors
{
    /// <summary>The error for a push that the journal does not hold.</summary>
    public static SegmentPushException NotFound(Guid id) => new(
        "PushNotFound",
        $"The journal holds no push {id}.",
        "Get-PushStatus -Last 10 shows the newest; -Journal, SEGMENTPUSH_HOME or SEGMENTPUSH_JOURNAL chooses another journal.",
        id);

    /// <summary>The error for a push that runs.</summary>
    public static SegmentPushException Running(Guid id) => new(
        "PushRunning", $"The push {PushIds.Short(id)} is under way in another process.", "Get-PushStatus shows how it stands. Wait until it has ended, or press Ctrl+C in its window, or end its process.", id);

    /// <summary>The error of a push that a newer one, or an undo, has superseded.</summary>
    public static SegmentPushException Superseded(PushStatus push) => new(
        "Superseded",
        $"A newer push of the destination '{push.Destination}', or an undo, has completed since the push {push.ShortId} was interrupted, so a resume would bring back what it has changed.",
        "Push today's segment instead. Where the older push is wanted all the same, resume it with -Force; Stop-SegmentPush gives it up.",
        push.Id);

    /// <summary>The error for a push that has a call or an import under way, so that the journal must not forget it.</summary>
    public static SegmentPushException CreatesOpen(Guid id) => new(
        "CreatesOpen",
        $"A call or an import of the push {PushIds.Short(id)} may still run in Marketo, and the next push would not wait for it if the journal forgot it.",
        "For a call, wait 90 seconds. For an import, resume the push, or push the segment again; after that, or after seven days, the push can be removed.",
        id);

    /// <summary>The error for a destination that can't be changed while a push runs.</summary>
    public static SegmentPushException DestinationBusy(string name, Guid push) => new(
        "DestinationBusy",
        $"The destination '{name}' is being pushed to by the push {PushIds.Short(push)}.",
        "Wait until that push has ended (Get-PushStatus shows it), or stop it.",
        name);

    /// <summary>The error where a row is not as it should be for somebody's outcome.</summary>
    public static SegmentPushException SettledTwice() => new(
        "SumsDisagree", "Somebody was to be settled twice.", "This is a fault of SegmentPush: report it; the journal holds what is certain.");

    /// <summary>Why a push can't be given up; null where it can.</summary>
    public static SegmentPushException? FindReasonAgainstAbandoning(PushStatus push) => push.State is PushState.Completed or PushState.AlreadyPushed
        ? new SegmentPushException("NothingToAbandon", $"The push {push.ShortId} is complete, so there is nothing to give up.", "Undo-SegmentPush takes a push back.", push.Id)
        : null;

    /// <summary>Why a push can't be resumed; null where it can.</summary>
    /// <param name="push">The push.</param>
    /// <param name="evenIfSuperseded">Whether it may be resumed although a newer push of its destination has completed.</param>
    public static SegmentPushException? FindReasonAgainstResume(PushStatus push, bool evenIfSuperseded) => push switch
    {
        { State: PushState.Completed } => new SegmentPushException(
            "NothingToResume", $"The push {push.ShortId} is complete.", "Push the segment again to bring its list up to date.", push.Id),
        { State: PushState.AlreadyPushed } => new SegmentPushException(
            "NothingToResume", $"The push {push.ShortId} had nothing to do: {push.Reason}", "Push the segment again, without -Once where it is wanted all the same.", push.Id),
        { State: PushState.Abandoned } => new SegmentPushException(
            "Abandoned", $"The push {push.ShortId} was given up and can't be resumed.", "Push the segment again: nobody is created twice.", push.Id),
        { UndoOf: { } undone } => new SegmentPushException(
            "NotResumable",
            $"The push {push.ShortId} undoes the push {PushIds.Short(undone)}. An undo is not resumed, but done again as a whole.",
            push.IsSuperseded ? (MessageText)"Get-PushStatus shows what the newer pushes of the destination have done since." : $"Run Undo-SegmentPush -Id {PushIds.Short(undone)} again.",
            push.Id),
        { State: PushState.Failed, HasBegun: false } => new SegmentPushException(
            "NothingToResume",
            $"The push {push.ShortId} failed before it began, so there is nothing to resume: {push.Reason}",
            "Mend what the reason names, and push the segment again.",
            push.Id),
        { IsSuperseded: true } when !evenIfSuperseded => Superseded(push),
        { State: PushState.Failed, CanBeResumed: false, IsSuperseded: false } => new SegmentPushException(
            "NothingToResume",
            $"The push {push.ShortId} has ended for good, and a resume would end the same: {push.Reason}",
            "Mend the file or the mapping, and push the segment again: nobody is created twice.",
            push.Id),
        _ => null,
    };
}
