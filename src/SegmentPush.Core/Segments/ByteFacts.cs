using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SegmentPush.Segments;

/// <summary>What the bytes of a text tell before it is parted into rows.</summary>
internal sealed record ByteFacts
{
    private long _feeds;
    private long _returns;
    private bool _hasUtf8;
    private (long Feeds, long Returns)? _notUtf8;

    /// <summary>Whether a quote occurs.</summary>
    public bool HasQuotes { get; private set; }

    /// <summary>Whether a backslash occurs.</summary>
    public bool HasBackslashes { get; private set; }

    /// <summary>Whether an apostrophe occurs.</summary>
    public bool HasApostrophes { get; private set; }

    /// <summary>Line of the first byte that is not UTF-8; null where all are. Carriage returns end lines in a text without line feeds.</summary>
    public long? NotUtf8Line => _notUtf8 is not var (feeds, returns) ? null : 1 + (_feeds > 0 ? feeds : returns);

    /// <summary>Characters of two bytes or more that are UTF-8.</summary>
    public long Utf8Characters { get; private set; }

    /// <summary>Bytes that are not UTF-8.</summary>
    public long NotUtf8Bytes { get; private set; }

    /// <summary>Whether all of a text is UTF-8, but for a last character that lacks its end. Other characters of several bytes show that it is UTF-8.</summary>
    public bool EndsInCharacter { get; private set; }

    /// <summary>Reads a text to its end.</summary>
    public static ByteFacts Of(Stream content, CancellationToken cancellation)
    {
        const int Block = 128 * 1024;
        var facts = new ByteFacts();
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            int kept = 0;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                int read = content.Read(bytes, kept, Block - kept);
                int length = kept + read;
                bool isEnd = read == 0;
                int whole = isEnd ? length : length - IncompleteTail(bytes.AsSpan(0, length));
                facts.Take(bytes.AsSpan(0, whole));
                kept = length - whole;
                bytes.AsSpan(whole, kept).CopyTo(bytes);
                if (!isEnd) continue;
                facts.EndsInCharacter = (facts._hasUtf8 || facts.Utf8Characters > 0) && facts.NotUtf8Bytes > 0 && facts.NotUtf8Bytes == IncompleteTail(bytes.AsSpan(0, length));
                return facts;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Number of line ends: line feeds, or carriage returns where there are none.</summary>
    public static int CountLines(ReadOnlySpan<byte> bytes) => bytes.Count((byte)'\n') is > 0 and var feeds ? feeds : bytes.Count((byte)'\r');

    private void Take(ReadOnlySpan<byte> bytes)
    {
        HasQuotes = HasQuotes || bytes.Contains((byte)'"');
        HasBackslashes = HasBackslashes || bytes.Contains((byte)'\\');
        HasApostrophes = HasApostrophes || bytes.Contains((byte)'\'');
        if (_notUtf8 is null && Utf8.IsValid(bytes))
        {
            _hasUtf8 = _hasUtf8 || !Ascii.IsValid(bytes);
            _feeds += bytes.Count((byte)'\n');
            if (_feeds == 0) _returns += bytes.Count((byte)'\r');
            return;
        }

        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out _, out int length);
            if (status == OperationStatus.Done)
            {
                if (length > 1) Utf8Characters++;
                if (bytes[0] == '\n') _feeds++;
                if (bytes[0] == '\r') _returns++;
            }
            else
            {
                _notUtf8 ??= (_feeds, _returns);
                NotUtf8Bytes += length;
            }

            bytes = bytes[length..];
        }
    }

    // Bytes at the end that may be the beginning of a character.
    private static int IncompleteTail(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            byte b = bytes[^back];
            if ((b & 0xC0) == 0x80) continue;
            int needed = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
            return needed > back ? back : 0;
        }

        return 0;
    }
}
