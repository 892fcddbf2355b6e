using System.Threading.Channels;
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
    private long _last;

    public ProgressTeller(
        Settlement settlement, SegmentIntake intake, MarketoConnection connection, ChannelWriter<PushEvent> events)
    {
        _settlement = settlement;
        _intake = intake;
        _connection = connection;
        _events = events;
        _last = connection.Time.GetTimestamp();
        connection.CallFinished += Tell;
    }

    public void Dispose() => _connection.CallFinished -= Tell;

    private void Tell(CallReport report)
    {
        long last = Interlocked.Read(ref _last);
        if (_connection.Time.GetElapsedTime(last) < s_interval) return;
        if (Interlocked.CompareExchange(ref _last, _connection.Time.GetTimestamp(), last) != last) return;

        var status = _settlement.Status;
        long settled = status.Activated + status.Excluded + status.Failed;
        double? share = status.Received == 0 ? 0 : _intake.Share * settled / status.Received;
        TimeSpan? left = share is > 0.01 ? status.Duration / share.Value * (1 - share.Value) : null;
        _events.TryWrite(new PushProgressed(status, share, left));
    }
}
