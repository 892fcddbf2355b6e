using System.Globalization;
using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>Tells a successful answer of Experience Platform from a failed one. Its services write errors in six forms.</summary>
internal static class PlatformAnswers
{
    /// <summary>Reads the JSON of an answer that is a success.</summary>
    /// <exception cref="PlatformException">The call failed, or what came is no answer of Experience Platform.</exception>
    public static JsonDocument? Read(PlatformCall call, ReceivedAnswer received)
    {
        if (received.Status is < 200 or >= 300) throw Failed(call, received);
        if (received.Bytes.IsEmpty)
        {
            if (call.MayAnswerNothing) return null;
            throw new PlatformException(
                PlatformErrors.Of("AnswerEmpty"), call, $"{call.Name} was answered with nothing.", new PlatformFailure { HttpStatus = received.Status, RequestId = received.RequestId });
        }

        try
        {
            return JsonDocument.Parse(received.Bytes);
        }
        catch (JsonException fault)
        {
            bool isBroken = received.SaysJson && received.Bytes.Span.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
            throw new PlatformException(
                PlatformErrors.Of(isBroken ? "AnswerTruncated" : "AnswerNotJson"),
                call,
                isBroken ? (MessageText)$"{call.Name} was answered with JSON that breaks off." : $"{call.Name} was answered with something that is not JSON; a proxy may stand in between.",
                new PlatformFailure { HttpStatus = received.Status, RequestId = received.RequestId },
                CallCauseException.Of(fault));
        }
    }

    /// <summary>The error for an answer that is no success.</summary>
    public static PlatformException Failed(PlatformCall call, ReceivedAnswer received)
    {
        using var json = TryParse(received);
        var body = json?.RootElement ?? default;
        var first = body.ValueKind == JsonValueKind.Array ? body.Items().FirstOrDefault() : body;
        var listed = first.Part("errors").Members().SelectMany(member => member.Value.Items()).FirstOrDefault();
        string? code = CodeOf(first, listed);
        string said = SafeText.Of(
            first.Part("detail").Text() ?? first.Part("title").Text() ?? first.Part("message").Text()
            ?? listed.Part("message").Text() ?? first.Part("error_description").Text());

        // The bytes of a file that was listed can be fetched a moment later.
        var rule = call.AnswersFile && received.Status == 404 ? PlatformErrors.Of("FileIncomplete") : PlatformErrors.Of(received.Status, code, said);
        var facts = new PlatformFailure
        {
            Code = code,
            RequestId = SafeText.Of(
                first.Part("requestId").Text() ?? first.Part("report", "registryRequestId").Text() ?? first.Part("request_id").Text() ?? received.RequestId) is { Length: > 0 } id ? id : null,
            HttpStatus = received.Status,
            RetryAfter = Bounded(first.Part("retryAfterMs").Number()) ?? received.RetryAfter,
        };
        return new PlatformException(rule, call, Describe(call, received, facts, said), facts);
    }

    private static MessageText Describe(PlatformCall call, ReceivedAnswer received, PlatformFailure facts, string said)
    {
        string status = string.Create(CultureInfo.InvariantCulture, $"HTTP {received.Status}");
        var code = facts.Code is null ? MessageText.AsIs("") : (MessageText)$", code {SafeText.Of(facts.Code)}";
        string text = said.Length == 0 ? "." : $": {said.TrimEnd('.', '!')}.";
        var refused = received.RedirectHost is { } host && received.Status < 400
            ? (MessageText)$"Experience Platform refused {call.Name} ({status}{code}, redirected to {SafeText.Of(host)}){text}"
            : $"Experience Platform refused {call.Name} ({status}{code}){text}";
        return facts.RequestId is null ? refused : $"{refused} Adobe's request id is {facts.RequestId}.";
    }

    private static string? CodeOf(JsonElement first, JsonElement listed)
    {
        if (first.Part("error_code").Text() is { } gateway) return gateway;

        // A plain HTTP status in the place of a code says nothing more than the status does.
        string? code = listed.Part("code").Text() ?? first.Part("code").Text();
        if (code is { Length: > 3 }) return code;
        string? type = first.Part("type").Text() ?? listed.Part("type").Text();
        return type?.LastIndexOf('/') is { } at and >= 0 && type[(at + 1)..] is { Length: > 3 } last && last.Contains('-', StringComparison.Ordinal) ? last : null;
    }

    private static TimeSpan? Bounded(long? milliseconds) =>
        milliseconds is >= 0 ? TimeSpan.FromMilliseconds(Math.Min(milliseconds.Value, PaceRules.LongestPause.TotalMilliseconds)) : null;

    private static JsonDocument? TryParse(ReceivedAnswer received)
    {
        try
        {
            return received.Bytes.IsEmpty ? null : JsonDocument.Parse(received.Bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
