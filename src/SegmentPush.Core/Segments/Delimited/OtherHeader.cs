using System.Buffers;
using System.Runtime.CompilerServices;

namespace SegmentPush.Segments.Delimited;

/// <summary>Tells a header with other columns, or in another order, from rows. Where files were joined, the rows after it have other cells.</summary>
/// <param name="header">Names of the file's columns.</param>
internal sealed class OtherHeader(string[] header)
{
    private const char AtSign = '@';

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _names =
        header.Where(name => name.Length > 0).ToHashSet(LettersComparer.Instance).GetAlternateLookup<ReadOnlySpan<char>>();

    // Most cells show by their first letter that they are no name, which is found sooner than a hash is made.
    private readonly SearchValues<char> _initials = SearchValues.Create([.. header.Select(name => LettersComparer.InitialOf(name))]);

    // Cells that show a header: those of columns with usual names, which hold no such names of their own; else the first one.
    private readonly int[] _shown = Enumerable.Range(0, header.Length).Where(i => HeaderWords.AreIn([header[i]])).DefaultIfEmpty(0).ToArray();
    private readonly int _longest = 2 * header.Max(name => name.Length);

    /// <summary>Whether a row is one: a cell in a place of a usual name is a name of the header, no cell is an address or holds a digit without being such a name, and the names are not all in their own places. So is the whole header with more columns, and one usual name alone.</summary>
    [MethodImpl(EveryRow.Compiled)]
    public bool Is(RowParser row)
    {
        if (row.CellCount < 2) return header.Length > 1 && row.CellCount == 1 && IsUsualName(row.GetCell(0));
        foreach (int at in _shown)
        {
            if (at < row.CellCount && IsName(row.GetCell(at)) && IsWhole(row)) return true;
        }

        return false;
    }

    private bool IsUsualName(ReadOnlySpan<char> cell) => IsName(cell) && HeaderWords.AreIn([cell.Trim().ToString()]);

    private bool IsName(ReadOnlySpan<char> cell) => cell.Length <= _longest && _initials.Contains(LettersComparer.InitialOf(cell)) && _names.Contains(cell);

    private bool IsWhole(RowParser row)
    {
        if (row.CellCount > header.Length && DialectTrial.HasContentFrom(row, header.Length) && AreAllInPlace(row)) return true;
        int names = 0, inPlace = 0;
        bool isUsual = false;
        for (int i = 0; i < row.CellCount; i++)
        {
            var cell = row.GetCell(i).Trim();
            if (cell.Contains(AtSign)) return false;
            bool isInPlace = i < header.Length && LettersComparer.Instance.Equals(cell, header[i]);
            if (isInPlace) inPlace++;
            if (cell.IsEmpty) continue;
            if (!IsName(cell))
            {
                // Names of columns that the header does not have seldom hold digits; ids, numbers and dates do.
                if (cell.ContainsAnyInRange('0', '9')) return false;
                continue;
            }

            names++;
            isUsual |= HeaderWords.AreIn([cell.ToString()]);
        }

        return isUsual && (names >= 2 || row.GetCell(_shown[0]).Trim().Length > 0) && inPlace < header.Length;
    }

    private bool AreAllInPlace(RowParser row)
    {
        for (int i = 0; i < header.Length; i++)
        {
            if (!LettersComparer.Instance.Equals(row.GetCell(i).Trim(), header[i])) return false;
        }

        return true;
    }
}
