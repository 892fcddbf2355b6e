using System.Text;
using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>What Marketo wraps around every answer, read without looking into the result.</summary>
internal sealed class Envelope
{
    private static readonly byte[] s_byteOrderMark = [0xEF, 0xBB, 0xBF];

    public bool? Success { get; private set; }

    public string? RequestId { get; private set; }

    public string? NextPageToken { get; private set; }

    public bool? MoreResult { get; private set; }

    public List<(string Code, string Message)> Errors { get; } = [];

    public ReadOnlyMemory<byte> Result { get; private set; }

    /// <summary>Reads an envelope.</summary>
    /// <returns>Null with the name of what is wrong (<c>AnswerEmpty</c>, <c>AnswerNotJson</c>, <c>AnswerTruncated</c>).</returns>
    public static Envelope? Read(ReadOnlyMemory<byte> bytes, out string problem)
    {
        var body = Trim(bytes);
        problem = "AnswerEmpty";
        if (body.IsEmpty)
        {
            return null;
        }

        problem = "AnswerNotJson";
        if (body.Span[0] != (byte)'{')
        {
            return null;
        }

        try
        {
            var envelope = new Envelope();
            if (envelope.TryRead(body))
            {
                problem = string.Empty;
                return envelope;
            }

            problem = "AnswerTruncated";
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The bytes without a byte order mark and blanks around them.</summary>
    public static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith(s_byteOrderMark))
        {
            bytes = bytes[s_byteOrderMark.Length..];
        }

        var span = bytes.Span;
        var start = 0;
        while (start < span.Length && span[start] is (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t')
        {
            start++;
        }

        var end = span.Length;
        while (end > start && span[end - 1] is (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t')
        {
            end--;
        }

        return bytes[start..end];
    }

    // Not the final block as far as the reader knows: so it says "need more" where the text ends too early, and only
    // throws where it is not JSON at all.
    private bool TryRead(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, isFinalBlock: false, default);
        if (!reader.Read())
        {
            return false;
        }

        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return reader.BytesConsumed == body.Length ? true : throw new JsonException();
            }

            var name = reader.GetString();
            if (!reader.Read())
            {
                return false;
            }

            var start = (int)reader.TokenStartIndex;
            if (!reader.TrySkip())
            {
                return false;
            }

            Take(name, reader.TokenType, body[start..(int)reader.BytesConsumed]);
        }

        return false;
    }

    private void Take(string? name, JsonTokenType type, ReadOnlyMemory<byte> value)
    {
        switch (name)
        {
            case "success":
                Success = type switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };
                break;
            case "moreResult":
                MoreResult = type switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };
                break;
            case "requestId":
                RequestId = SafeText.Of(TextOf(value));
                break;
            case "nextPageToken":
                NextPageToken = TextOf(value) is { Length: > 0 } token ? token : null;
                break;
            case "result" when type == JsonTokenType.EndArray:
                Result = value;
                break;
            case "errors" when type == JsonTokenType.EndArray:
                TakeErrors(value);
                break;
        }
    }

    private void TakeErrors(ReadOnlyMemory<byte> value)
    {
        using var errors = JsonDocument.Parse(value);
        foreach (var error in errors.RootElement.EnumerateArray())
        {
            if (error.ValueKind == JsonValueKind.Object)
            {
                Errors.Add((TextOf(error, "code") ?? string.Empty, SafeText.Of(TextOf(error, "message"))));
            }
            else
            {
                Errors.Add((string.Empty, SafeText.Of(error.ToString())));
            }
        }
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null
            ? value.ToString()
            : null;

    private static string? TextOf(ReadOnlyMemory<byte> value)
    {
        var reader = new Utf8JsonReader(value.Span);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(value.Span),
            _ => null,
        };
    }
}
