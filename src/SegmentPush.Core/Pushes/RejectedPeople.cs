using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Matches the rows of an import's failures file or warnings file with its people.</summary>
internal sealed class RejectedPeople
{
    private readonly IReadOnlyList<ImportReject> _rejects;
    private readonly Dictionary<string, List<int>> _rowsByKey = new(StringComparer.OrdinalIgnoreCase);
    private readonly string?[] _keyOfRow;
    private readonly bool[] _isAmbiguous;
    private int _people;

    /// <summary>Prepares the search.</summary>
    /// <param name="rejects">The rows of the file.</param>
    /// <param name="keyOf">The form in which the journal keeps a value that finds a person.</param>
    public RejectedPeople(IReadOnlyList<ImportReject> rejects, Func<string, string> keyOf)
    {
        _rejects = rejects;
        _keyOfRow = new string?[rejects.Count];
        _isAmbiguous = new bool[rejects.Count];
        for (int row = 0; row < rejects.Count; row++)
        {
            foreach (string key in rejects[row].Keys.Select(keyOf).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!_rowsByKey.TryGetValue(key, out var rows)) _rowsByKey[key] = rows = [];
                rows.Add(row);
            }
        }
    }

    /// <summary>Whether the file names nobody.</summary>
    public bool IsEmpty => _rejects.Count == 0;

    /// <summary>How many people of the import were found in the file.</summary>
    public int Count => Math.Min(_people, _keyOfRow.Count(key => key is not null));

    /// <summary>Whether each row of the file names exactly one person of the import.</summary>
    public bool AllRowsAreMatched => _keyOfRow.All(key => key is not null) && !_isAmbiguous.Contains(true);

    /// <summary>The row that names a person of the import; null where none does.</summary>
    /// <param name="key">The value that finds the person, as the journal keeps it.</param>
    public ImportReject? Find(string key)
    {
        if (!_rowsByKey.TryGetValue(key, out var rows)) return null;
        foreach (int row in rows)
        {
            _isAmbiguous[row] |= _keyOfRow[row] is { } other && !string.Equals(other, key, StringComparison.OrdinalIgnoreCase);
            _keyOfRow[row] = key;
        }

        _people++;
        return _rejects[rows[^1]];
    }
}
