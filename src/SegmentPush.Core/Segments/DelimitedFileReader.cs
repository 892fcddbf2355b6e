using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Sylvan.Data.Csv;

namespace SegmentPush.Segments;

/// <summary>Reads the people of a delimited file: RFC 4180, in UTF-8 or UTF-16, with a header.</summary>
internal sealed class DelimitedFileReader : ISegmentReader
{
    private const int BufferSize = 64 * 1024;

    private static readonly SearchValues<char> s_noText = SearchValues.Create([FileHead.Invalid, '\0']);

    private static readonly RowFault s_invalidEncoding = new(
        "InvalidEncoding", "This row holds bytes that are not of the file's encoding; save the file as CSV in UTF-8.");

    private static readonly RowFault s_nulCharacter = new(
        "NulCharacter", "This row holds a NUL character; export the file again, or take the character out.");

    private readonly Stream _file;
    private readonly CsvDataReader _csv;
    private readonly string _path;
    private readonly RowFault _tooMany;
    private readonly RowFault _tooFew;
    private readonly RowFault _tooLarge;
    private readonly long _length;
    private long _position;
    private bool _isAhead;
    private bool _isAtEnd;

    private DelimitedFileReader(
        Stream file, long length, CsvDataReader csv, string path, char delimiter, DelimitedFileOptions options, bool mayBeEmpty)
    {
        _file = file;
        _csv = csv;
        _path = path;
        _length = length;
        Delimiter = delimiter;
        Columns = ReadHeader(options.MayBeEmpty);
        _tooMany = new RowFault(
            "TooManyColumns", $"The row has more than the header's {Columns.Count} columns; quote cells that hold the delimiter.");
        _tooFew = new RowFault("TooFewColumns", $"The row has fewer than the header's {Columns.Count} columns; fill it up.");
        _tooLarge = new RowFault(
            "RowTooLarge",
            $"From this row on no end of row comes within {options.MaxRowLength} characters, so the rest of the file could not be read; look for a quote that is not closed.",
            HasCells: false);
        _isAhead = Next();
        if (!_isAhead && !mayBeEmpty)
            throw new SegmentPushException("FileHasNoRows", $"'{path}' has a header and no rows.", "Check the export.", path);
    }

    /// <summary>What stands between two cells.</summary>
    public char Delimiter { get; }

    public IReadOnlyList<string> Columns { get; }

    public long Row { get; private set; }

    public RowFault? Fault { get; private set; }

    public double? Progress => _length == 0 ? null : Math.Min(1, (double)Interlocked.Read(ref _position) / _length);

    /// <summary>Number of cells in the current row, which may differ from that of the columns where the row has a fault.</summary>
    public int CellCount => Fault == _tooLarge ? 0 : _csv.RowFieldCount;

    /// <summary>The current row as it stands in the file, without its line end; empty where it is too large.</summary>
    public ReadOnlySpan<char> Raw => Fault == _tooLarge ? [] : _csv.GetRawRecordSpan().TrimEnd("\r\n");

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="SegmentPushException">
    /// <c>FileNotFound</c>, <c>PathIsDirectory</c>, <c>FileNotReadable</c>, <c>FileEmpty</c>, <c>BinaryFile</c>,
    /// <c>HeaderMalformed</c>, <c>DuplicateColumn</c>, <c>FileHasNoRows</c>.
    /// </exception>
    public static DelimitedFileReader Open(string path, DelimitedFileOptions options)
    {
        var file = OpenFile(path);
        try
        {
            if (file.Length == 0 && !options.MayBeEmpty)
                throw new SegmentPushException("FileEmpty", $"'{path}' is empty.", "Check the export; a segment has at least a header.", path);
            var head = FileHead.Of(file, path);
            char delimiter = options.Delimiter ?? head.FindDelimiter();
            return new DelimitedFileReader(file, file.Length, Parser(file, head.Encoding, delimiter, options), path, delimiter, options, options.MayBeEmpty);
        }
        catch (Exception e) when (e is IOException or CsvRecordTooLargeException)
        {
            file.Dispose();
            throw e is IOException
                ? NotReadable(path, e)
                : HeaderMalformed(path, $"has no end of row within {options.MaxRowLength} characters");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the file of a spool, which may have no rows yet.</summary>
    public static DelimitedFileReader OpenSpool(Stream file, string path)
    {
        var options = new DelimitedFileOptions { MaxRowLength = int.MaxValue / 4 };
        var csv = Parser(file, FileHead.Utf8, DelimitedFileWriter.Comma, options);
        return new DelimitedFileReader(file, 0, csv, path, DelimitedFileWriter.Comma, options, mayBeEmpty: true);
    }

    [MethodImpl(EveryRow.Compiled)]
    public bool Read(CancellationToken cancellation = default)
    {
        if (_isAhead) _isAhead = false;
        else if (!Next()) return false;
        Row++;
        return true;
    }

    public ReadOnlySpan<char> GetValue(int column) => _csv.GetFieldSpan(column);

    public void Dispose()
    {
        _csv.Dispose();
        _file.Dispose();
    }

    private static CsvDataReader Parser(Stream file, Encoding encoding, char delimiter, DelimitedFileOptions options) => CsvDataReader.Create(
        new SegmentText(new StreamReader(file, encoding, detectEncodingFromByteOrderMarks: false, BufferSize)),
        new CsvDataReaderOptions
        {
            HasHeaders = false,
            Delimiter = delimiter,
            CsvStyle = CsvStyle.Lax,
            Comment = SegmentText.CommentMark,
            BufferSize = Math.Min(BufferSize, options.MaxRowLength),
            MaxBufferSize = options.MaxRowLength,
        });

    private static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path))
            throw new SegmentPushException("PathIsDirectory", $"'{path}' is a folder.", "Give a file, or a path with wildcards such as folder/*.csv.", path);
        try
        {
            return new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegmentPushException(
                "FileNotFound", $"There is no file '{path}'.", "Check the path and the current folder.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotReadable(path, e);
        }
    }

