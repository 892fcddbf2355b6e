using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SegmentPush.Simulation.Marketo;

/// <summary>An answer of the instance.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Its body.</param>
/// <param name="ContentType">Type of the body.</param>
internal sealed record Reply(int Status, byte[] Body, string ContentType = "application/json")
{
    /// <summary>The part of a file that it holds: first byte and size of the whole; null for a whole one.</summary>
    public (long From, long Size)? Part { get; init; }

    /// <summary>Whether the whole call was refused.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Seconds after which Marketo wants to be asked again; null where it does not say.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Success, with results.</summary>
    public static Reply Of(IEnumerable<JsonNode?> results, string? nextPageToken = null)
    {
        var envelope = Envelope(true);
        envelope["result"] = new JsonArray([.. results]);
        if (nextPageToken is not null)
        {
            envelope["nextPageToken"] = nextPageToken;
            envelope["moreResult"] = true;
        }

        return Of(envelope);
    }

    /// <summary>A refusal of the whole call, which Marketo answers with HTTP 200.</summary>
    public static Reply Refuse(string code, string message)
    {
        var envelope = Envelope(false);
        envelope["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message });
        return Of(envelope) with { IsRefusal = true };
    }

    /// <summary>JSON without an envelope.</summary>
    public static Reply Of(JsonObject json, int status = 200) => new(status, Encoding.UTF8.GetBytes(json.ToJsonString()));

    /// <summary>A file.</summary>
    public static Reply File(byte[] bytes) => new(200, bytes, "text/csv");

    /// <summary>The HTTP message, cut off in its middle where that is wanted.</summary>
    public HttpResponseMessage ToMessage(DateTimeOffset now, bool isCut)
    {
        HttpContent content = isCut ? new StreamContent(new CutStream(Body)) : new ByteArrayContent(Body);
        content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        if (Part is { } part) content.Headers.ContentRange = new ContentRangeHeaderValue(part.From, part.From + Body.Length - 1, part.Size);
        var message = new HttpResponseMessage((HttpStatusCode)Status) { Content = content };
        message.Headers.Date = now;
        if (RetryAfter is { } seconds) message.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return message;
    }

    private static JsonObject Envelope(bool success) => new() { ["requestId"] = "1a2b#17", ["success"] = success };

    /// <summary>Gives half of the bytes and then breaks.</summary>
    private sealed class CutStream(byte[] bytes) : Stream
    {
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _at;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int left = (bytes.Length / 2) - _at;
            if (left <= 0) throw new IOException("The connection was reset.");
            int read = Math.Min(left, count);
            Array.Copy(bytes, _at, buffer, offset, read);
            _at += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
