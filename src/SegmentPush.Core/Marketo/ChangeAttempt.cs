namespace SegmentPush.Marketo;

/// <summary>One attempt of a call that may change people or lists. Where it ends without an answer, nobody is told that it has ended.</summary>
internal sealed class ChangeAttempt : IDisposable
{
    private readonly IChangeWatch? _watch;
    private readonly DateTimeOffset _runsUntil;
    private bool _isOpen;

    private ChangeAttempt(IChangeWatch? watch, DateTimeOffset runsUntil) => (_watch, _runsUntil) = (watch, runsUntil);

    /// <summary>Tells that an attempt is about to be sent, where its call changes something.</summary>
    /// <param name="call">The call.</param>
    /// <param name="now">The moment by Marketo's clock.</param>
    public static ChangeAttempt Begin(MarketoCall call, DateTimeOffset now)
    {
        var attempt = call.RunsFor is { } time ? new ChangeAttempt(CallGuard.Watch, now + time) : new ChangeAttempt(null, now);
        attempt._watch?.Sending(attempt._runsUntil);
        return attempt;
    }

    /// <summary>Notes that it leaves.</summary>
    public void Leave() => _isOpen = true;

    /// <summary>Notes that Marketo does not execute it any more.</summary>
    public void Answered() => _isOpen = false;

    public void Dispose()
    {
        if (!_isOpen) _watch?.Ended(_runsUntil);
    }
}