    private static SegmentPushException NotReadable(string path, Exception cause) => new(
        "FileNotReadable",
        $"'{path}' can't be read: {cause.Message}",
        "Check who may read it, and that no other program is still writing it.",
        path,
        cause);

    private static SegmentPushException HeaderMalformed(string path, string what) => new(
        "HeaderMalformed", $"The header of '{path}' {what}.", "Save the file as CSV in UTF-8 with one header row.", path);

    private string[] ReadHeader(bool mayBeMissing)
    {
        bool isThere;
        do isThere = _csv.Read();
        while (isThere && IsBlank());
        if (!isThere && mayBeMissing) return [];
        if (!isThere) throw new SegmentPushException("FileEmpty", $"'{_path}' holds blank lines only.", "Check the export.", _path);

        if (FaultOfText() is not null) throw HeaderMalformed(_path, "is not text of the file's encoding");
        if (QuoteCheck.Check(_csv.GetRawRecordSpan(), Delimiter) is not null) throw HeaderMalformed(_path, "has quotes that do not match");
        var columns = new string[_csv.RowFieldCount];
        for (int i = 0; i < columns.Length; i++) columns[i] = _csv.GetFieldSpan(i).Trim().ToString();

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string column in columns)
        {
            if (column.Length == 0 || names.Add(column)) continue;
            string name = column.Contains('@', StringComparison.Ordinal) ? "with an address for its name" : $"'{column}'";
            throw new SegmentPushException(
                "DuplicateColumn",
                $"'{_path}' has more than one column {name} (names are compared without case).",
                "Rename or remove all but one; a file without a header row needs one.",
                _path);
        }

        return columns;
    }

    [MethodImpl(EveryRow.Compiled)]
    private bool Next()
    {
        if (_isAtEnd) return false;
        try
        {
            do
            {
                if (!_csv.Read()) return !(_isAtEnd = true);
            }
            while (IsBlank());
        }
        catch (CsvRecordTooLargeException)
        {
            // The reader can't find the next row from here.
            _isAtEnd = true;
            Fault = _tooLarge;
            return true;
        }
        catch (IOException e)
        {
            throw NotReadable(_path, e);
        }

        Interlocked.Exchange(ref _position, _file.Position);
        Fault = FaultOfText() ?? QuoteCheck.Check(_csv.GetRawRecordSpan(), Delimiter) ?? FaultOfCount();
        return true;
    }

    private bool IsBlank() => _csv.RowFieldCount == 1 && _csv.GetRawRecordSpan().IsWhiteSpace();

    private RowFault? FaultOfText()
    {
        var row = _csv.GetRawRecordSpan();
        int at = row.IndexOfAny(s_noText);
        if (at < 0) return null;
        return row[at] == '\0' ? s_nulCharacter : s_invalidEncoding;
    }

    private RowFault? FaultOfCount()
    {
        int count = _csv.RowFieldCount;
        return count == Columns.Count ? null : count > Columns.Count ? _tooMany : _tooFew;
    }
}
