using System.Net;
using System.Net.Http.Headers;

namespace SegmentPush.Marketo;

/// <summary>The body of one attempt of a call. It knows whether any of it may have left this machine.</summary>
internal sealed class CallBody : HttpContent
{
    private readonly HttpContent _content;
    private volatile bool _started;

    private CallBody(HttpContent content)
    {
        _content = content;
        foreach (var header in content.Headers) Headers.TryAddWithoutValidation(header.Key, header.Value);
    }

    /// <summary>Whether sending began: a connection stood, and the server may act on what it got.</summary>
    public bool Started => _started;

    /// <summary>Makes the body of an attempt; null for a call without one.</summary>
    /// <param name="call">The call.</param>
    public static CallBody? Of(MarketoCall call)
    {
        if (call.ContentType is null) return null;
        var pieces = new PiecesContent(call.Body, call.ContentType);
        return new CallBody(call.FormFile is { } file ? FileForm.Of(pieces, call.Body, file) : pieces);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _started = true;
        await _content.CopyToAsync(stream, context, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _content.Headers.ContentLength ?? 0;
        return _content.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _content.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Bytes that go straight from memory to the network.</summary>
    private sealed class PiecesContent : HttpContent
    {
        private readonly IReadOnlyList<ReadOnlyMemory<byte>> _pieces;
        private readonly long _length;

        public PiecesContent(IReadOnlyList<ReadOnlyMemory<byte>> pieces, string contentType)
        {
            _pieces = pieces;
            foreach (var piece in pieces) _length += piece.Length;
            Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            foreach (var piece in _pieces) await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return true;
        }
    }
}
