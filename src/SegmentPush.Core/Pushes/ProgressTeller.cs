using System.Threading.Channels;
using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Tells several times a second where a push stands, whenever a call has ended.</summary>
internal sealed class ProgressTeller : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    private readonly Settlement _settlement;
    private readonly SegmentIntake _intake;
    private readonly MarketoConnection _connection;
    private readonly ChannelWriter<PushEvent> _events;
    private readonly long _started;
    private readonly double _shareBefore;
    private long _last;

    public ProgressTeller(
        Settlement settlement, SegmentIntake intake, MarketoConnection connection, ChannelWriter<PushEvent> events)
    {
        _settlement = settlement;
        _intake = intake;
        _connection = connection;
        _events = events;
        _started = _last = connection.Time.GetTimestamp();
        _shareBefore = Share(settlement.Status) ?? 0;
        events.TryWrite(new PushMeasured(Measure));
        connection.CallFinished += Tell;
    }

    public void Dispose() => _connection.CallFinished -= Tell;

    private void Tell(CallReport report)
    {
        long last = Interlocked.Read(ref _last);
        if (_connection.Time.GetElapsedTime(last) < s_interval) return;
        if (Interlocked.CompareExchange(ref _last, _connection.Time.GetTimestamp(), last) != last) return;
        _events.TryWrite(Measure());
    }

    private PushProgressed Measure()
    {
        var status = _settlement.Status;
        double? share = Share(status);
        var left = share is { } now ? TimeLeft(_connection.Time.GetElapsedTime(_started), _shareBefore, now) : null;
        return new PushProgressed(status, share, left);
    }

    /// <summary>How long the rest takes at the speed so far. What an earlier process did, and the time since then, do not count.</summary>
    /// <param name="elapsed">Time since this process began with the push.</param>
    /// <param name="before">Share that was done by then, 0 to 1.</param>
    /// <param name="now">Share that is done now, 0 to 1.</param>
    /// <returns>Null where too little was done to tell.</returns>
    internal static TimeSpan? TimeLeft(TimeSpan elapsed, double before, double now) =>
        now - before > 0.01 ? elapsed / (now - before) * (1 - now) : null;

    private double? Share(PushStatus status) => status.Received == 0 ? 0 : _intake.Share * (status.Activated + status.Excluded + status.Failed) / status.Received;
}
