namespace SegmentPush.Streams;

/// <summary>Walks items as they come from a server, on the thread of the pipeline.</summary>
internal static class PulledItems
{
    /// <summary>The items.</summary>
    /// <param name="items">Where they come from.</param>
    /// <param name="wait">Waits for the next one, and says whether there is one.</param>
    /// <param name="stop">Ends it.</param>
    public static IEnumerable<T> Of<T>(IAsyncEnumerable<T> items, Func<Task<bool>, bool> wait, CancellationToken stop)
    {
        var enumerator = items.GetAsyncEnumerator(stop);
        try
        {
            while (wait(enumerator.MoveNextAsync().AsTask())) yield return enumerator.Current;
        }
        finally
        {
            enumerator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
