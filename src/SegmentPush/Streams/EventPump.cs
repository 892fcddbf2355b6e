using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>Walks a push's events on the pipeline thread, which may have other work in between.</summary>
/// <param name="events">The push.</param>
/// <param name="streams">Where the events go.</param>
internal sealed class EventPump(IAsyncEnumerable<PushEvent> events, PushStreams streams) : IDisposable
{
    private readonly IAsyncEnumerator<PushEvent> _events = events.GetAsyncEnumerator();
    private Task<bool>? _next;

    /// <summary>Whether the push has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Writes what has happened by now.</summary>
    public void WriteAvailable()
    {
        while (!HasEnded && Next().IsCompleted) WriteNext();
    }

    /// <summary>Writes what happens until the push has ended.</summary>
    public void WriteAll()
    {
        while (!HasEnded) WriteNext();
    }

    /// <summary>Stops the push and waits until it has settled.</summary>
    public void Dispose()
    {
        // An enumerator can't be disposed while it is asked for the next event.
        if (_next is { } next) ((IAsyncResult)next.ContinueWith(_ => { }, TaskScheduler.Default)).AsyncWaitHandle.WaitOne();
        _events.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private Task<bool> Next() => _next ??= _events.MoveNextAsync().AsTask();

    private void WriteNext()
    {
        bool isThere = Next().GetAwaiter().GetResult();
        _next = null;
        if (isThere) streams.Write(_events.Current);
        else HasEnded = true;
    }
}
