using System.Net;
using System.Net.Http.Headers;

namespace SegmentPush.Marketo;

/// <summary>Sends a call's body straight from memory, and knows whether any of it may have left this machine.</summary>
internal sealed class CallBody : HttpContent
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _pieces;
    private readonly Action? _sent;
    private readonly long _length;
    private volatile bool _started;

    public CallBody(IReadOnlyList<ReadOnlyMemory<byte>> pieces, string contentType, Action? sent = null)
    {
        _pieces = pieces;
        _sent = sent;
        foreach (var piece in pieces)
        {
            _length += piece.Length;
        }

        Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        Headers.ContentLength = _length;
    }

    /// <summary>Whether sending began: a connection stood, and the server may act on what it got.</summary>
    public bool Started => _started;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _started = true;
        foreach (var piece in _pieces)
        {
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }

        _sent?.Invoke();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
