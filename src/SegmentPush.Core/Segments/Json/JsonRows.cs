using System.Runtime.CompilerServices;
using System.Text.Json;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Json;

/// <summary>Takes one row in.</summary>
internal interface IJsonRowParser
{
    /// <summary>Reads a row's object.</summary>
    /// <param name="reader">Stands on its start, and is left on its end.</param>
    /// <returns>False where the reader's bytes end before the row does. The row then comes again from its start.</returns>
    bool TryParse(ref Utf8JsonReader reader);
}

/// <summary>Splits a stream into rows: objects one after the other, on lines or not, or the elements of one array.</summary>
/// <param name="utf8">The stream.</param>
/// <param name="path">How messages name it.</param>
internal sealed class JsonRows(Stream utf8, string path) : IDisposable
{
    /// <summary>Longest row, in bytes.</summary>
    public const int RowMost = 16 * 1024 * 1024;

    private const int BlockSize = 64 * 1024;

    private byte[] _block = new byte[BlockSize];
    private int _start;
    private int _rowEnd;
    private int _end;
    private bool _isLast;
    private Place _place = Place.Start;

    // Line breaks before `_start`, as far as they have been counted.
    private long _lines;
    private int _counted;

    private enum Place
    {
        Start,
        Objects,
        ArrayStart,
        InArray,
        AfterArray,
    }

    /// <summary>Whether the rows are the elements of an array; known once the first one has been read.</summary>
    public bool IsArray => _place > Place.Objects;

    /// <summary>The current row's bytes.</summary>
    public ReadOnlySpan<byte> Raw => _block.AsSpan(_start, _rowEnd - _start);

    /// <summary>Goes to the next row.</summary>
    /// <param name="parser">Takes the row in.</param>
    /// <returns>False after the last row.</returns>
    /// <exception cref="SegmentPushException"><c>SourceUnreadable</c>, <c>FileNotReadable</c>.</exception>
    [MethodImpl(EveryRow.Compiled)]
    public bool Next(IJsonRowParser parser)
    {
        _start = _rowEnd;
        bool isThere = GoToRow();
        _rowEnd = _start;
        if (!isThere) return false;
        while (true)
        {
            var reader = new Utf8JsonReader(_block.AsSpan(_start, _end - _start), isFinalBlock: false, default);
            try
            {
                if (reader.Read() && parser.TryParse(ref reader))
                {
                    _rowEnd = _start + (int)reader.BytesConsumed;
                    return true;
                }
            }
            catch (JsonException e)
            {
                // The exception's text holds what stands there.
                throw Malformed(Line + (e.LineNumber ?? 0), "begins like JSON, but is not valid JSON");
            }

            if (!Fill()) throw CutOff();
        }
    }

    public void Dispose() => utf8.Dispose();

    // 1 for the first line.
    private long Line
    {
        get
        {
            _lines += _block.AsSpan(_counted, _start - _counted).Count((byte)'\n');
            _counted = _start;
            return _lines + 1;
        }
    }

    [MethodImpl(EveryRow.Compiled)]
    private bool GoToRow()
    {
        while (true)
        {
            int next = SkipBlanks();
            if (next < 0)
            {
                if (_place is Place.ArrayStart or Place.InArray) throw CutOff();
                return false;
            }

            switch (_place, (char)next)
            {
                case (Place.Start or Place.Objects, '{'):
                    _place = Place.Objects;
                    return true;
                case (Place.ArrayStart, '{'):
                    _place = Place.InArray;
                    return true;
                case (Place.Start, '['):
                    _place = Place.ArrayStart;
                    break;
                case (Place.ArrayStart or Place.InArray, ']'):
                    _place = Place.AfterArray;
                    break;
                case (Place.InArray, ','):
                    _start++;
                    int element = SkipBlanks();
                    if (element == '{') return true;
                    throw element < 0 ? CutOff()
                        : element == ']' ? Malformed(Line, "is not valid JSON (a comma stands before the end of the array)")
                        : Malformed(Line, "holds something else than an object for each person");
                case (Place.AfterArray, _):
                    throw Malformed(Line, "goes on after the end of its array");
                case (_, '/'):
                    throw Malformed(Line, "is not valid JSON (it has a comment)");
                default:
                    throw Malformed(Line, "holds something else than an object for each person");
            }

            _start++;
        }
    }

    // Stops on what is no blank, and returns it; -1 at the end.
    [MethodImpl(EveryRow.Compiled)]
    private int SkipBlanks()
    {
        while (true)
        {
            int blanks = _block.AsSpan(_start, _end - _start).IndexOfAnyExcept(" \t\r\n"u8);
            _start = blanks < 0 ? _end : _start + blanks;
            if (blanks >= 0) return _block[_start];
            if (!Fill()) return -1;
        }
    }

    // Reads on behind what is there, from `_start`.
    private bool Fill()
    {
        if (_isLast) return false;
        _ = Line;
        int length = _end - _start;
        if (length == RowMost) throw Malformed(Line, $"holds a row of more than {RowMost >> 20} MB");
        byte[] block = length < _block.Length ? _block : new byte[Math.Min(RowMost, _block.Length * 2)];
        _block.AsSpan(_start, length).CopyTo(block);
        _block = block;
        (_start, _counted, _end) = (0, 0, length);
        int read = ReadBlock();
        bool isStart = _place == Place.Start && length == 0 && _lines == 0;
        if (isStart && _block.AsSpan(0, read).StartsWith("\uFEFF"u8)) _start = _counted = 3;
        _end += read;
        _isLast = read == 0;
        return !_isLast;
    }

    private int ReadBlock()
    {
        try
        {
            return utf8.Read(_block, _end, _block.Length - _end);
        }
        catch (InvalidDataException)
        {
            throw SourceFaults.Unreadable(path, "is a damaged archive", "Export or copy the file again.");
        }
        catch (IOException e)
        {
            throw SourceFaults.NotReadable(path, e);
        }
    }

    private SegmentPushException Malformed(long line, MessageText what) =>
        SourceFaults.Unreadable(path, $"{what}, in line {line}", "Export the file again; each person must be one JSON object, with names and texts in double quotes. If it is delimited text, say so with -Delimiter.");

    private SegmentPushException CutOff() => SourceFaults.Unreadable(
        path,
        _place is Place.Objects or Place.InArray && _start < _end
            ? (MessageText)$"ends in the middle of the row that begins in line {Line}; it is cut off, or still being written"
            : "ends before its array does; it is cut off, or still being written",
        "Export or copy the file again.");
}
