using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SegmentPush;

/// <summary>Reads on one thread while another works on what was read last.</summary>
internal static class ReadAhead
{
    /// <summary>Reads items ahead.</summary>
    /// <param name="read">Begins the reading, which ends when it is told to.</param>
    /// <param name="most">At most so many wait to be worked on.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The items in their order; a fault of the reading comes after those that were read before it.</returns>
    public static IAsyncEnumerable<T> Of<T>(Func<CancellationToken, IEnumerable<T>> read, int most, CancellationToken cancellation) =>
        Of(stop => AsyncOf(read(stop)), most, cancellation);

    /// <inheritdoc cref="Of{T}(Func{CancellationToken, IEnumerable{T}}, int, CancellationToken)"/>
    public static async IAsyncEnumerable<T> Of<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> read, int most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ahead = Channel.CreateBounded<T>(new BoundedChannelOptions(most) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadAsync(read(stop.Token), ahead.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var item in ahead.Reader.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return item;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    // What LINQ has for it would be an assembly more to load.
    private static async IAsyncEnumerable<T> AsyncOf<T>(IEnumerable<T> items)
    {
        foreach (var item in items) yield return item;
        await Task.CompletedTask.ConfigureAwait(false);
    }

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> items, ChannelWriter<T> ahead, CancellationToken cancellation)
    {
        Exception? fault = null;
        try
        {
            await foreach (var item in items.ConfigureAwait(false))
            {
                Garbage.BoundYoung();
                if (!ahead.TryWrite(item)) await ahead.WriteAsync(item, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            fault = e;
        }
        finally
        {
            ahead.Complete(fault);
        }
    }
}
