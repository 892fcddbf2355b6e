using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace SegmentPush.Segments.Delimited;

/// <summary>
/// Parts a text into rows and cells by the rules of a <see cref="Dialect"/>. The look at a file and the reading of it use this one
/// parser, so that they can't disagree. Cells are valid until the next <see cref="Read"/>.
/// </summary>
internal sealed class RowParser : IDisposable
{
    private static readonly SearchValues<char> s_lineEnds = SearchValues.Create(['\r', '\n']);

    private readonly TextBlocks _blocks;
    private readonly Dialect _dialect;
    private readonly CellEscapes _escapes;
    private readonly int _maxRowLength;
    private readonly SearchValues<char> _ends;
    private readonly SearchValues<char> _quotedEnds;
    private char[] _text = ArrayPool<char>.Shared.Rent(TextBlocks.CharactersMost);
    private Cell[] _cells = new Cell[16];
    private int _start;
    private int _at;
    private int _end;
    private int _next;
    private int _length;
    private int _lineBreaks;
    private bool _isBegun;

    /// <summary>Begins at the current place of a stream.</summary>
    /// <param name="stream">The bytes, after a byte order mark; disposed with the parser.</param>
    /// <param name="encoding">Their encoding, as <see cref="TextEncodings"/> gives it.</param>
    /// <param name="dialect">The rules.</param>
    /// <param name="maxRowLength">Longest row, in characters; the text ends for the parser at a longer one.</param>
    public RowParser(Stream stream, Encoding encoding, Dialect dialect, int maxRowLength)
    {
        _blocks = new TextBlocks(stream, encoding);
        _dialect = dialect;
        _escapes = new CellEscapes(dialect);
        _maxRowLength = maxRowLength;
        _ends = SearchValues.Create(dialect.EscapesUnquoted ? [dialect.Delimiter, '\r', '\n', Dialect.Backslash] : [dialect.Delimiter, '\r', '\n']);
        _quotedEnds = SearchValues.Create([Dialect.Quote, dialect.EscapeCharacter]);
    }

    /// <summary>Number of cells in the current row.</summary>
    public int CellCount { get; private set; }

    /// <summary>What is wrong with the current row.</summary>
    public RowFlaw Flaw { get; private set; }

    /// <summary>Line of the file on which the current row begins; the first is 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Number of lines that the current row covers.</summary>
    public int Lines => 1 + _lineBreaks;

    /// <summary>Whether some cell of the current row holds an escaped NUL character.</summary>
    public bool HasEscapedNul { get; private set; }

    /// <summary>Whether a cell does.</summary>
    public bool HasEscapedNulIn(int cell) => cell < CellCount && _cells[cell].HasEscapedNul;

    /// <summary>What ends the current row.</summary>
    public RowEnd End { get; private set; }

    /// <summary>Whether the current row ends with a line end.</summary>
    public bool HasLineEnd => End != RowEnd.EndOfText;

    /// <summary>The current row as it stands in the text, without its line end.</summary>
    public ReadOnlySpan<char> Raw => _text.AsSpan(_start, _length);

    /// <summary>Whether nothing but blanks stands in the row.</summary>
    public bool IsBlank => CellCount <= 1 && Raw.IsWhiteSpace();

    /// <summary>Skips whole lines, quoted or not.</summary>
    public void SkipLines(int lines)
    {
        for (int i = 0; i < lines; i++)
        {
            BeginRow();
            bool isAtEnd = !FindAny(s_lineEnds);
            if (isAtEnd) _next = _end;
            else EndLine();
            Line++;
        }
    }

    /// <summary>Goes to the next row, blank ones included.</summary>
    /// <returns>False after the last one.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public bool Read()
    {
        if (_isBegun) Line += 1 + _lineBreaks;
        BeginRow();
        if (_at == _end && !Fill())
        {
            _isBegun = false;
            return false;
        }

        _isBegun = true;
        SkipMarks();
        bool isLast;
        do isLast = ReadCell();
        while (!isLast);
        return true;
    }

