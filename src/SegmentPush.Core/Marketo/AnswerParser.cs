namespace SegmentPush.Marketo;

/// <summary>Tells a successful answer from a failed one. HTTP 200 says nothing: Marketo's own word decides.</summary>
/// <param name="time">The clock that the daily reset is told by.</param>
internal sealed class AnswerParser(TimeProvider time)
{
    /// <summary>Reads an answer.</summary>
    /// <exception cref="MarketoException">The call failed, or what came is not an answer of Marketo's.</exception>
    public Answer Parse(MarketoCall call, ReceivedAnswer received)
    {
        if (received.Status is >= 300 and < 400)
        {
            throw Fail(call, received, ErrorClasses.Of("Redirected"), received.RedirectHost is { } host
                ? (MessageText)$"was redirected to {SafeText.Of(host)} (HTTP {received.Status})"
                : $"was redirected (HTTP {received.Status})");
        }

        if (received.Status == 206)
        {
            // A part of a file may begin with anything.
            return call.Range is not null && received.Range is { HasRange: true }
                ? new Answer(null, received.Bytes, null, null) { Range = received.Range }
                : throw Fail(call, received, ErrorClasses.Of("AnswerNotUnderstood"), "was answered with a part of something");
        }

        var envelope = Envelope.Read(received.Bytes, out var problem);
        if (envelope is not null && (envelope.Errors.Count > 0 || envelope.Success == false))
        {
            throw FailByMarketo(call, received, envelope);
        }

        if (received.Status is < 200 or >= 300)
        {
            throw Fail(
                call, received, ErrorClasses.OfStatus(received.Status), $"was answered with HTTP {received.Status}");
        }

        if (call.AnswersFile && envelope is null && IsFile(received))
        {
            return new Answer(null, received.Bytes, null, null);
        }

        if (envelope is null)
        {
            throw Fail(call, received, ErrorClasses.Of(problem), Describe(problem, received));
        }

        if (!call.AnswersFile && !received.SaysJson)
        {
            throw Fail(
                call,
                received,
                ErrorClasses.Of("AnswerWrongContentType"),
                $"was answered as {SafeText.Of(received.MediaType)}, not as JSON; a proxy may stand in between");
        }

        if (envelope.Success is null)
        {
            throw Fail(
                call, received, ErrorClasses.Of("AnswerNotUnderstood"), "was answered without saying whether it succeeded");
        }

        return new Answer(
            envelope.RequestId,
            call.AnswersFile ? ReadOnlyMemory<byte>.Empty : envelope.Result,
            envelope.NextPageToken,
            envelope.MoreResult);
    }

    private static bool IsFile(ReceivedAnswer received)
    {
        var body = Envelope.Trim(received.Bytes);
        return !body.IsEmpty && body.Span[0] is not ((byte)'{' or (byte)'<');
    }

    private static MessageText Describe(string problem, ReceivedAnswer received) => problem switch
    {
        "AnswerEmpty" => (MessageText)"was answered with nothing",
        "AnswerTruncated" => "was answered with JSON that breaks off",
        _ when received.SaysJson => "was not answered by Marketo but with something that is not JSON; a proxy or a firewall may stand in between",
        _ => $"was not answered by Marketo but with {SafeText.Of(received.MediaType)}; a proxy or a firewall may stand in between",
    };

    private static MarketoException Fail(MarketoCall call, ReceivedAnswer received, ErrorRule rule, MessageText what) => new(
        rule, call.Name, $"{call.Name} {what}.", new FailureFacts
        {
            HttpStatus = received.Status,
            RetryAfter = received.RetryAfter,
        });

    private MarketoException FailByMarketo(MarketoCall call, ReceivedAnswer received, Envelope envelope)
    {
        var facts = new FailureFacts
        {
            HttpStatus = received.Status,
            RequestId = envelope.RequestId,
            RetryAfter = received.RetryAfter,
        };
        if (envelope.Errors.Count == 0)
        {
            return new MarketoException(
                received.Status is >= 200 and < 300
                    ? ErrorClasses.Of("AnswerNotUnderstood")
                    : ErrorClasses.OfStatus(received.Status),
                call.Name,
                string.IsNullOrEmpty(envelope.RequestId)
                    ? (MessageText)$"{call.Name} failed, and Marketo does not say why."
                    : $"{call.Name} failed, and Marketo does not say why (request {envelope.RequestId}).",
                facts);
        }

        var (code, message) = envelope.Errors[0];
        var rule = code == "603" && call.IsAsset ? ErrorClasses.Of("AssetAccessDenied")
            : received.Status is < 200 or >= 300 && !ErrorClasses.IsCode(code) ? ErrorClasses.OfStatus(received.Status)
            : ErrorClasses.OfCode(code);
        var text = string.IsNullOrEmpty(envelope.RequestId)
            ? (MessageText)$"{call.Name} failed: Marketo answered {SafeText.Of(code)} \"{message}\"."
            : $"{call.Name} failed: Marketo answered {SafeText.Of(code)} \"{message}\" (request {envelope.RequestId}).";
        facts = facts with { Code = code, Codes = [.. envelope.Errors.Select(error => error.Code)] };
        if (rule.Class == MarketoErrorClass.StopForToday)
        {
            var resets = DailyQuota.NextReset(time.GetUtcNow());
            facts = facts with { QuotaResets = resets };
            text = $"{text} {DailyQuota.TextOf(resets)}";
        }

        return new MarketoException(rule, call.Name, text, facts);
    }
}
