using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace SegmentPush.Sandbox;

/// <summary>How a server on the loopback serves calls.</summary>
/// <param name="Time">The clock.</param>
/// <param name="RequestId">Makes the id of a call of its number and its moment.</param>
/// <param name="Execute">Executes a call.</param>
/// <param name="MayPack">Whether the answer to a call may be packed.</param>
internal sealed record LoopbackService(
    TimeProvider Time, Func<int, DateTimeOffset, string> RequestId, Func<Call, ValueTask<Reply>> Execute, Func<Call, bool> MayPack)
{
    /// <summary>Name of the header that tells the id of a call; null for none.</summary>
    public string? RequestIdHeader { get; init; }
}

/// <summary>Takes calls in over HTTP, lets faults happen, and notes what it saw.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly LoopbackService _service;
    private readonly Faults _faults;
    private readonly Action<string> _violation;
    private readonly ConcurrentQueue<SandboxCall> _calls = new();
    private int _requests;

    /// <summary>Begins to serve.</summary>
    /// <param name="listener">Where calls come in; it is closed with the server.</param>
    /// <param name="service">How they are served.</param>
    /// <param name="faults">What goes wrong.</param>
    /// <param name="violation">Is told of faults of the sandbox itself.</param>
    public LoopbackServer(HttpListener listener, LoopbackService service, Faults faults, Action<string> violation)
    {
        _listener = listener;
        _service = service;
        _faults = faults;
        _violation = violation;
        _ = Task.Run(ListenAsync);
    }

    /// <summary>The calls it got, oldest first.</summary>
    public IReadOnlyCollection<SandboxCall> Calls => _calls;

    public void ForgetCalls() => _calls.Clear();

    public void Dispose() => _listener.Close();

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync().ConfigureAwait(false);
                _ = Task.Run(() => ServeAsync(context));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        var started = _service.Time.GetUtcNow();
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body).ConfigureAwait(false);
            var call = new Call(context.Request, body.ToArray(), _service.RequestId(Interlocked.Increment(ref _requests), started));
            var (reply, sent) = await AnswerAsync(call).ConfigureAwait(false);
            _calls.Enqueue(new SandboxCall(
                call.Method, call.Path, call.Query, call.Body.Length, sent == Sending.Nothing ? 0 : reply.Status, reply.Code, started));
            if (_service.RequestIdHeader is { } header) context.Response.Headers[header] = call.RequestId;
            await ReplySender.SendAsync(context, call.TakesGzip && _service.MayPack(call), reply, sent).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client has gone.
            context.Response.Abort();
        }
        catch (Exception e)
        {
            // A fault of the sandbox itself must not look like a slow server.
            _violation("The sandbox failed: " + e);
            context.Response.Abort();
            throw;
        }
    }

    private async ValueTask<(Reply Reply, Sending Sending)> AnswerAsync(Call call)
    {
        var fault = _faults.Of(call);
        switch (fault?.Kind)
        {
            case SandboxFaultKind.BreakBefore:
                return (Reply.Text(0, "", ""), Sending.Nothing);
            case SandboxFaultKind.Error:
                return (Reply.Error(call.RequestId, fault.Code, fault.Message), Sending.All);
            case SandboxFaultKind.HttpStatus or SandboxFaultKind.Body:
                var headers = fault.RetryAfter is { } seconds
                    ? new Dictionary<string, string> { ["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture) }
                    : [];
                return (Reply.Text(int.Parse(fault.Code, CultureInfo.InvariantCulture), fault.ContentType, fault.Message) with { Headers = headers, Code = fault.Code }, Sending.All);
            case SandboxFaultKind.Delay:
                await Task.Delay(fault.Time, _service.Time).ConfigureAwait(false);
                break;
        }

        var reply = await _service.Execute(call).ConfigureAwait(false);
        return fault?.Kind switch
        {
            SandboxFaultKind.ErrorAfter => (Reply.Error(call.RequestId, fault.Code, fault.Message), Sending.All),
            SandboxFaultKind.BreakAfter => (reply, Sending.Nothing),
            SandboxFaultKind.Truncate => (reply, Sending.Half),
            _ => (reply, Sending.All),
        };
    }
}
