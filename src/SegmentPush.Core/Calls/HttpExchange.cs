using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace SegmentPush.Calls;

/// <summary>Sends single requests to one server and takes in their answers, with nothing known of what they mean.</summary>
internal sealed class HttpExchange : IDisposable
{
    private const int LargestAnswer = 256 * 1024 * 1024;

    private static readonly ProductInfoHeaderValue s_userAgent = new(
        "SegmentPush", Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0");

    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private long _ahead;

    /// <summary>Prepares to send.</summary>
    /// <param name="endpoint">Address of the server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="network">Sends the requests, and is not disposed; null for the network.</param>
    /// <param name="proxy">The way out; null for the system's proxy.</param>
    public HttpExchange(Uri endpoint, TimeProvider time, HttpMessageHandler? network = null, ProxyOptions? proxy = null)
    {
        _time = time;
        Root = endpoint.GetLeftPart(UriPartial.Authority);
        Host = endpoint.Host;
        _client = new HttpClient(network ?? NewNetwork(endpoint, proxy), disposeHandler: network is null)
        {
            // Time is limited for each attempt by the policies.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(s_userAgent);
    }

    /// <summary>Scheme, host and port.</summary>
    public string Root { get; }

    public string Host { get; }

    /// <summary>The moment by the server's own clock, to a second or so.</summary>
    public DateTimeOffset ServerNow => _time.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    /// <summary>Sends a request and reads the whole answer into memory.</summary>
    /// <param name="request">The request.</param>
    /// <param name="bytes">Takes the body of the answer.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="AnswerBrokenException">The answer broke off.</exception>
    public async ValueTask<ReceivedAnswer> SendAsync(HttpRequestMessage request, PooledBytes bytes, CancellationToken cancellation)
    {
        Garbage.BoundYoung();
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var response = await _client
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
            .ConfigureAwait(false);
        if (response.Headers.Date is { } date) Interlocked.Exchange(ref _ahead, (date - _time.GetUtcNow()).Ticks);
        try
        {
            await ReadAsync(response, bytes, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or InvalidDataException)
        {
            throw new AnswerBrokenException((int)response.StatusCode, CallCauseException.Of(fault));
        }

        return new ReceivedAnswer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            bytes.Written,
            RetryAfterOf(response),
            response.Headers.Location is { IsAbsoluteUri: true } location ? location.Host : null)
        {
            Range = response.Content.Headers.ContentRange,
            RequestId = response.Headers.TryGetValues("x-request-id", out var ids) ? ids.FirstOrDefault() : null,
        };
    }

    public void Dispose() => _client.Dispose();

    private static SocketsHttpHandler NewNetwork(Uri endpoint, ProxyOptions? proxy) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // The system's proxy and HTTPS_PROXY are for the way out of this machine; a proxy that is given is used always.
        UseProxy = proxy?.Address is not null || !endpoint.IsLoopback,
        Proxy = proxy?.Address is null ? null : new WebProxy(proxy.Address)
        {
            Credentials = proxy.Credential ?? (proxy.UseDefaultCredentials ? CredentialCache.DefaultCredentials : null),
        },
        DefaultProxyCredentials = proxy?.Credential ?? CredentialCache.DefaultCredentials,
        ConnectTimeout = TimeSpan.FromSeconds(20),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // A connection that the other side has meanwhile closed costs a create its answer.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        ActivityHeadersPropagator = null,
    };

    private static async ValueTask ReadAsync(HttpResponseMessage response, PooledBytes bytes, CancellationToken cancellation)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var zipped = response.Content.Headers.ContentEncoding.Contains("gzip", StringComparer.OrdinalIgnoreCase);
            var plain = zipped ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            await using (plain.ConfigureAwait(false))
            {
                int read;
                while ((read = await plain.ReadAsync(bytes.GetMemory(4096), cancellation).ConfigureAwait(false)) > 0)
                {
                    bytes.Advance(read);
                    if (bytes.Length > LargestAnswer)
                    {
                        throw new InvalidDataException("The answer is larger than any that is expected.");
                    }
                }
            }
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);
        return wait is null ? null
            : wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > PaceRules.LongestPause ? PaceRules.LongestPause
            : wait;
    }
}

/// <summary>An answer broke off before its end.</summary>
/// <param name="status">Its HTTP status.</param>
/// <param name="cause">What broke it off.</param>
internal sealed class AnswerBrokenException(int status, CallCauseException cause) : Exception("The answer broke off.", cause)
{
    /// <summary>HTTP status of the answer.</summary>
    public int Status => status;
}
