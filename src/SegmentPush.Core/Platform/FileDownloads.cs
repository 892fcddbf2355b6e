using System.Globalization;
using System.Net.Http.Headers;

namespace SegmentPush.Platform;

/// <summary>Fetches files in pieces, several at once, and checks that all bytes came.</summary>
/// <param name="calls">Sends the calls.</param>
/// <param name="callOf">The call that brings a file.</param>
internal sealed class FileDownloads(IPlatformCalls calls, Func<BatchFile, PlatformCall> callOf)
{
    private const int PiecesAtOnce = PlatformPace.MaxConcurrency;

    /// <summary>Bytes that one call fetches. The buffer of an answer is a little larger, and a power of two.</summary>
    public int PieceBytes { get; set; } = (4 * 1024 * 1024) - PlatformAttempts.ReadBytes;

    /// <summary>Fetches a file to a path that must not exist. What fails leaves no file there.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Where it goes; only its owner can read it.</param>
    /// <param name="fetched">Is told of the bytes of each piece; from any thread.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PlatformException">It can't be fetched whole (<c>PlatformFileIncomplete</c>).</exception>
    public async Task FetchAsync(BatchFile file, string path, Action<long>? fetched, CancellationToken cancellation)
    {
        string part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var target = PrivateFile.Open(part, FileMode.CreateNew))
            {
                var handle = target.SafeFileHandle;
                var pieces = Pieces(file.Length);
                var options = new ParallelOptions { MaxDegreeOfParallelism = PiecesAtOnce, CancellationToken = cancellation };
                await Parallel.ForEachAsync(pieces, options, async (piece, stop) => await FetchAsync(file, handle, piece, fetched, stop).ConfigureAwait(false)).ConfigureAwait(false);
                if (RandomAccess.GetLength(handle) != file.Length) throw Incomplete(callOf(file), RandomAccess.GetLength(handle), file.Length);
                RandomAccess.FlushToDisk(handle);
            }

            File.Move(part, path);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private IEnumerable<(long From, long To)> Pieces(long length)
    {
        for (long from = 0; from < length; from += PieceBytes) yield return (from, Math.Min(from + PieceBytes, length));
    }

    // The server may send less than it was asked for.
    private async Task FetchAsync(BatchFile file, Microsoft.Win32.SafeHandles.SafeFileHandle handle, (long From, long To) piece, Action<long>? fetched, CancellationToken cancellation)
    {
        long at = piece.From;
        while (at < piece.To)
        {
            long from = at;
            var call = CallOf(file, from, piece.To - 1);
            int count = await calls.CallAsync(call, answer => Write(call, answer, file, handle, from, piece.To), cancellation).ConfigureAwait(false);
            at += count;
            fetched?.Invoke(count);
        }
    }

    private PlatformCall CallOf(BatchFile file, long from, long last) => callOf(file) with
    {
        AnswersFile = true,
        Range = new RangeHeaderValue(from, last),
        ExpectedBytes = (int)(last - from + 1),
    };

    // Returns how many bytes of the piece came.
    private static int Write(PlatformCall call, PlatformAnswer answer, BatchFile file, Microsoft.Win32.SafeHandles.SafeFileHandle handle, long from, long to)
    {
        var bytes = answer.Bytes;
        if (answer.Range is { } range)
        {
            if (range.Length is { } total && total != file.Length) throw Incomplete(call, total, file.Length);
            if (range.From is not { } start || range.To is not { } last || last - start + 1 != bytes.Length || start > from || last < from)
                throw PlatformAttempts.NotUnderstood(call, "was answered with another part of the file than it asked for");
            bytes = bytes[(int)(from - start)..];
        }
        else
        {
            // All of the file came, although a part was asked for.
            if (bytes.Length != file.Length) throw Incomplete(call, bytes.Length, file.Length);
            bytes = bytes[(int)from..];
        }

        if (bytes.Length > to - from) bytes = bytes[..(int)(to - from)];
        if (bytes.IsEmpty) throw Incomplete(call, from, file.Length);
        RandomAccess.Write(handle, bytes.Span, from);
        return bytes.Length;
    }

    private static PlatformException Incomplete(PlatformCall call, long came, long length) => new(
        PlatformErrors.Of("FileIncomplete"),
        call,
        $"{call.Name} brought a file of {came:N0} bytes, and the platform says that it has {length:N0}.");
}
