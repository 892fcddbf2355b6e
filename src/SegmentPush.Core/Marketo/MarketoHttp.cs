using System.Net.Http.Headers;

namespace SegmentPush.Marketo;

/// <summary>Sends single requests and takes in their answers, with nothing known of what they mean.</summary>
/// <param name="endpoint">Address of the instance.</param>
/// <param name="time">The clock.</param>
/// <param name="network">Sends the requests, and is not disposed; null for the network.</param>
/// <param name="proxy">The way out; null for the system's proxy.</param>
internal sealed class MarketoHttp(Uri endpoint, TimeProvider time, HttpMessageHandler? network = null, ProxyOptions? proxy = null) : IDisposable
{
    private readonly HttpExchange _exchange = new(endpoint, time, network, proxy);

    public string Host => _exchange.Host;

    /// <summary>The proxy that the user has named; null for none.</summary>
    public Uri? Proxy => proxy?.Address;

    /// <summary>The moment by the server's own clock, to a second or so.</summary>
    public DateTimeOffset ServerNow => _exchange.ServerNow;

    /// <summary>Sends a request and reads the whole answer into memory.</summary>
    /// <param name="call">What to send.</param>
    /// <param name="body">The body that belongs to it; null for none.</param>
    /// <param name="token">Bearer token; null for the call that fetches one.</param>
    /// <param name="bytes">Takes the body of the answer.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="MarketoException">The answer broke off (<c>AnswerTruncated</c>).</exception>
    public async ValueTask<ReceivedAnswer> SendAsync(
        MarketoCall call, CallBody? body, string? token, PooledBytes bytes, CancellationToken cancellation)
    {
        var query = call.Query.Length == 0 ? string.Empty : "?" + call.Query;
        using var request = new HttpRequestMessage(call.Method, new Uri(_exchange.Root + call.Path + query)) { Content = body };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(call.AnswersFile ? "*/*" : "application/json"));
        if (!call.IsBulk)
        {
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        }

        request.Headers.Range = call.Range;
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            return await _exchange.SendAsync(request, bytes, cancellation).ConfigureAwait(false);
        }
        catch (AnswerBrokenException broken)
        {
            throw new MarketoException(
                ErrorClasses.Of("AnswerTruncated"),
                call.Name,
                $"{call.Name} was answered, but the answer broke off.",
                new FailureFacts { HttpStatus = broken.Status },
                broken.InnerException);
        }
    }

    public void Dispose() => _exchange.Dispose();
}
