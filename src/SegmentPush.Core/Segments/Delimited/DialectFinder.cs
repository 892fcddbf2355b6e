using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;
using SegmentPush.Segments.Exports;
using SegmentPush.Segments.Rejects;

namespace SegmentPush.Segments.Delimited;

/// <summary>
/// Finds the rules by which a delimited file is written. Each set of rules that is possible is tried on the text; the one that gives all
/// rows the same number of cells and leaves no quote open is taken. Rules that are all possible and lead to different cells are refused.
/// </summary>
internal sealed partial class DialectFinder
{
    private const int HeadCharacters = 256 * 1024;
    private const int TrialsAtOnce = 2;

    private static readonly char[] s_delimiters = [',', ';', '\t', '|', ':'];

    private readonly string _path;
    private FormOptions _options;
    private readonly ByteFacts _facts;
    private readonly int _maxRowLength;
    private readonly CancellationToken _cancellation;
    private readonly string _head;
    private DelimitedText _text;
    private bool _isExport;

    private DialectFinder(string path, DelimitedText text, ByteFacts facts, FormOptions options, int maxRowLength, CancellationToken cancellation)
    {
        _path = path;
        _text = text;
        _facts = facts;
        _options = options;
        _maxRowLength = maxRowLength;
        _cancellation = cancellation;
        _head = text.ReadHead(HeadCharacters);
    }

    /// <summary>Looks at a whole file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <param name="facts">What its bytes tell.</param>
    /// <param name="options">What the user says.</param>
    /// <param name="maxRowLength">Longest row, in characters.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The trial of the rules that hold, and the number of lines before the header that are none of the segment's.</returns>
    /// <exception cref="SegmentPushException">
    /// <c>DelimiterAmbiguous</c>, <c>PreambleNotUnderstood</c>, <c>EscapeAmbiguous</c>, <c>SourceUnreadable</c>, <c>RowCutOff</c>,
    /// <c>HeaderMalformed</c>, <c>HeadersDiffer</c>.
    /// </exception>
    public static (DialectTrial Trial, int PreambleLines) Find(
        string path, DelimitedText text, ByteFacts facts, FormOptions options, int maxRowLength, CancellationToken cancellation)
    {
        var finder = new DialectFinder(path, text, facts, options, maxRowLength, cancellation);
        var trial = finder.Find();
        finder.Check(trial);
        return (trial, finder._text.PreambleLines);
    }

    private DialectTrial Find()
    {
        char? named = ReadPreamble();
        char delimiter = _options.Delimiter ?? named ?? FindDelimiter();

        var header = TryHead(new Dialect(delimiter)).Header;
        _isExport = PlatformExport.HasName(_path) || PlatformExport.HasColumns(header);

        // SegmentPush writes reject files with doubled quotes.
        if (RejectColumns.AreIn(header)) _options = _options with { Escape = CellEscape.Double };
        var trials = Try(delimiter);
        var possible = Possible(trials);
        var found = possible switch
        {
            [] => LeastBad(trials),
            [var only] => only,
            _ => Same(possible),
        };
        bool mayHoldRows = found is { RowsInCells: RowsInCells.Likely, HeaderFlaw: RowFlaw.None };
        return mayHoldRows && trials.FirstOrDefault(trial => trial.Dialect.Escape == CellEscape.None) is { } other && other != found ? Same([found, other]) : found;
    }

    // Rules that are rare are tried only where the others leave rows at fault, or where Experience Platform may have written the file.
    private DialectTrial[] Try(char delimiter)
    {
        Dialect[] all = [.. Dialects(delimiter)];
        if (_options.Escape is not null) return TryEach(all);
        var common = all.Where(dialect => dialect.Escape is not (CellEscape.Apostrophe or CellEscape.None));
        var ofExports = all.Where(dialect => dialect.Escape == CellEscape.Apostrophe);
        var trials = TryEach([.. common, .. _isExport ? ofExports : []]);
        bool isSettled = trials.Any(trial => trial is { IsClean: true, Dialect: { EscapesUnquoted: false, Escape: not CellEscape.Apostrophe } }) && !trials.Any(trial => trial.MaySwallowRows);
        return isSettled ? trials : [.. trials, .. TryEach([.. _isExport ? [] : ofExports, .. all.Where(dialect => dialect.Escape == CellEscape.None)])];
    }

