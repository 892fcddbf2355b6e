using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>Sends calls and reads their answers.</summary>
internal interface IPlatformCalls
{
    /// <summary>Sends a call, repeats it as far as that is safe, and reads its answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="read">Makes the result; the answer's memory ends with it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PlatformException">
    /// It failed for good; of class <see cref="PlatformErrorClass.AnswerLost"/> where it is not repeatable and may have been executed.
    /// </exception>
    Task<T> CallAsync<T>(PlatformCall call, Func<PlatformAnswer, T> read, CancellationToken cancellation);
}

/// <summary>Runs single attempts of calls, and gives each fault its place in the table of errors.</summary>
/// <param name="policies">Limits the time of an attempt.</param>
/// <param name="host">The server's host.</param>
/// <param name="server">The name of the server's product.</param>
internal sealed class PlatformAttempts(PlatformPolicies policies, string host, string server)
{
    /// <summary>The rest of a buffer, so that the end of an answer is seen without a larger one.</summary>
    public const int ReadBytes = 8 * 1024;

    /// <summary>Runs an attempt.</summary>
    /// <param name="call">The call.</param>
    /// <param name="send">Sends it and takes its answer in.</param>
    /// <param name="read">Makes the result.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The result and the HTTP status, or the failure.</returns>
    public async ValueTask<(object? Result, int? Status, PlatformException? Failure)> RunAsync(
        PlatformCall call,
        Func<PooledBytes, CancellationToken, ValueTask<ReceivedAnswer>> send,
        Func<PlatformAnswer, object?> read,
        CancellationToken cancellation)
    {
        using var bytes = new PooledBytes(call.ExpectedBytes + ReadBytes);
        try
        {
            var received = await policies.AttemptAsync(limited => send(bytes, limited), cancellation).ConfigureAwait(false);
            return (Read(call, received, read), received.Status, null);
        }
        catch (PlatformException fault)
        {
            return (null, null, fault);
        }
        catch (AnswerBrokenException broken)
        {
            return (null, null, Own("AnswerTruncated", call, $"{call.Name} was answered, but the answer broke off.", broken.Status, broken.InnerException));
        }
        catch (Exception fault) when (NetworkFaults.IsOne(fault) && !cancellation.IsCancellationRequested)
        {
            var (key, what) = NetworkFaults.Describe(fault, host, server);
            return (null, null, Own(key, call, $"{call.Name} {what}.", null, CallCauseException.Of(fault)));
        }
    }

    /// <summary>The error for an answer that lacks what it must hold.</summary>
    public static PlatformException NotUnderstood(PlatformCall call, MessageText what, Exception? fault = null) =>
        Own("AnswerNotUnderstood", call, $"{call.Name} {what}.", 200, fault is null ? null : CallCauseException.Of(fault));

    private static PlatformException Own(string key, PlatformCall call, MessageText message, int? status, Exception? cause) =>
        new(PlatformErrors.Of(key), call, message, new PlatformFailure { HttpStatus = status }, cause);

    private static object? Read(PlatformCall call, ReceivedAnswer received, Func<PlatformAnswer, object?> read)
    {
        try
        {
            if (call.AnswersFile && received.Status is 200 or 206) return read(new PlatformAnswer(default, received.Bytes, received.Range));
            using var json = PlatformAnswers.Read(call, received);
            return read(new PlatformAnswer(json?.RootElement ?? default, default, null));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw NotUnderstood(call, "was answered in another form than Experience Platform's", fault);
        }
    }
}
