using System.Runtime.CompilerServices;

namespace SegmentPush.Segments.Delimited;

/// <summary>What the rows of a text are like when they are read by the rules of one dialect.</summary>
internal sealed class DialectTrial
{
    private static readonly string[] s_nullTexts = ["null", "NULL", @"\N"];

    private readonly LoneFeeds _loneFeeds = new();
    private OtherHeader? _otherHeader;
    private Dictionary<(int Column, int Text), long>? _nullsByColumn;

    private DialectTrial(Dialect dialect) => Dialect = dialect;

    /// <summary>The rules.</summary>
    public Dialect Dialect { get; }

    /// <summary>Names of the columns, without outer blanks; none where the text is blank.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>Line of the header.</summary>
    public long HeaderLine { get; private set; }

    /// <summary>What is wrong with the header's form.</summary>
    public RowFlaw HeaderFlaw { get; private set; }

    /// <summary>Rows of data, without those that are blank.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows with as many cells as the header.</summary>
    public long Exact { get; private set; }

    /// <summary>Rows with fewer cells, or with surplus ones that all are empty.</summary>
    public long Tolerated { get; private set; }

    /// <summary>Rows with surplus cells that hold something.</summary>
    public long Surplus { get; private set; }

    /// <summary>Line of the first row with another number of cells than the header has, and that number.</summary>
    public (long Line, int Cells)? FirstOther { get; private set; }

    /// <summary>Fewest and most cells of a row.</summary>
    public (int Least, int Most) Cells { get; private set; } = (int.MaxValue, 0);

    /// <summary>Lines that rows with a flaw or with surplus cells cover.</summary>
    public long BadLines { get; private set; }

    /// <summary>Whether a quoted cell goes on after its closing quote, in the header or in a row.</summary>
    public bool HasMalformedQuotes { get; private set; }

    /// <summary>Line on which a row begins whose quote is never closed, or that is too long; null where there is none.</summary>
    public long? UnreadableLine { get; private set; }

    /// <summary>Whether that row is too long.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Whether a cell stands in quotes: begins and ends with one, or has quotes that are hardly text.</summary>
    public bool HasQuotedCells { get; private set; }

    /// <summary>Whether quotes stand around several lines, and their cell goes on: each of them may be text of another row.</summary>
    public bool HasQuotesOverLines { get; private set; }

    /// <summary>What ends the header.</summary>
    public RowEnd HeaderEnd { get; private set; }

    /// <summary>Whether a backslash without quotes stands before a character that nobody escapes.</summary>
    public bool HasOtherBackslashes { get; private set; }

    /// <summary>Whether the last row has fewer cells than the header, and no line end: the file was cut off.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Whether the last row ends with a line end.</summary>
    public bool EndsWithRow { get; private set; } = true;

    /// <summary>Whether a row ends with a carriage return alone.</summary>
    public bool HasLoneReturns { get; private set; }

    /// <summary>Whether a row ends with a line feed alone.</summary>
    public bool HasLoneFeeds { get; private set; }

    /// <summary>Whether line feeds alone stand in cells, as the rows between them show.</summary>
    public bool HasFeedsInCells => _loneFeeds.AreInCells && HeaderEnd != RowEnd.Feed;

    /// <summary>Whether a row ends with a carriage return and a line feed.</summary>
    public bool HasReturnFeeds { get; private set; }

    /// <summary>Whether a row ends with a line feed, alone or not.</summary>
    public bool HasFeeds => HasLoneFeeds || HasReturnFeeds;

    /// <summary>Whether a quoted cell holds a line end and a delimiter: two quotes that belong to different rows look like this, too.</summary>
    public bool MaySwallowRows { get; private set; }

    /// <summary>Whether the lines of a quoted cell may be rows.</summary>
    public RowsInCells RowsInCells { get; private set; }

    /// <summary>Line on which the row of this cell begins; 0 where there is none.</summary>
    public long RowsInCellsLine { get; private set; }

