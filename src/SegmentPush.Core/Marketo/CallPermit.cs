namespace SegmentPush.Marketo;

/// <summary>Leave to send one call. Disposed when the answer is there.</summary>
internal sealed class CallPermit : IDisposable
{
    private readonly CallPace _pace;
    private int _sent;
    private int _ended;

    internal CallPermit(CallPace pace, int place, TimeSpan granted)
    {
        _pace = pace;
        Place = place;
        Granted = granted;
    }

    internal int Place { get; }

    internal TimeSpan Granted { get; }

    /// <summary>Notes that the call has left this machine. The window is counted from here, not from the permission:
    /// setting up a connection in between takes time.</summary>
    public void Sent()
    {
        if (Interlocked.Exchange(ref _sent, 1) == 0)
        {
            _pace.Sent(this);
        }
    }

    public void Dispose()
    {
        Sent();
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _pace.Ended();
        }
    }
}
