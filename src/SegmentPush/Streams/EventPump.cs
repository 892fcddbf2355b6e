using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>Walks a push's events on the pipeline thread, which may have other work in between.</summary>
/// <param name="events">The push.</param>
/// <param name="streams">Where the events go.</param>
/// <param name="stop">Stops the push.</param>
internal sealed class EventPump(IAsyncEnumerable<PushEvent> events, PushStreams streams, CancellationToken stop) : IDisposable
{
    private readonly IAsyncEnumerator<PushEvent> _events = events.GetAsyncEnumerator();
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(1);

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
        while (!HasEnded)
        {
            // A task that failed is waited for as one that has ended; its result tells why.
            while (!((IAsyncResult)Next()).AsyncWaitHandle.WaitOne(s_quiet)) streams.WriteWaiting();
            WriteNext();
        }
    }

    /// <summary>Stops the push, waits until it has settled, and tells how it goes on.</summary>
    public void Dispose()
    {
        if (!HasEnded && stop.IsCancellationRequested) TellStopped();

        // An enumerator can't be disposed while it is asked for the next event.
        if (_next is { } next) ((IAsyncResult)next.ContinueWith(_ => { }, TaskScheduler.Default)).AsyncWaitHandle.WaitOne();
        _events.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void TellStopped()
    {
        try
        {
            while (Next().GetAwaiter().GetResult())
            {
                _next = null;
                if (_events.Current is PushEnded ended) streams.EndStopped(ended);
            }
        }
        catch (Exception)
        {
            // It could not begin, or its fault was told already.
        }

        HasEnded = true;
    }

    private Task<bool> Next() => _next ??= _events.MoveNextAsync().AsTask();

    private void WriteNext()
    {
        bool isThere;
        try
        {
            isThere = Next().GetAwaiter().GetResult();
        }
        catch (Exception fault)
        {
            // It could not begin, so no event says that it has ended.
            streams.EndWithoutBeginning(fault);
            throw;
        }

        _next = null;
        if (isThere) streams.Write(_events.Current);
        else HasEnded = true;
    }
}