    // Each of them reads the whole text, so two run at the same time. More would keep as many long rows in memory.
    private DialectTrial[] TryEach(Dialect[] dialects)
    {
        var trials = new DialectTrial[dialects.Length];
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = TrialsAtOnce, CancellationToken = _cancellation };
            Parallel.For(0, dialects.Length, options, i => trials[i] = TryAll(dialects[i]));
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }

        return trials;
    }

    // Excel's "sep=;" names the delimiter; "#TYPE" is what Export-Csv of Windows PowerShell writes.
    private char? ReadPreamble()
    {
        string first = _head.AsSpan().TrimStart('\uFEFF').ToString();
        int end = first.AsSpan().IndexOfAny('\r', '\n');
        first = end < 0 ? first : first[..end];
        bool isType = first.StartsWith("#TYPE ", StringComparison.OrdinalIgnoreCase);
        var separator = Separator().Match(first);
        if (!isType && !separator.Success) return null;
        _text = _text with { PreambleLines = 1 };
        return isType ? null : separator.Groups["delimiter"].Value[0];
    }

    private char FindDelimiter()
    {
        var tried = s_delimiters.Where(delimiter => _head.Contains(delimiter, StringComparison.Ordinal))
            .Select(delimiter => Dialects(delimiter).Select(TryHead).MinBy(Badness)!)
            .ToArray();
        if (tried.FirstOrDefault(trial => RejectColumns.AreIn(trial.Header)) is { } rejects) return rejects.Dialect.Delimiter;
        var fitting = tried.Where(trial => trial.Header.Count > 1).OrderByDescending(Fit).ThenByDescending(trial => trial.Header.Count).ToArray();
        if (fitting is [var one, var other, ..] && one.Rows > 0 && Fit(one) > 0 && Fit(one) <= Fit(other))
        {
            throw new SegmentPushException(
                "DelimiterAmbiguous",
                $"'{_path}' can be read with {Name(one.Dialect.Delimiter)} or with {Name(other.Dialect.Delimiter)} between the cells: both give all rows the same number of cells.",
                "Say which one it is with -Delimiter.",
                _path);
        }

        // Identifiers such as urn:crm:7 have colons of their own.
        if (fitting is [{ Rows: > 0, Cells.Most: 1 } header, ..] && tried.FirstOrDefault(trial => trial.Dialect.Delimiter != ':' && trial.Cells is { Least: > 1 } cells && cells.Least == cells.Most) is { } rows)
        {
            throw new SegmentPushException(
                "DelimiterAmbiguous",
                $"The header of '{_path}' has {Name(header.Dialect.Delimiter)} between its cells. All rows have one cell with it, and {rows.Cells.Most} with {Name(rows.Dialect.Delimiter)}.",
                "Put the same character between all cells, or say which one counts with -Delimiter.",
                _path);
        }

        if (fitting is [var best, ..] && (best.Rows == 0 || Fit(best) > 0)) return best.Dialect.Delimiter;

        // A first line with fewer cells than all others is no header.
        if (tried.FirstOrDefault(trial => trial.Rows > 0 && trial.Surplus * 2 > trial.Rows) is { FirstOther: { } at } misfit) throw Preamble(misfit, at);
        return fitting is [var nearest, ..] ? nearest.Dialect.Delimiter : s_delimiters[0];

        static double Fit(DialectTrial trial) => trial.Rows == 0 ? 0 : (trial.Exact + (trial.Tolerated / 2.0)) / trial.Rows;
    }

    private static long Badness(DialectTrial trial) => trial.UnreadableLine is null ? trial.BadLines : long.MaxValue;

    // The rules that the characters of the file leave possible; the commonest first.
    private IEnumerable<Dialect> Dialects(char delimiter)
    {
        var plain = new Dialect(delimiter);
        if (_options.Escape is { } escape)
        {
            yield return plain with { Escape = escape };
            yield break;
        }

        yield return plain;
        if (_facts.HasQuotes && _facts.HasBackslashes) yield return plain with { Escape = CellEscape.Backslash };
        if (_facts.HasQuotes && _facts.HasApostrophes) yield return plain with { Escape = CellEscape.Apostrophe };
        if (_facts.HasBackslashes) yield return plain with { Escape = CellEscape.BackslashUnquoted };
        if (_facts.HasQuotes) yield return plain with { Escape = CellEscape.None };
    }

    private DialectTrial TryHead(Dialect dialect) => DialectTrial.Run(_text, dialect, HeadCharacters, HeadCharacters, _cancellation);

    private DialectTrial TryAll(Dialect dialect)
    {
        var trial = DialectTrial.Run(_text, dialect, _maxRowLength, long.MaxValue, _cancellation);
        if (trial.Exact == trial.Rows) return trial;

        // Where a line end inside a cell would end the row too early, it ends none.
        if (trial.HasLoneReturns && trial.HasFeeds)
            return DialectTrial.Run(_text, dialect with { IsLoneReturnLineEnd = false }, _maxRowLength, long.MaxValue, _cancellation);
        return trial.HasReturnFeeds && trial.HasFeedsInCells
            ? DialectTrial.Run(_text, dialect with { IsLoneFeedLineEnd = false }, _maxRowLength, long.MaxValue, _cancellation)
            : trial;
    }

    // Rules by which every row can be read, as far as they don't contradict what else the file shows.
    private DialectTrial[] Possible(DialectTrial[] trials)
    {
        if (_options.Escape is not null) return trials;

        var clean = trials.Where(trial => trial.IsClean).ToArray();
        bool hasQuotedCells = HaveQuotedCells(trials);
        bool isOrdinary = clean.Any(trial => trial.Dialect.Escape is CellEscape.Double or CellEscape.Backslash);
        return
        [
            .. clean.Where(trial => trial.Dialect switch
            {
                // Experience Platform leaves a backslash outside quotes as it is.
                { EscapesUnquoted: true } => !_isExport && !trial.HasOtherBackslashes && (!hasQuotedCells || (isOrdinary && IsOnlyEven(trial, clean))),
                { Escape: CellEscape.None } => (!hasQuotedCells && !isOrdinary) || (isOrdinary && clean.Any(other => other.RowsInCells != RowsInCells.No)),
                { Escape: CellEscape.Apostrophe } => !isOrdinary || _isExport,
                _ => true,
            }),
        ];
    }

    // A cell may begin and end with quotes that are characters. Where these rules alone give all rows the same number of cells, they are not left out in silence.
    private static bool IsOnlyEven(DialectTrial trial, DialectTrial[] clean) =>
        trial.FirstOther is null && clean.All(other => other == trial || other.FirstOther is not null);

    // A quote that is only never closed may be a mistake in a file that quotes its cells; one in the middle of a cell is a character.
    private static bool HaveQuotedCells(DialectTrial[] trials) =>
        trials.Any(trial => trial.HasQuotedCells)
        || trials.Any(trial => trial is { Dialect.Escape: CellEscape.Double, HasMalformedQuotes: false, UnreadableLine: not null })
        || (trials.Any(trial => trial.HasQuotesOverLines) && !trials.Any(trial => trial is { Dialect.Escape: CellEscape.None, IsClean: true, FirstOther: null }));

    // Some rows are at fault by any rules: those count that leave the fewest lines unread.
    private DialectTrial LeastBad(DialectTrial[] trials)
    {
        bool hasQuotedCells = HaveQuotedCells(trials);
        var readable = trials
            .Where(trial => trial.UnreadableLine is null)
            .Where(trial => !(trial.Dialect.Escape == CellEscape.None || trial.Dialect.EscapesUnquoted) || !(hasQuotedCells || trial.HasOtherBackslashes))
            .OrderBy(trial => trial.BadLines).ToArray();
        if (readable.Length == 0) throw Unreadable(trials.MaxBy(trial => trial.UnreadableLine)!);
        var best = readable[0];
        var rivals = readable.Where(trial => trial.BadLines == best.BadLines).ToArray();
        return rivals.Length > 1 && best.BadLines > 0 ? Same(rivals) : best;
    }

    // Rules that all are possible must lead to the same cells.
    private DialectTrial Same(DialectTrial[] trials)
    {
        foreach (var other in trials.Skip(1))
        {
            if (DialectDifference.Find(_text, trials[0].Dialect, other.Dialect, _maxRowLength, _cancellation) is not var (row, line, column)) continue;
            if (other.Dialect.Escape == CellEscape.None && trials[0].RowsInCells != RowsInCells.No)
            {
                throw new SegmentPushException(
                    "EscapeAmbiguous",
                    $"The row on line {trials[0].RowsInCellsLine} of '{_path}' can be read in two ways: its quotes hold one cell of several lines, or each line is a row.",
                    $"Look at the row. -Escape {trials[0].Dialect.Escape} reads one cell; -Escape None takes each line for a row, and the quotes for text.",
                    _path);
            }

            var ways = MessageText.AnyOf(trials.Select(trial => $"-Escape {trial.Dialect.Escape}").Distinct());
            throw new SegmentPushException(
                "EscapeAmbiguous",
                $"Row {row} (line {line}) of '{_path}' can be read in two ways, which differ in how quotes and backslashes are escaped, first in column {NameOf(column, trials[0].Header)}.",
                $"Look at the row, and say which way is right with {ways}. Experience Platform and Spark write -Escape Backslash, Excel and SQL Server -Escape Double, MySQL and Hadoop -Escape BackslashUnquoted.",
                _path);
        }

        return trials[0];
    }

    // Of a file without a header the name would be a person's data.
    private static string NameOf(int column, IReadOnlyList<string> header) =>
        column < header.Count && HeaderWords.AreIn(header) ? $"{column + 1}, '{VisibleText.Of(header[column])}'" : $"{column + 1}";

    private void Check(DialectTrial trial)
    {
        if (trial.Header.Count == 0) return;
        if (trial.UnreadableLine is not null) throw Unreadable(trial);
        if (trial.HeaderFlaw != RowFlaw.None)
        {
            throw new SegmentPushException(
                "HeaderMalformed",
                trial.HeaderFlaw == RowFlaw.LoneReturn
                    ? (MessageText)$"The header of '{_path}' holds a carriage return or a line feed that may be its end, and rows end in another way."
                    : $"The header of '{_path}' has quotes that do not match.",
                "Save the file as CSV in UTF-8 with one header row.",
                _path);
        }

        bool isOwn = RejectColumns.AreIn(trial.Header);
        var other = trial.Surplus * 2 > trial.Rows ? trial.FirstOther : null;

        // Where rows fit the first header, another one is that of a file that was added. Where none does, the first line may be a title.
        if (!isOwn && trial.OtherHeaderLine is { } line && (other is null || trial.Exact > 0))
        {
            throw new SegmentPushException(
                "HeadersDiffer",
                $"Line {line} of '{_path}' is a second header, with other columns than the header on line {trial.HeaderLine} or in another order.",
                "Push the files that were joined one by one, or give all of them the same columns in the same order before they are joined.",
                _path);
        }

        if (!isOwn && other is { } found) throw Preamble(trial, found);
        if (!isOwn && trial.IsCutOff)
        {
            throw new SegmentPushException(
                "RowCutOff",
                $"The last row of '{_path}' has fewer cells than the header, and no line end: the file was cut off.",
                "Export the file again. If it is whole, end its last row with a line end.",
                _path);
        }
    }

    private SegmentPushException Unreadable(DialectTrial trial) => new(
        "SourceUnreadable",
        trial.IsTooLarge
            ? (MessageText)$"The row that begins on line {trial.UnreadableLine} of '{_path}' does not end within {_maxRowLength} characters, so the rest of the file can't be read."
            : $"A quoted cell of the row that begins on line {trial.UnreadableLine} of '{_path}' is never closed, so the rest of the file can't be read.",
        "Close the quote or export the file again. If its cells are not quoted at all, say so with -Escape None.",
        _path);

    private SegmentPushException Preamble(DialectTrial trial, (long Line, int Cells) other) => new(
        "PreambleNotUnderstood",
        $"Line {trial.HeaderLine} of '{_path}' is no header: it has {Count(trial.Header.Count)}, and line {other.Line} has {other.Cells}.",
        "Remove the lines before the header. If they are part of the segment, name the character between the cells with -Delimiter.",
        _path);

    private static MessageText Count(int cells) => MessageText.Plural(cells, $"{cells} cell", $"{cells} cells");

    private static MessageText Name(char delimiter) => delimiter == '\t' ? "a tab" : MessageText.AsIs($"'{delimiter}'");

    [GeneratedRegex("""\A"?sep=(?<delimiter>.)"?\s*\z""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Separator();
}
