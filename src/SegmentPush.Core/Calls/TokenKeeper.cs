namespace SegmentPush.Calls;

/// <summary>
/// Keeps an access token: one for all calls, fetched again shortly before it expires or when the server refuses it, and by one
/// request however many calls wait for it.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="fetch">Fetches a token.</param>
internal sealed class TokenKeeper(TimeProvider time, Func<CancellationToken, ValueTask<AccessToken>> fetch) : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _lock = new();

    private AccessToken? _current;
    private AccessToken? _last;
    private Task<AccessToken>? _renewal;

    /// <summary>The token that was fetched last; null before the first.</summary>
    public AccessToken? Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>A token to send, fetched if need be.</summary>
    public async ValueTask<AccessToken> GetAsync(CancellationToken cancellation)
    {
        Task<AccessToken> renewal;
        lock (_lock)
        {
            if (_current is { } token && time.GetUtcNow() < token.RenewAt)
            {
                return token;
            }

            // It belongs to all who wait for it, so none of them can cancel it for the others.
            renewal = _renewal ??= Task.Run(RenewAsync, CancellationToken.None);
        }

        return await renewal.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Notes that the server refused a token. Calls that used the same one find it renewed already.</summary>
    public void Refused(AccessToken token)
    {
        lock (_lock)
        {
            if (ReferenceEquals(token, _current))
            {
                _current = null;
            }
        }
    }

    public void Dispose() => _closed.Cancel();

    private async Task<AccessToken> RenewAsync()
    {
        try
        {
            var token = await fetch(_closed.Token).ConfigureAwait(false);
            lock (_lock)
            {
                _current = token;
                _last = token;
            }

            return token;
        }
        finally
        {
            lock (_lock)
            {
                _renewal = null;
            }
        }
    }
}
