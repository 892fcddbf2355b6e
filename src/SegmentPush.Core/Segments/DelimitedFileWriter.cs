using System.Buffers;
using System.Text;

namespace SegmentPush.Segments;

/// <summary>Writes a delimited file that its owner alone can read: UTF-8 with a byte order mark, RFC 4180.</summary>
internal sealed class DelimitedFileWriter : IDisposable
{
    public const char Comma = ',';

    private readonly StreamWriter _text;
    private readonly FileStream _file;
    private readonly char _delimiter;
    private readonly SearchValues<char> _quoted;
    private bool _isInRow;

    /// <summary>Creates a file.</summary>
    /// <exception cref="IOException">There is one already, or it can't be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public DelimitedFileWriter(string path, char delimiter)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _text = new StreamWriter(_file = new FileStream(path, options), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 64 * 1024);
        _delimiter = delimiter;
        _quoted = SearchValues.Create([delimiter, '"', '\r', '\n']);
    }

    /// <summary>Writes a cell with what it is begun with.</summary>
    public void WriteCell(ReadOnlySpan<char> cell, ReadOnlySpan<char> begin = default)
    {
        if (_isInRow) _text.Write(_delimiter);

        // A row of one blank cell would be a blank line.
        bool isQuoted = cell.ContainsAny(_quoted) || (!_isInRow && cell.IsWhiteSpace());
        _isInRow = true;
        if (isQuoted) _text.Write('"');
        if (!begin.IsEmpty) _text.Write(begin);
        while (isQuoted && cell.IndexOf('"') is >= 0 and var quote)
        {
            _text.Write(cell[..(quote + 1)]);
            _text.Write('"');
            cell = cell[(quote + 1)..];
        }

        if (!cell.IsEmpty) _text.Write(cell);
        if (isQuoted) _text.Write('"');
    }

    public void EndRow()
    {
        _text.Write("\r\n");
        _isInRow = false;
    }

    /// <summary>Hands what was written to the system, so that it outlives this process.</summary>
    /// <param name="toDisk">Whether to the disk as well, so that it outlives the machine's power.</param>
    public void Flush(bool toDisk)
    {
        _text.Flush();
        _file.Flush(toDisk);
    }

    public void Dispose() => _text.Dispose();
}
