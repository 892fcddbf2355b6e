using System.Threading.Channels;
using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Tells where a push stands when a call has ended, at most four times a second.</summary>
internal sealed class ProgressTeller : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    private readonly Settlement _settlement;
    private readonly SegmentIntake _intake;
    private readonly MarketoConnection _connection;
    private readonly ChannelWriter<PushEvent> _events;
    private readonly RemainingTime _left;
    private readonly long _callsBefore;
    private long _last;

    public ProgressTeller(
        Settlement settlement, SegmentIntake intake, MarketoConnection connection, ChannelWriter<PushEvent> events)
    {
        _settlement = settlement;
        _intake = intake;
        _connection = connection;
        _events = events;
        _last = connection.Time.GetTimestamp();
        _callsBefore = settlement.Status.Calls;
        _left = new RemainingTime(connection.Time, Share(settlement.Status) ?? 0, connection.CallsPer20Seconds);
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
        return new PushProgressed(status, share, share is { } now ? _left.Of(now, status.Calls - _callsBefore) : null);
    }

    private double? Share(PushStatus status) => status.Received == 0 ? 0 : _intake.Share * (status.Activated + status.Excluded + status.Failed) / status.Received;
}
