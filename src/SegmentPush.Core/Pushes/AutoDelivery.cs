using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
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
        var seen = new ConcurrentQueue<IReadOnlyList<Person>>();
        int count = 0;
        while (count <= most && await people.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            while (count <= most && people.TryRead(out var batch))
            {
                seen.Enqueue(batch);
                count += batch.Count;
            }
        }

        var delivery = make(DeliveryChoice.For(options, target, count).Delivery);
        await delivery.DeliverAsync(new Resumed(seen, people), cancellation).ConfigureAwait(false);
    }

    // Those who were seen, and then the rest.
    private sealed class Resumed(ConcurrentQueue<IReadOnlyList<Person>> seen, ChannelReader<IReadOnlyList<Person>> rest) : ChannelReader<IReadOnlyList<Person>>
    {
        public override bool TryRead([MaybeNullWhen(false)] out IReadOnlyList<Person> item) => seen.TryDequeue(out item) || rest.TryRead(out item);

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) =>
            seen.IsEmpty ? rest.WaitToReadAsync(cancellationToken) : ValueTask.FromResult(true);
    }
}
