using System.Threading.Channels;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>Waits for as many people as it takes to choose a delivery, then lets that one deliver.</summary>
/// <param name="options">What the user leaves open.</param>
/// <param name="target">What the push is aimed at.</param>
/// <param name="make">Makes the delivery.</param>
internal sealed class AutoDelivery(PushOptions options, PushTarget target, Func<Delivery, IDelivery> make) : IDelivery
{
    /// <inheritdoc/>
    public async Task DeliverAsync(ChannelReader<IReadOnlyList<Person>> people, CancellationToken cancellation)
    {
        int most = DeliveryChoice.SyncUpTo(options, target);
        var seen = new Queue<IReadOnlyList<Person>>();
        int count = 0;
        while (count <= most && await people.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            while (count <= most && people.TryRead(out var batch))
            {
                seen.Enqueue(batch);
                count += batch.Count;
            }
        }

        var all = Channel.CreateBounded<IReadOnlyList<Person>>(1);
        var forwarding = ForwardAsync(seen, people, all.Writer, cancellation);
        await make(DeliveryChoice.For(options, target, count).Delivery).DeliverAsync(all.Reader, cancellation).ConfigureAwait(false);
        await forwarding.ConfigureAwait(false);
    }

    private static async Task ForwardAsync(
        Queue<IReadOnlyList<Person>> seen, ChannelReader<IReadOnlyList<Person>> rest, ChannelWriter<IReadOnlyList<Person>> all, CancellationToken cancellation)
    {
        Exception? fault = null;
        try
        {
            while (seen.TryDequeue(out var batch)) await all.WriteAsync(batch, cancellation).ConfigureAwait(false);
            await foreach (var batch in rest.ReadAllAsync(cancellation).ConfigureAwait(false))
                await all.WriteAsync(batch, cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fault = e;
        }
        finally
        {
            all.Complete(fault);
        }
    }
}