    /// <summary>Whether a cell stands in quotes.</summary>
    public bool IsQuoted(int cell) => _cells[cell].IsQuoted;

    /// <summary>A cell as it stands in the text, with its quotes.</summary>
    public ReadOnlySpan<char> GetRaw(int cell)
    {
        ref readonly var it = ref _cells[cell];
        return _text.AsSpan(_start + it.Start, it.RawEnd - it.Start);
    }

    /// <summary>What a cell means: without quotes, and with escaped characters as they are meant.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public ReadOnlySpan<char> GetCell(int cell)
    {
        ref readonly var it = ref _cells[cell];
        int quote = it.IsQuoted ? 1 : 0;
        var text = _text.AsSpan(_start + it.Start + quote, it.End - it.Start - quote);
        return it.HasEscapes ? _escapes.Unescape(text) : text;
    }

    public void Dispose()
    {
        _blocks.Dispose();
        ArrayPool<char>.Shared.Return(_text);
        _text = [];
    }

    private void BeginRow()
    {
        _start = _at = _next;
        (CellCount, Flaw, _lineBreaks, _length) = (0, RowFlaw.None, 0, 0);
        HasEscapedNul = false;
        End = RowEnd.EndOfText;
        _escapes.BeginRow();
    }

    // Files that were joined byte by byte have the mark of a file before one of their rows.
    private void SkipMarks()
    {
        while ((_at < _end || Fill()) && _text[_at] == TextEncodings.Mark) _at++;
    }

    // Reads a cell and what ends it; returns whether it is the row's last one.
    [MethodImpl(EveryRow.Compiled)]
    private bool ReadCell()
    {
        var cell = new Cell { Start = _at - _start };
        bool isQuoted = _dialect.HasQuotes && (_at < _end || Fill()) && _text[_at] == Dialect.Quote;
        if (isQuoted)
        {
            ReadQuoted(ref cell);
            SkipBlanks();
            bool goesOn = Flaw is RowFlaw.None or RowFlaw.LoneReturn && (_at < _end || Fill()) && !IsEnd(_text[_at]);
            if (goesOn) Flaw = RowFlaw.MalformedQuote;
        }

        bool beginsWithBlank = !isQuoted && _dialect.HasQuotes && _at < _end && QuotedText.IsBlank(_text[_at]);
        bool isAtEnd = Flaw is RowFlaw.UnclosedQuote or RowFlaw.TooLarge || !FindEnd(ref cell);
        cell.RawEnd = _at - _start;
        if (!isQuoted) cell.End = cell.RawEnd;
        Add(cell);
        if (beginsWithBlank && Flaw == RowFlaw.None && QuotedText.ComesAfterBlanks(_text.AsSpan(_start + cell.Start, cell.RawEnd - cell.Start))) Flaw = RowFlaw.QuoteAfterBlank;
        if (isAtEnd)
        {
            _length = _at - _start;
            _next = _end;
            return true;
        }

        if (_text[_at] == _dialect.Delimiter)
        {
            _at++;
            return false;
        }

        _length = _at - _start;
        EndLine();
        return true;
    }

    // Blanks between the closing quote and the delimiter mean nothing.
    private void SkipBlanks()
    {
        while (Flaw != RowFlaw.UnclosedQuote && (_at < _end || Fill()) && _text[_at] == ' ' && _dialect.Delimiter != ' ') _at++;
    }

    private bool IsEnd(char c) => c == _dialect.Delimiter || c is '\r' or '\n';

