using System.Text;
using System.Text.Json;

namespace SegmentPush.Sandbox;

/// <summary>An answer before it is sent.</summary>
internal sealed record Reply(int Status, string ContentType, ReadOnlyMemory<byte> Body, string? Code = null)
{
    private static readonly JsonWriterOptions s_json = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string[] s_withoutMoreResult = ["/rest/v1/lists", "/rest/asset/", "/bulk/v1/leads/export"];

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>A successful answer.</summary>
    /// <param name="call">What it answers.</param>
    /// <param name="writeResult">Writes the items of <c>result</c>; null for none.</param>
    /// <param name="nextPageToken">Where the next page is; null on the last.</param>
    public static Reply Success(Call call, Action<Utf8JsonWriter>? writeResult = null, string? nextPageToken = null)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_json))
        {
            json.WriteStartObject();
            json.WriteString("requestId", call.RequestId);
            json.WriteStartArray("result");
            writeResult?.Invoke(json);
            json.WriteEndArray();
            json.WriteBoolean("success", true);
            WriteEmpty(json, "errors");
            WriteEmpty(json, "warnings");
            // Answers about lists, assets and exports don't have it.
            if (!s_withoutMoreResult.Any(start => call.Path.StartsWith(start, StringComparison.Ordinal)) || IsMembership(call))
                json.WriteBoolean("moreResult", nextPageToken is not null);
            if (nextPageToken is not null) json.WriteString("nextPageToken", nextPageToken);
            json.WriteEndObject();
        }

        return new Reply(200, "application/json;charset=UTF-8", bytes.ToArray());
    }

    /// <summary>A search among assets that found nothing: a success that only a warning tells from others.</summary>
    public static Reply NoAssets(Call call)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_json))
        {
            json.WriteStartObject();
            json.WriteBoolean("success", true);
            WriteEmpty(json, "errors");
            json.WriteString("requestId", call.RequestId);
            json.WriteStartArray("warnings");
            json.WriteStringValue("No assets found for the given search criteria.");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new Reply(200, "application/json;charset=UTF-8", bytes.ToArray());
    }

    /// <summary>A refusal in Marketo's form.</summary>
    public static Reply Error(string requestId, string code, string message, int status = 200)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, s_json))
        {
            json.WriteStartObject();
            json.WriteString("requestId", requestId);
            json.WriteBoolean("success", false);
            json.WriteStartArray("errors");
            json.WriteStartObject();
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteEndObject();
            json.WriteEndArray();
            WriteEmpty(json, "result");
            WriteEmpty(json, "warnings");
            json.WriteEndObject();
        }

        return new Reply(status, "application/json;charset=UTF-8", bytes.ToArray(), code);
    }

    /// <summary>Writes what became of one record of a call.</summary>
    public static void WriteRecord(Utf8JsonWriter json, int? id, string status, string? code, string? message)
    {
        json.WriteStartObject();
        if (id is { } known) json.WriteNumber("id", known);
        json.WriteString("status", status);
        if (code is not null)
        {
            json.WriteStartArray("reasons");
            json.WriteStartObject();
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Any body.</summary>
    public static Reply Text(int status, string contentType, string body) => new(status, contentType, Encoding.UTF8.GetBytes(body));

    private static bool IsMembership(Call call) =>
        call.Path.StartsWith("/rest/v1/lists/", StringComparison.Ordinal) && call.Path.Contains("/leads", StringComparison.Ordinal);

    private static void WriteEmpty(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    }
}
