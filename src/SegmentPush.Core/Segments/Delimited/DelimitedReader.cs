using System.Buffers;
using System.Runtime.CompilerServices;
using SegmentPush.Segments.Rejects;

namespace SegmentPush.Segments.Delimited;

/// <summary>Reads the people of a delimited file whose form is settled.</summary>
internal sealed class DelimitedReader : ISegmentReader
{
    private static readonly SearchValues<char> s_noText = SearchValues.Create([TextEncodings.Invalid, '\0']);

    private static readonly RowFault s_invalidEncoding = new(
        "InvalidEncoding", "This row holds bytes that are not of the file's encoding; save the file as CSV in UTF-8, or name its encoding with -Encoding.");

    private static readonly RowFault s_nulCharacter = new(
        "NulCharacter", "This row holds a NUL character; export the file again, or take the character out.");

    private static readonly RowFault s_malformedQuote = new(
        "MalformedQuote", "A quoted cell goes on after its closing quote; write a quote within a cell twice, or say how it is escaped with -Escape.", HasCells: false);

    private static readonly RowFault s_quoteAfterBlank = new(
        "MalformedQuote", "Blanks stand before the opening quote of a cell, so that the quotes may be a part of the text or not; take the blanks out, or say with -Escape None that no cell is quoted.", HasCells: false);

    private static readonly RowFault s_loneReturn = new(
        "LoneLineEnd", "A cell holds a carriage return or a line feed that may be the end of a row; quote the cell, or take the character out.", HasCells: false);

    private static readonly RowFault s_headerRepeated = new(
        "HeaderRepeated", "This row repeats the header and names nobody; join files so that only the first one keeps its header.");

    /// <summary>Code of a row with surplus cells that hold something.</summary>
    public const string TooManyColumns = "TooManyColumns";

    private readonly RowParser _rows;
    private readonly int _ownColumns;
    private readonly string[] _nullText;
    private readonly bool[] _isMarked;

    // MySQL writes an escaped NUL for a bit that is not set. It is a fault only where somebody asks for the column.
    private readonly List<int> _found = [];
    private readonly RowFault _tooMany;
    private readonly Func<double?> _progress;

    /// <summary>Begins to read after the header.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="form">The file's form.</param>
    /// <param name="maxRowLength">Longest row, in characters.</param>
    /// <param name="progress">Tells how much of the file has been read, from 0 to 1.</param>
    public DelimitedReader(DelimitedText text, SourceForm form, int maxRowLength, Func<double?> progress)
    {
        Columns = form.Columns;
        _ownColumns = RejectColumns.CountOwn(Columns);
        _isMarked = [.. form.MarkedColumns];
        _nullText = [.. form.NullText];
        _progress = progress;
        _tooMany = new RowFault(
            TooManyColumns,
            $"The row has more cells than the header, which has {Columns.Count}; quote cells that hold the delimiter.");
        _rows = text.Open(form.Dialect!.Value, maxRowLength);
        while (_rows.Read() && DialectTrial.IsEmpty(_rows))
        {
            // Blank lines before the header.
        }
    }

    public IReadOnlyList<string> Columns { get; }

    public long Row { get; private set; }

    public RowFault? Fault { get; private set; }

    public double? Progress => _progress();

    /// <inheritdoc/>
    public long? Line => _rows.Line;

    /// <summary>The current row as the parser sees it.</summary>
    public RowParser Parsed => _rows;

    /// <summary>What is wrong with the characters of a row; null where nothing is.</summary>
    public static RowFault? FaultOfText(ReadOnlySpan<char> row)
    {
        int at = row.IndexOfAny(s_noText);
        if (at < 0) return null;
        return row[at] == '\0' ? s_nulCharacter : s_invalidEncoding;
    }

    [MethodImpl(EveryRow.Compiled)]
    public bool Read(CancellationToken cancellation = default)
    {
        do
        {
            if (!_rows.Read()) return false;
        }
        while (DialectTrial.IsNobody(_rows, Columns));

        Row++;
        Fault = FaultOfText(_rows.Raw) ?? (_rows.HasEscapedNul && _found.Exists(_rows.HasEscapedNulIn) ? s_nulCharacter : FaultOfForm());
        return true;
    }

    /// <inheritdoc/>
    public int FindColumn(string name)
    {
        int column = ColumnNames.Find(Columns, name);
        if (column >= 0) _found.Add(column);
        return column;
    }

    /// <inheritdoc/>
    public int FindConsents()
    {
        // The reject file of a pipeline has all consents as they were read from its objects.
        int own = RejectColumns.AreIn(Columns) ? Columns.ToList().IndexOf(PairedValues.ConsentsOfAddresses) : -1;
        if (own < 0) ConsentNames.Refuse(Columns);
        return own;
    }

    [MethodImpl(EveryRow.Compiled)]
    public ReadOnlySpan<char> GetValue(int column)
    {
        if (column >= _rows.CellCount) return default;
        var cell = GetCell(column);
        return cell.IsWhiteSpace() || IsNull(column) ? default : cell;
    }

    /// <summary>What a cell means, blanks and null text included.</summary>
    public ReadOnlySpan<char> GetCell(int column)
    {
        var cell = _rows.GetCell(column);
        return column < _isMarked.Length && _isMarked[column] ? RejectColumns.TakeMarkOff(cell) : cell;
    }

    /// <summary>Whether a cell holds a text that means no value.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public bool IsNull(int column)
    {
        foreach (string text in _nullText)
        {
            // Programs that write columns of one width fill them up with blanks.
            if (!_rows.IsQuoted(column) && _rows.GetRaw(column).Trim(' ').SequenceEqual(text)) return true;
        }

        return false;
    }

    public void Dispose() => _rows.Dispose();

    // An open quote and a row without end are faults of the file, which the look has found.
    private RowFault? FaultOfForm() => _rows.Flaw switch
    {
        RowFlaw.None when _rows.CellCount > Columns.Count && DialectTrial.HasContentFrom(_rows, Columns.Count) => _tooMany,
        RowFlaw.None => IsHeader() ? s_headerRepeated : null,
        RowFlaw.MalformedQuote => s_malformedQuote,
        RowFlaw.QuoteAfterBlank => s_quoteAfterBlank,
        RowFlaw.LoneReturn => s_loneReturn,
        _ => throw new InvalidOperationException("The file is not the one whose form was settled."),
    };

    // In a reject file, number, code and reason stand behind a header that was rejected.
    [MethodImpl(EveryRow.Compiled)]
    private bool IsHeader()
    {
        if (_rows.CellCount < _ownColumns) return false;
        for (int i = 0; i < _ownColumns; i++)
        {
            var name = _rows.GetCell(i).Trim();
            if (i < _isMarked.Length && _isMarked[i] && RejectColumns.IsMarked(name)) name = name[..^1].TrimEnd();
            if (!name.Equals(Columns[i], StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }
}
