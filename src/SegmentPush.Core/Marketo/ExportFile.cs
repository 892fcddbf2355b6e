using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace SegmentPush.Marketo;

/// <summary>The file of an export, fetched piece by piece while it is read, so that one piece at a time is in memory.</summary>
/// <param name="transport">Sends the calls.</param>
/// <param name="path">Path of the file.</param>
/// <param name="size">Its size in bytes; null where Marketo did not say.</param>
/// <param name="pieceBytes">Bytes to ask for in one call.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class ExportFile(MarketoTransport transport, string path, long? size, int pieceBytes, CancellationToken cancellation)
    : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly PooledBytes _piece = new((int)Math.Min(size ?? pieceBytes, pieceBytes));
    private int _taken;
    private bool _isAtEnd = size == 0;

    /// <summary>Bytes fetched so far.</summary>
    public long Fetched { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>SHA-256 of what was fetched, in hexadecimal digits.</summary>
    public string Hash() => Convert.ToHexString(_hash.GetCurrentHash());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _piece.Length)
        {
            if (_isAtEnd) return 0;
            await FetchAsync().ConfigureAwait(false);
        }

        int count = Math.Min(buffer.Length, _piece.Length - _taken);
        _piece.Written.Slice(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _piece.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task FetchAsync()
    {
        long last = Fetched + pieceBytes - 1;
        var call = new MarketoCall(HttpMethod.Get, path)
        {
            AnswersFile = true,
            Range = new RangeHeaderValue(Fetched, size > Fetched ? Math.Min(last, size.Value - 1) : last),
            Into = _piece,
        };
        long total = await transport.CallAsync(call, answer => Take(call, answer), cancellation).ConfigureAwait(false);
        _hash.AppendData(_piece.Written.Span[_taken..]);
        Fetched += _piece.Length - _taken;
        _isAtEnd = Fetched >= total;
    }

    // Returns the size of the whole file.
    private long Take(MarketoCall call, Answer answer)
    {
        if (answer.Range is not { } range)
        {
            // The server sends everything, although a part was asked for.
            if (answer.Result.Length < Fetched) throw RecordReader.Incomplete(call, answer, "was answered with less of the file than before");
            _taken = (int)Fetched;
            return answer.Result.Length;
        }

        if (range.From != Fetched || range.To - range.From + 1 != answer.Result.Length)
            throw RecordReader.Incomplete(call, answer, "was answered with another part of the file");
        _taken = 0;
        return range.Length ?? size ?? throw RecordReader.Incomplete(call, answer, "does not say how large the file is");
    }
}
