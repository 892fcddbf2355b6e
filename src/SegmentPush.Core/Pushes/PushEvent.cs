using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Platform;

namespace SegmentPush.Pushes;

/// <summary>What a push tells while it runs.</summary>
internal abstract record PushEvent;

/// <summary>The push is in the journal; from here on its status can be read by others.</summary>
internal sealed record PushStarted(PushStatus Status) : PushEvent;

/// <summary>A part of the push begins.</summary>
/// <param name="Status">Sums so far.</param>
/// <param name="Text">What it does, such as <c>Delivering people</c>.</param>
internal sealed record PushPhaseBegan(PushStatus Status, MessageText Text) : PushEvent;

/// <summary>Where the push stands.</summary>
/// <param name="Status">Sums so far.</param>
/// <param name="Share">How much of the segment is done, from 0 to 1; null where its size is not known.</param>
/// <param name="TimeLeft">How long the rest takes at the speed so far; null where that can't be told yet.</param>
internal sealed record PushProgressed(PushStatus Status, double? Share, TimeSpan? TimeLeft) : PushEvent;

/// <summary>The export of an audience that the push reads has come further.</summary>
/// <param name="Status">The push.</param>
/// <param name="Progress">How far it has come.</param>
internal sealed record AudienceExported(PushStatus Status, ExportProgress Progress) : PushEvent;

/// <summary>From here on it can be asked at any time where the push stands.</summary>
/// <param name="Now">Tells it.</param>
internal sealed record PushMeasured(Func<PushProgressed> Now) : PushEvent;

/// <summary>The push waits for something that is no call.</summary>
/// <param name="Wait">What it waits for; null where it goes on.</param>
internal sealed record PushWaits(WorkWait? Wait) : PushEvent;

/// <summary>An attempt of a call ended.</summary>
internal sealed record CallFinished(CallReport Report) : PushEvent;

/// <summary>Something that the user should know, and that stops nothing.</summary>
internal sealed record PushWarned(MessageText Message) : PushEvent;

/// <summary>The push ended; always the last event.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Error">Why it did not complete; null where it did, and where it was cancelled.</param>
internal sealed record PushEnded(PushStatus Status, SegmentPushException? Error) : PushEvent
{
    /// <summary>What stopped it, where no error did.</summary>
    public PushStop Stop { get; init; }
}
