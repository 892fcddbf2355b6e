namespace SegmentPush.Marketo;

/// <summary>One attempt of a call that may change people or lists. Where it ends without an answer, nobody is told that it has ended.</summary>
/// <param name="call">The call.</param>
/// <param name="now">Tells the moment by Marketo's clock.</param>
internal sealed class ChangeAttempt(MarketoCall call, Func<DateTimeOffset> now) : IDisposable
{
    private const int MostTimes = 3;

    // Marketo's clock tells seconds.
    private static readonly TimeSpan s_exact = TimeSpan.FromSeconds(1);

    private readonly IChangeWatch? _watch = call.RunsFor is null ? null : CallGuard.Watch;
    private DateTimeOffset _runsUntil;
    private bool _isTold, _isOpen;

    private DateTimeOffset End => now() + call.RunsFor!.Value;

    /// <summary>Tells until when it runs if it is sent now, unless that was told already. Who is told may take long.</summary>
    public void Tell()
    {
        if (_watch is null) return;
        for (int i = 0; i < MostTimes && (!_isTold || End - _runsUntil > s_exact); i++)
        {
            if (_isTold) _watch.Ended(_runsUntil);
            (_runsUntil, _isTold) = (End, false);
            _watch.Sending(_runsUntil);
            _isTold = true;
        }
    }

    /// <summary>Notes that it leaves.</summary>
    public void Leave() => _isOpen = true;

    /// <summary>Notes that Marketo does not execute it any more.</summary>
    public void Answered() => _isOpen = false;

    public void Dispose()
    {
        if (_isTold && !_isOpen) _watch!.Ended(_runsUntil);
    }
}