    /// <summary>Line of the first row that is another header; null where there is none.</summary>
    public long? OtherHeaderLine { get; private set; }

    /// <summary>Whether every row can be read by these rules.</summary>
    public bool IsClean => UnreadableLine is null && BadLines == 0 && HeaderFlaw == RowFlaw.None;

    /// <summary>Unquoted texts that often mean no value, by column: the number of cells.</summary>
    public IEnumerable<(int Column, string Text, long Count)> NullTexts =>
        _nullsByColumn is null ? [] : _nullsByColumn.Select(entry => (entry.Key.Column, s_nullTexts[entry.Key.Text], entry.Value));

    /// <summary>Reads a text by the rules of a dialect.</summary>
    /// <param name="text">Opens the text.</param>
    /// <param name="dialect">The rules.</param>
    /// <param name="maxRowLength">Longest row, in characters.</param>
    /// <param name="maxCharacters">Reads on until so many characters have been read.</param>
    /// <param name="cancellation">Ends it.</param>
    public static DialectTrial Run(DelimitedText text, Dialect dialect, int maxRowLength, long maxCharacters, CancellationToken cancellation)
    {
        using var rows = text.Open(dialect, maxRowLength);
        var trial = new DialectTrial(dialect);
        if (!trial.ReadHeader(rows)) return trial;
        long characters = 0;
        while (characters < maxCharacters && rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            characters += rows.Raw.Length;
            trial.EndsWithRow = rows.HasLineEnd;
            bool isNobody = IsNobody(rows, trial.Header);
            trial._loneFeeds.Add(rows, trial.Header.Count);
            if (isNobody) continue;
            trial.Add(rows);
            trial.HasLoneReturns |= rows.End == RowEnd.Return;
            trial.HasLoneFeeds |= rows.End == RowEnd.Feed;
            trial.HasReturnFeeds |= rows.End == RowEnd.ReturnFeed;
        }

        trial._loneFeeds.Finish(trial.Header.Count);
        return trial;
    }

    /// <summary>Whether a row is none: no cell holds anything, or SQL Server wrote it around the rows.</summary>
    /// <param name="row">The row.</param>
    /// <param name="columns">Names of the columns.</param>
    [MethodImpl(EveryRow.Compiled)]
    public static bool IsNobody(RowParser row, IReadOnlyList<string> columns) =>
        IsEmpty(row) || (row.Flaw == RowFlaw.None && SqlServerText.MayBeLine(row.Raw) && SqlServerText.IsLine(columns, row.CellCount, row.GetCell));

    /// <summary>Whether no cell of a row holds anything. A row with a flaw is no blank one, though what is known of its cells may be.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public static bool IsEmpty(RowParser row)
    {
        if (row.IsBlank) return true;
        if (row.Flaw != RowFlaw.None) return false;
        for (int i = 0; i < row.CellCount; i++)
        {
            if (!row.GetCell(i).IsWhiteSpace()) return false;
        }

        return true;
    }

    private bool ReadHeader(RowParser rows)
    {
        bool isThere;
        do isThere = rows.Read();
        while (isThere && IsEmpty(rows));
        if (!isThere) return false;
        HeaderLine = rows.Line;
        HeaderFlaw = rows.Flaw;
        HeaderEnd = rows.End;
        NoteFlaw(rows);
        if (rows.Flaw is RowFlaw.UnclosedQuote or RowFlaw.TooLarge) UnreadableLine = rows.Line;
        IsTooLarge = rows.Flaw == RowFlaw.TooLarge;
        string[] header = new string[rows.CellCount];
        for (int i = 0; i < header.Length; i++)
        {
            header[i] = rows.GetCell(i).Trim().Trim('\uFEFF').Trim().ToString();
            NoteQuotes(rows, i);
        }

        Header = header;
        _otherHeader = new OtherHeader(header);
        return true;
    }