    // From the opening quote to behind the closing one.
    [MethodImpl(EveryRow.Compiled)]
    private void ReadQuoted(ref Cell cell)
    {
        cell.IsQuoted = true;
        _at++;
        int counted = _at - _start;
        while (true)
        {
            if (!FindAny(_quotedEnds))
            {
                if (Flaw != RowFlaw.TooLarge) Flaw = RowFlaw.UnclosedQuote;
                cell.End = _at - _start;
                break;
            }

            bool isEscape = _text[_at] == _dialect.EscapeCharacter;
            bool hasNext = _at + 1 < _end || Fill();
            if (isEscape && hasNext && _escapes.IsEscapable(_text[_at + 1]))
            {
                cell.HasEscapes = true;
                _at += 2;
                continue;
            }

            if (_text[_at] != Dialect.Quote)
            {
                _at++;
                continue;
            }

            cell.End = _at - _start;
            _at++;
            break;
        }

        _lineBreaks += CountLines(_text.AsSpan(_start + counted, cell.End - counted));
    }

    // Goes to what ends a cell without quotes; false where the text ends before.
    [MethodImpl(EveryRow.Compiled)]
    private bool FindEnd(ref Cell cell)
    {
        while (true)
        {
            if (!FindAny(_ends)) return false;
            char c = _text[_at];
            if (c == Dialect.Backslash && _dialect.EscapesUnquoted)
            {
                cell.HasEscapes = true;
                bool hasNext = _at + 1 < _end || Fill();
                if (hasNext && _text[_at + 1] is '\n') _lineBreaks++;
                cell.HasEscapedNul |= hasNext && _text[_at + 1] is '0';
                HasEscapedNul |= cell.HasEscapedNul;
                _at += hasNext ? 2 : 1;
                continue;
            }

            bool isEnd = c switch
            {
                '\n' => _dialect.IsLoneFeedLineEnd,
                '\r' => _dialect.IsLoneReturnLineEnd || ((_at + 1 < _end || Fill()) && _text[_at + 1] == '\n'),
                _ => true,
            };
            if (isEnd) return true;
            if (Flaw == RowFlaw.None) Flaw = RowFlaw.LoneReturn;
            _at++;
        }
    }

    private void EndLine()
    {
        bool isReturn = _text[_at] == '\r';
        _at++;
        bool hasFeed = isReturn && (_at < _end || Fill()) && _text[_at] == '\n';
        if (hasFeed) _at++;
        End = !isReturn ? RowEnd.Feed : hasFeed ? RowEnd.ReturnFeed : RowEnd.Return;
        _next = _at;
    }

    private void Add(in Cell cell)
    {
        if (CellCount == _cells.Length) Array.Resize(ref _cells, 2 * CellCount);
        _cells[CellCount++] = cell;
    }

    [MethodImpl(EveryRow.Compiled)]
    private bool FindAny(SearchValues<char> characters)
    {
        while (true)
        {
            int found = _text.AsSpan(_at, _end - _at).IndexOfAny(characters);
            if (found >= 0)
            {
                _at += found;
                return true;
            }

            _at = _end;
            if (!Fill()) return false;
        }
    }

    // Reads more text behind what is there, and keeps the row whole; false where no more comes.
    private bool Fill()
    {
        if (_end - _start >= _maxRowLength)
        {
            Flaw = RowFlaw.TooLarge;
            _blocks.End();
            return false;
        }

        MakeRoom();
        int added = _blocks.Read(_text.AsSpan(_end));
        _end += added;
        return added > 0;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _text.AsSpan(_start, _end - _start).CopyTo(_text);
            _at -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_text.Length - _end >= TextBlocks.CharactersMost) return;
        char[] larger = ArrayPool<char>.Shared.Rent(Math.Max(2 * _text.Length, _end + TextBlocks.CharactersMost));
        _text.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_text);
        _text = larger;
    }

    private static int CountLines(ReadOnlySpan<char> text) => text.Count('\n') is > 0 and var lines ? lines : text.Count('\r');

    // Places count from the row's start, which moves when more text is read.
    private struct Cell
    {
        public int Start;
        public int End;
        public int RawEnd;
        public bool IsQuoted;
        public bool HasEscapes;
        public bool HasEscapedNul;
    }
}
