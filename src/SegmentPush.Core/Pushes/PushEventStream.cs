using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SegmentPush.Pushes;

/// <summary>Runs a push apart from its listener, and hands its events over.</summary>
internal static class PushEventStream
{
    /// <summary>Runs a push. A listener that stops listening stops the push.</summary>
    /// <param name="make">Makes the push, which gets where its events go.</param>
    /// <param name="cancellation">Stops the push.</param>
    public static async IAsyncEnumerable<PushEvent> RunAsync(
        Func<ChannelWriter<PushEvent>, Func<CancellationToken, Task>> make, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var events = Channel.CreateUnbounded<PushEvent>(new UnboundedChannelOptions { SingleReader = true });
        var run = make(events.Writer);
        PushTelemetry? telemetry = null;
        Exception? fault = null;
        var work = Task.Run(
            async () =>
            {
                try
                {
                    // Here, so that the calls of the push belong to its activity.
                    telemetry = PushTelemetry.Begin();
                    await run(stop.Token).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    fault = e;
                }
                finally
                {
                    events.Writer.Complete(fault);
                }
            },
            CancellationToken.None);
        try
        {
            // The push itself ends the events, also when it is cancelled: the last one says how far it came.
            await foreach (var happened in events.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                telemetry?.Note(happened);
                yield return happened;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(false);
            while (telemetry is not null && events.Reader.TryRead(out var unheard)) telemetry.Note(unheard);
            telemetry?.End(fault);
        }
    }
}
