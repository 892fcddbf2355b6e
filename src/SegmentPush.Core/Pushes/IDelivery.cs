using System.Threading.Channels;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>A way to reach Marketo. It settles each person once.</summary>
internal interface IDelivery
{
    /// <summary>Delivers people until there are no more.</summary>
    /// <param name="people">Batches of up to 300, each person's identity once in the push.</param>
    /// <param name="cancellation">Stops it, also in the middle of a call.</param>
    Task DeliverAsync(ChannelReader<IReadOnlyList<Person>> people, CancellationToken cancellation);
}
