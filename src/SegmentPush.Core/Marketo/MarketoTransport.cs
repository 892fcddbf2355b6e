using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>The way of every call: pace, token, sending, reading, and the table of errors when it fails.</summary>
internal sealed class MarketoTransport : IDisposable
{
    private readonly MarketoHttp _http;
    private readonly CallPolicies _policies;
    private readonly CallPace _pace;
    private readonly TokenSource _tokens;
    private readonly AnswerParser _parser;
    private readonly TimeProvider _time;
    private volatile bool _isClosed;
    private long _callsMade;

    public MarketoTransport(MarketoConnectionOptions options)
    {
        _time = options.TimeProvider;
        RetryLimit = options.RetryLimit;
        CallFinished = options.CallFinished;
        _http = new MarketoHttp(options.Endpoint, _time, options.Host.Network, options.Proxy);
        _policies = new CallPolicies(options);
        _pace = new CallPace(options.CallsPer20Seconds, options.MaxConcurrency, _time);
        _tokens = new TokenSource(_http, _policies, options, Report);
        _parser = new AnswerParser(_time);
    }

    /// <summary>Raised after each attempt, from any thread.</summary>
    public event Action<CallReport>? CallFinished;

    public TimeProvider Time => _time;

    /// <summary>How often a call is repeated after passing faults.</summary>
    public int RetryLimit { get; }

    /// <summary>The instance's host.</summary>
    public string Host => _http.Host;

    /// <summary>Attempts sent so far that Marketo counts; the token's are not among them.</summary>
    public long CallsMade => Interlocked.Read(ref _callsMade);

    /// <summary>The token that was fetched last.</summary>
    public AccessToken? Token => _tokens.Last;

    /// <summary>The moment by Marketo's own clock, to a second or so.</summary>
    public DateTimeOffset ServerNow => _http.ServerNow;

    /// <summary>What the calls wait for.</summary>
    public CallWaits Waits { get; } = new();

    /// <summary>How fast calls are sent.</summary>
    public CallPace Pace => _pace;

    /// <summary>Fetches a token if there is none.</summary>
    public async Task ConnectAsync(CancellationToken cancellation) =>
        await _tokens.GetAsync(cancellation).ConfigureAwait(false);

    /// <summary>Sends a call, repeats it as far as that is safe, and reads its answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="read">Makes the result; the answer's memory ends with it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AnswerLostException">It is not repeatable, and may have been executed.</exception>
    /// <exception cref="MarketoException">It failed for good.</exception>
    public async Task<T> CallAsync<T>(MarketoCall call, Func<Answer, T> read, CancellationToken cancellation)
    {
        ThrowIfClosed();
        // For the policies all results are of one type: they would be compiled anew for each.
        var run = new CallRun(call.Name, call.Records, _time);
        Func<Answer, object?> readAny = answer => read(answer);
        Waits.Add(run);
        try
        {
            object? result = await _policies
                .CallAsync(run, attempt => AttemptAsync(call, run, readAny, attempt), cancellation)
                .ConfigureAwait(false);
            return (T)result!;
        }
        catch (MarketoException failure) when (run.MayHaveRun && !failure.MayHaveRun)
        {
            // The failure is of what comes before an attempt, such as the token, and other calls may get the same exception. An attempt before may have been executed.
            throw failure.OfCallThatMayHaveRun();
        }
        finally
        {
            Waits.Remove(run);
        }
    }

    /// <summary>Checks that it was not disposed.</summary>
    /// <exception cref="SegmentPushException">It was (<c>NotConnected</c>).</exception>
    public void ThrowIfClosed()
    {
        if (!_isClosed) return;
        throw new SegmentPushException("NotConnected", $"The connection to {Host} was disconnected.", "Connect again with Connect-MarketoLaunchpoint.", Host);
    }

    public void Dispose()
    {
        _isClosed = true;
        _tokens.Dispose();
        _http.Dispose();
        _pace.Dispose();
    }

    private async ValueTask<object?> AttemptAsync(
        MarketoCall call, CallRun run, Func<Answer, object?> read, CancellationToken cancellation)
    {
        run.Queue();
        using var permit = await _pace.EnterAsync(call, cancellation).ConfigureAwait(false);
        CallGuard.Check();
        var token = await _tokens.GetAsync(cancellation).ConfigureAwait(false);
        using var body = CallBody.Of(call);
        using var own = call.Into is null ? new PooledBytes(16 * 1024) : null;
        var bytes = call.Into ?? own!;
        bytes.CutTo(0);
        using var change = new ChangeAttempt(call, () => ServerNow);
        change.Tell();
        call.Sending?.Invoke();
        change.Tell();
        CallGuard.CheckLast();
        Interlocked.Increment(ref _callsMade);
        run.Begin();
        change.Leave();
        int? status = null;
        object? result = null;
        MarketoException? failure = null;
        try
        {
            var received = await _policies
                .AttemptAsync(limited => _http.SendAsync(call, body, token.Value, bytes, limited), cancellation)
                .ConfigureAwait(false);
            status = received.Status;
            result = Read(call, received, answer => read(run.MayHaveRun ? answer with { MayHaveRunBefore = true } : answer));
        }
        catch (MarketoException fault)
        {
            failure = fault;
        }
        catch (Exception fault) when (NetworkFaults.IsOne(fault) && !cancellation.IsCancellationRequested)
        {
            failure = NetworkErrors.Of(fault, call.Name, _http.Host, sent: body is null || body.Started, _http.Proxy);
        }

        if (failure?.Rule.MayHaveRun != true) change.Answered();
        Report(run.End(failure?.HttpStatus ?? status, failure?.Attempt));
        if (failure is null) return result;
        if (!run.MayHaveRun) call.NotRun?.Invoke();
        failure.MayHaveRun = run.MayHaveRun;
        switch (failure.Class)
        {
            case MarketoErrorClass.Reauthenticate:
                _tokens.Refused(token);
                break;
            case MarketoErrorClass.SlowDown:
                _pace.SlowDown(permit, failure.Facts.RetryAfter);
                break;
        }

        throw !call.Repeatable && failure.Rule.MayHaveRun ? new AnswerLostException(failure, run.SentAt) : failure;
    }

    private object? Read(MarketoCall call, ReceivedAnswer received, Func<Answer, object?> read)
    {
        Answer? answer = null;
        try
        {
            answer = _parser.Parse(call, received);
            return read(answer);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or OverflowException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new MarketoException(
                ErrorClasses.Of("AnswerNotUnderstood"),
                call.Name,
                $"{call.Name} was answered in another form than Marketo's.",
                new FailureFacts { HttpStatus = received.Status, RequestId = answer?.RequestId },
                CallCauseException.Of(fault));
        }
    }

    private void Report(CallReport report) => CallFinished?.Invoke(report);
}