    [MethodImpl(EveryRow.Compiled)]
    private void Add(RowParser row)
    {
        Rows++;
        IsCutOff = false;
        if (row.Flaw is RowFlaw.UnclosedQuote or RowFlaw.TooLarge)
        {
            UnreadableLine = row.Line;
            IsTooLarge = row.Flaw == RowFlaw.TooLarge;
            BadLines += row.Lines;
            return;
        }

        for (int i = 0; i < row.CellCount; i++)
        {
            NoteQuotes(row, i);
            NoteNullText(row, i);
            if (row.Lines > 1 && row.IsQuoted(i)) MaySwallowRows |= row.GetRaw(i).IndexOfAny('\r', '\n') >= 0 && row.GetRaw(i).Contains(Dialect.Delimiter);
        }

        int cells = row.CellCount, columns = Header.Count;
        Cells = (Math.Min(Cells.Least, cells), Math.Max(Cells.Most, cells));
        if (cells != columns) FirstOther ??= (row.Line, cells);
        if (row.Lines > 1 && MaySwallowRows && RowsInCells != RowsInCells.Likely && QuotedText.FindRows(row, Dialect, columns, HeaderEnd) is var found && found > RowsInCells)
            (RowsInCells, RowsInCellsLine) = (found, row.Line);
        if (row.Flaw == RowFlaw.None && _otherHeader!.Is(row)) OtherHeaderLine ??= row.Line;
        if (row.Flaw != RowFlaw.None)
        {
            BadLines += row.Lines;
            NoteFlaw(row);
        }
        else if (cells == columns)
        {
            Exact++;
        }
        else if (cells < columns)
        {
            Tolerated++;
            IsCutOff = !row.HasLineEnd;
        }
        else if (HasContentFrom(row, columns))
        {
            Surplus++;
            BadLines += row.Lines;
        }
        else
        {
            Tolerated++;
        }
    }

    /// <summary>Whether a cell from a place on holds anything.</summary>
    public static bool HasContentFrom(RowParser row, int first)
    {
        for (int i = first; i < row.CellCount; i++)
        {
            if (!row.GetCell(i).IsWhiteSpace()) return true;
        }

        return false;
    }

    private void NoteFlaw(RowParser row)
    {
        HasMalformedQuotes |= row.Flaw == RowFlaw.MalformedQuote;
        HasQuotedCells |= row.Flaw == RowFlaw.QuoteAfterBlank && QuotedText.IsQuotedAfterBlanks(row);
        if (row.Flaw != RowFlaw.MalformedQuote) return;
        var (isHardlyText, isOverLines) = QuotedText.Look(row, Dialect);
        HasQuotedCells |= isHardlyText;
        HasQuotesOverLines |= isOverLines;
    }

    [MethodImpl(EveryRow.Compiled)]
    private void NoteQuotes(RowParser row, int cell)
    {
        var raw = row.GetRaw(cell);
        HasQuotedCells |= raw.Trim() is [Dialect.Quote, .., Dialect.Quote];
        if (!Dialect.EscapesUnquoted || HasOtherBackslashes) return;
        HasOtherBackslashes = raw is not @"\N" && HasOther(raw);
    }

    private bool HasOther(ReadOnlySpan<char> cell)
    {
        while (cell.IndexOf(Dialect.Backslash) is >= 0 and var at)
        {
            bool isEscape = at + 1 < cell.Length
                && (cell[at + 1] is Dialect.Backslash or '\n' or '\r' or '0' or Dialect.Quote || cell[at + 1] == Dialect.Delimiter);
            if (!isEscape) return true;
            cell = cell[(at + 2)..];
        }

        return false;
    }

    [MethodImpl(EveryRow.Compiled)]
    private void NoteNullText(RowParser row, int cell)
    {
        var raw = row.GetRaw(cell).Trim(' ');
        if (raw.Length is not (4 or 2)) return;
        int text = raw is "null" ? 0 : raw is "NULL" ? 1 : raw is @"\N" ? 2 : -1;
        if (text < 0) return;
        _nullsByColumn ??= [];
        _nullsByColumn[(cell, text)] = _nullsByColumn.GetValueOrDefault((cell, text)) + 1;
    }
}
