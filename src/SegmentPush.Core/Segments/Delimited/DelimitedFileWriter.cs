using System.Runtime.CompilerServices;
using System.Text;

namespace SegmentPush.Segments.Delimited;

/// <summary>Writes a delimited file that its owner alone can read, by the rules of RFC 4180.</summary>
internal sealed class DelimitedFileWriter : IDisposable
{
    public const char Comma = ',';

    private const int BufferSize = 24 * 1024;

    private readonly FileStream _file;
    private readonly char _delimiter;
    private readonly Encoder _encoder;
    private readonly char[] _text = new char[BufferSize];
    private readonly byte[] _bytes;
    private int _length;
    private bool _isInRow;

    /// <summary>UTF-8, which a byte order mark tells.</summary>
    public static Encoding Utf8 { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true);

    /// <summary>Creates a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="delimiter">The character between two cells.</param>
    /// <param name="encoding">The encoding; its byte order mark is written first, where it has one.</param>
    /// <exception cref="IOException">There is one already, or it can't be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public DelimitedFileWriter(string path, char delimiter, Encoding encoding)
    {
        _file = PrivateFile.Open(path, FileMode.CreateNew, FileShare.Read);
        _delimiter = delimiter;
        _encoder = encoding.GetEncoder();
        _bytes = new byte[encoding.GetMaxByteCount(BufferSize)];
        _file.Write(encoding.Preamble);
    }

    /// <summary>Writes text that stands in for some cells, as it is.</summary>
    public void WriteRaw(ReadOnlySpan<char> cells)
    {
        if (_isInRow) Put(_delimiter);
        _isInRow = true;
        Put(cells);
    }

    /// <summary>Writes a cell.</summary>
    /// <param name="cell">What it means.</param>
    /// <param name="begin">Text that it begins with.</param>
    /// <param name="isQuoted">Whether it stands in quotes also where it need not.</param>
    [MethodImpl(EveryRow.Compiled)]
    public void WriteCell(ReadOnlySpan<char> cell, ReadOnlySpan<char> begin = default, bool isQuoted = false)
    {
        if (_isInRow) Put(_delimiter);

        // A row of one blank cell would be a blank line, and a mark at the beginning of a row means nothing.
        isQuoted = isQuoted || NeedsQuotes(cell) || (!_isInRow && (cell.IsWhiteSpace() || cell is [TextEncodings.Mark, ..]));
        _isInRow = true;
        if (isQuoted) Put('"');
        Put(begin);
        while (isQuoted && cell.IndexOf('"') is >= 0 and var quote)
        {
            Put(cell[..(quote + 1)]);
            Put('"');
            cell = cell[(quote + 1)..];
        }

        Put(cell);
        if (isQuoted) Put('"');
    }

    public void EndRow()
    {
        Put("\r\n");
        _isInRow = false;
    }

    /// <summary>Hands what was written to the system, so that it outlives this process.</summary>
    public void Flush() => Drain(isEnd: false);

    /// <summary>Has the system put on the disk what it was handed, so that it outlives the machine's power. For any thread.</summary>
    public void FlushToDisk() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    public void Dispose()
    {
        try
        {
            Drain(isEnd: true);
        }
        finally
        {
            _file.Dispose();
        }
    }

    private bool NeedsQuotes(ReadOnlySpan<char> cell)
    {
        foreach (char c in cell)
        {
            if (c is '"' or '\r' or '\n' || c == _delimiter) return true;
        }

        return false;
    }

    private void Put(char character)
    {
        if (_length == _text.Length) Drain(isEnd: false);
        _text[_length++] = character;
    }

    private void Put(ReadOnlySpan<char> text)
    {
        while (text.Length > _text.Length - _length)
        {
            int fits = _text.Length - _length;
            text[..fits].CopyTo(_text.AsSpan(_length));
            _length += fits;
            text = text[fits..];
            Drain(isEnd: false);
        }

        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }

    // What could not be written once is not tried again.
    private void Drain(bool isEnd)
    {
        int count = _encoder.GetBytes(_text.AsSpan(0, _length), _bytes, isEnd);
        _length = 0;
        if (count > 0) _file.Write(_bytes, 0, count);
    }
}
