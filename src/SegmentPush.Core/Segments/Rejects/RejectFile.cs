using System.Globalization;
using System.Text;
using SegmentPush.Segments.Delimited;
using SegmentPush.Segments.Json;

namespace SegmentPush.Segments.Rejects;

/// <summary>
/// A file of rejected rows as their segment had them, with number, code and reason: to be mended and pushed again. It has the delimiter and
/// the encoding of the segment, and quotes by RFC 4180, which Import-Csv and spreadsheets read. A row whose form is at fault keeps it, so that it is not
/// taken for mended when it is pushed again as it is.
/// </summary>
internal sealed class RejectFile : IRejectedRows, IDisposable
{
    /// <summary>What may stand in the place of a reject file: an older one, and nothing else.</summary>
    public static readonly OutputKind Kind = new("reject file")
    {
        ExistsId = "RejectPathExists",
        IsSourceId = "RejectPathIsSource",
        NotWritableId = "RejectPathNotWritable",
        ExistsAction = "Give the reject file another name, or remove the file.",
        IsReplaceable = IsRejectFile,
    };

    private readonly RejectFormat _format;
    private readonly string _path;
    private readonly string _rowsPath;
    private readonly DelimitedFileWriter _rows;
    private readonly int _ownColumns;
    private readonly bool[] _isMarked;
    private bool _hasInvalidBytes;

    private RejectFile(string path, RejectFormat format)
    {
        _path = path;
        _format = format;
        _rowsPath = path + ".rows";
        _ownColumns = RejectColumns.CountOwn(format.Columns);
        _isMarked = new bool[_ownColumns];
        _rows = new DelimitedFileWriter(_rowsPath, format.Delimiter, TextEncodings.Utf8);
    }

    /// <summary>Writes a file, and puts it in the place of an older one.</summary>
    /// <param name="output">The file.</param>
    /// <param name="format">How its rows are written.</param>
    /// <param name="rows">Adds the rows.</param>
    /// <exception cref="SegmentPushException"><c>RejectPathNotWritable</c>, <c>RejectPathExists</c>.</exception>
    public static void Write(OutputFile output, RejectFormat format, Action<IRejectedRows> rows) => output.Write(mayReplace: false, path =>
    {
        using var file = new RejectFile(path, format);
        rows(file);
        file.Finish();
    });

    /// <summary>Writes a file of rows of nested objects as JSON, one object a line, and puts it in the place of an older one.</summary>
    /// <param name="output">The file.</param>
    /// <param name="rows">Adds the rows.</param>
    /// <exception cref="SegmentPushException"><c>RejectPathNotWritable</c>, <c>RejectPathExists</c>.</exception>
    public static void WriteJson(OutputFile output, Action<IRejectedRows> rows) => output.Write(mayReplace: false, path =>
    {
        using var file = new JsonRejectWriter(path);
        rows(file);
    });

    /// <summary>Whether a file is there that a push has written as its reject file.</summary>
    public static bool IsRejectFile(string path)
    {
        if (!File.Exists(path)) return false;
        try
        {
            using var file = FileSource.Open(path, new FormOptions { MayBeEmpty = true });
            return file.Form.Format == FileFormat.Delimited ? RejectColumns.AreIn(file.Form.Columns) : IsJsonRejectFile(path);
        }
        catch (SegmentPushException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Add(ISegmentReader row, string code, string reason)
    {
        if (row is DelimitedReader { Parsed: var parsed }) _hasInvalidBytes |= parsed.Raw.Contains(TextEncodings.Invalid);
        if (row is DelimitedReader { Parsed.Flaw: not RowFlaw.None } flawed) AddFlawed(flawed.Parsed.Raw);
        else if (row is DelimitedReader file) AddCells(file);
        else AddValues(row);

        _rows.WriteCell(row.Row.ToString(CultureInfo.InvariantCulture));
        _rows.WriteCell(code);
        _rows.WriteCell(RowPlace.Add(row, reason), isQuoted: true);
        _rows.EndRow();
    }

    public void Dispose()
    {
        _rows.Dispose();
        File.Delete(_rowsPath);
    }

    // By the rules of this file the text of a row with other rules could be read as if it were mended: it becomes one cell, which goes on
    // after its closing quote, so that the row is rejected until somebody mends it.
    private void AddFlawed(ReadOnlySpan<char> row)
    {
        if (_format.IsDoubled)
        {
            _rows.WriteRaw(row);
            return;
        }

        _rows.WriteRaw($"\"{row.ToString().Replace("\"", "\"\"", StringComparison.Ordinal)}\"?");
        for (int i = 1; i < _ownColumns; i++) _rows.WriteCell("");
    }

    // A row with surplus cells keeps them, and is rejected again when it comes back as it is.
    private void AddCells(DelimitedReader row)
    {
        var parsed = row.Parsed;
        int cells = DialectTrial.HasContentFrom(parsed, row.Columns.Count) ? parsed.CellCount : _ownColumns;
        for (int i = 0; i < cells; i++)
        {
            if (i >= parsed.CellCount) _rows.WriteCell("");
            else if (row.IsNull(i)) _rows.WriteCell(_format.KeepsNullText ? parsed.GetRaw(i) : "");
            else WriteCell(i, row.GetCell(i), isQuoted: parsed.IsQuoted(i) && _format.NullText.Contains(parsed.GetCell(i).ToString()));
        }
    }

    private void AddValues(ISegmentReader row)
    {
        for (int i = 0; i < _ownColumns; i++) WriteCell(i, row.GetValue(i), isQuoted: false);
    }

    private void WriteCell(int column, ReadOnlySpan<char> cell, bool isQuoted)
    {
        bool needsMark = RejectColumns.NeedsMark(cell);
        if (needsMark && column < _ownColumns) _isMarked[column] = true;
        _rows.WriteCell(cell, needsMark ? "'" : "", isQuoted);
    }

    // The header comes last: only now it is known in which columns cells are marked, and whether the encoding has all characters. The bytes
    // that are none of the segment's encoding must not become ordinary characters, and the mark of UTF-8 says more than -Encoding.
    private void Finish()
    {
        _rows.Dispose();
        var encoding = _hasInvalidBytes ? DelimitedFileWriter.Utf8 : _format.Encoding;
        using (var header = new DelimitedFileWriter(_path, _format.Delimiter, encoding))
        {
            for (int i = 0; i < _ownColumns; i++) header.WriteCell(_isMarked[i] ? RejectColumns.MarkName(_format.Columns[i]) : _format.Columns[i]);
            foreach (string name in RejectColumns.Names) header.WriteCell(name);
            header.EndRow();
        }

        using var file = new FileStream(_path, FileMode.Append, FileAccess.Write);
        using var rows = File.OpenRead(_rowsPath);
        using var encoded = Encoding.CreateTranscodingStream(rows, TextEncodings.Utf8, RejectFormat.WithoutMark(encoding));
        encoded.CopyTo(file);
    }

    private static bool IsJsonRejectFile(string path) => File.ReadLines(path).FirstOrDefault() is { } line
        && RejectColumns.Names.All(name => line.Contains($"\"{name}\":", StringComparison.Ordinal));
}
