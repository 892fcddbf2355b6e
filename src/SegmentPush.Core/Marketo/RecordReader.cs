using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>Reads the <c>result</c> of calls that answer for each record.</summary>
internal static class RecordReader
{
    /// <summary>The results, one for each record that was sent.</summary>
    /// <exception cref="MarketoException">Their number is another (<c>AnswerIncomplete</c>).</exception>
    public static List<RecordResult> Read(MarketoCall call, Answer answer)
    {
        var results = new List<RecordResult>(call.Records);
        if (!answer.Result.IsEmpty)
        {
            var reader = new Utf8JsonReader(answer.Result.Span);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                results.Add(ReadOne(ref reader));
            }
        }

        return results.Count == call.Records ? results : throw Incomplete(
            call,
            answer,
            $"answered for {Counted.Number(results.Count)} of {Counted.People(call.Records)}");
    }

    /// <summary>The error of an answer that does not fit its call.</summary>
    public static MarketoException Incomplete(MarketoCall call, Answer answer, MessageText what) => new(
        ErrorClasses.Of("AnswerIncomplete"),
        call.Name,
        $"{call.Name} {what}.",
        new FailureFacts { HttpStatus = 200, RequestId = answer.RequestId });

    /// <summary>The text of a scalar value; null for null, and for objects and arrays, which are skipped.</summary>
    public static string? Scalar(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number:
                return reader.HasValueSequence
                    ? Encoding.UTF8.GetString(reader.ValueSequence.ToArray())
                    : Encoding.UTF8.GetString(reader.ValueSpan);
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            default:
                reader.Skip();
                return null;
        }
    }

    /// <summary>An id, as a number or as text.</summary>
    public static long? Id(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static RecordResult ReadOne(ref Utf8JsonReader reader)
    {
        long? id = null;
        string? status = null, code = null, message = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = Id(Scalar(ref reader));
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                reader.Read();
                status = Scalar(ref reader);
            }
            else if (reader.ValueTextEquals("reasons"u8) || reader.ValueTextEquals("reason"u8))
            {
                // The contract has one reason as an object, the service answers with several in an array.
                reader.Read();
                ReadReasons(ref reader, ref code, ref message);
            }
            else
            {
                reader.Skip();
            }
        }

        var known = StatusOf(status);
        return known is { } done
            ? new RecordResult(id, done, code, message)
            : new RecordResult(id, RecordStatus.Skipped, code ?? "UnknownStatus", message ?? MessageText.Say($"Marketo answered the status '{status}'."));
    }

    private static void ReadReasons(ref Utf8JsonReader reader, ref string? code, ref string? message)
    {
        var depth = reader.CurrentDepth;
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }

        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isCode = reader.ValueTextEquals("code"u8);
            var isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();
            var text = Scalar(ref reader);
            if (isCode)
            {
                code ??= text;
            }
            else if (isMessage)
            {
                message ??= text;
            }
        }
    }

    private static RecordStatus? StatusOf(string? status) => status?.ToLowerInvariant() switch
    {
        "created" => RecordStatus.Created,
        "updated" => RecordStatus.Updated,
        "added" => RecordStatus.Added,
        "removed" => RecordStatus.Removed,
        "skipped" => RecordStatus.Skipped,
        "memberof" => RecordStatus.MemberOf,
        "notmemberof" => RecordStatus.NotMemberOf,
        _ => null,
    };
}
