using Npgsql;

namespace SegmentPush.Journal.Postgres;

/// <summary>
/// Tells when another machine has ended a call, so that a push that waits for a place asks at once. It listens with a connection of its own, from the
/// first time that a push waits. It saves time only: without it, a push asks again after a while.
/// </summary>
internal sealed class CallEndListener(PostgresAddress address, string instance, ProcessHost host) : IDisposable
{
    private static readonly TimeSpan s_tryAgain = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = NewSignal();
    private Task? _listening;
    private volatile bool _isListening;

    /// <summary>Ends when a call has ended after this was asked for.</summary>
    public Task Next
    {
        get
        {
            lock (_lock) return _next.Task;
        }
    }

    /// <summary>Begins to listen, where that has not begun.</summary>
    /// <returns>Whether a call that ends is heard by now.</returns>
    public bool Listen()
    {
        lock (_lock)
        {
            if (!_end.IsCancellationRequested && host.WatchesDatabase) _listening ??= Task.Run(ListenAsync);
        }

        return _isListening;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_end.IsCancellationRequested) return;
            _end.Cancel();
        }

        Signal();
        _listening?.GetAwaiter().GetResult();
        _end.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ListenAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var connection = address.Connect(host.MachineName);
                connection.Notification += (_, told) =>
                {
                    if (told.Payload == instance) Signal();
                };
                using (var listen = new NpgsqlCommand("LISTEN segmentpush_call", connection)) await listen.ExecuteNonQueryAsync(_end.Token).ConfigureAwait(false);
                _isListening = true;
                while (true) await connection.WaitAsync(_end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException or InvalidOperationException or OperationCanceledException)
            {
                _isListening = false;
                Signal();
                await Task.Delay(s_tryAgain, TimeProvider.System, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Signal()
    {
        lock (_lock)
        {
            _next.TrySetResult();
            _next = NewSignal();
        }
    }
}
