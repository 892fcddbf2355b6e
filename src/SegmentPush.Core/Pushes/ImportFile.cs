using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// An import file that is being filled: RFC 4180 in UTF-8, the field that finds people first. All its people have values for all its columns.
/// </summary>
internal sealed class ImportFile : IDisposable
{
    private const int PieceBytes = 1024 * 1024;

    private readonly List<PooledBytes> _pieces = [];
    private readonly ImportColumns _columns;
    private readonly int _number;
    private readonly int _maxBytes;
    private PooledBytes _piece;
    private int _fullPieces;
    private readonly List<Person> _notEntered = [];
    private ImportEntry? _entry;

    /// <summary>Begins a file.</summary>
    /// <param name="columns">Its columns.</param>
    /// <param name="number">Its number within the push.</param>
    /// <param name="maxBytes">Largest size.</param>
    public ImportFile(ImportColumns columns, int number, int maxBytes)
    {
        _number = number;
        _maxBytes = maxBytes;
        _columns = columns;
        _piece = NewPiece();
        var header = columns.Header;
        for (int i = 0; i < header.Count; i++) Write(header[i], isFirst: i == 0);
        _piece.Write((byte)'\n');
    }

    /// <summary>Name of the field that finds people.</summary>
    public string LookupField => _columns.LookupField;

    /// <summary>Number of rows, one for each person. Two identities may lead to one id, which then comes twice.</summary>
    public int Rows { get; private set; }

    /// <summary>The file, piece by piece.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Bytes => [.. _pieces.Select(piece => piece.Written)];

    /// <summary>How it stands in the journal, from the first entering on.</summary>
    public ImportEntry Entry => _entry ?? throw new InvalidOperationException("Nobody has been entered.");

    /// <summary>Number of people with identities that several people have.</summary>
    public int OneOfSeveral { get; private set; }

    /// <summary>Number of people who are not in the journal yet.</summary>
    public int NotEntered => _notEntered.Count;

    /// <summary>Enters people who are not in the journal yet, so that the file need not remember them.</summary>
    public void Enter(Settlement settlement)
    {
        if (_notEntered.Count == 0) return;
        var (first, last) = _entry is null ? (PlaceOf(_notEntered[0]), PlaceOf(_notEntered[0])) : (_entry.First, _entry.Last);
        foreach (var person in _notEntered)
        {
            var place = PlaceOf(person);
            if (Compare(place, first) < 0) first = place;
            if (Compare(place, last) > 0) last = place;
        }

        _entry = new ImportEntry(_number, LookupField, first, last) { Fields = _columns.Text };
        settlement.Imports.Record(_entry, _notEntered);
        _notEntered.Clear();
    }

    /// <summary>Adds a person.</summary>
    /// <returns>False where the file has no room for it any more.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public bool TryAdd(Person person)
    {
        int before = _piece.Length;
        Write(_columns.ById ? person.MarketoId!.Value.ToString(CultureInfo.InvariantCulture) : person.Identity, isFirst: true);
        foreach (int column in _columns.Attributes) Write(person.Values[column], isFirst: false);
        _piece.Write((byte)'\n');
        if (_fullPieces + _piece.Length > _maxBytes)
        {
            _piece.CutTo(before);
            return false;
        }

        Rows++;
        if (_piece.Length > PieceBytes - 4096)
        {
            _fullPieces += _piece.Length;
            _piece = NewPiece();
        }

        if (person.TakeRemarks().HasFlag(PersonRemarks.OneOfSeveral)) OneOfSeveral++;
        person.Values = default;
        _notEntered.Add(person);
        return true;
    }

    /// <summary>Lets the bytes go.</summary>
    public void Dispose()
    {
        foreach (var piece in _pieces) piece.Dispose();
    }

    private static (int Source, long Row) PlaceOf(Person person) => (person.Source, person.Row);

    private static int Compare((int Source, long Row) one, (int Source, long Row) other) =>
        one.Source != other.Source ? one.Source - other.Source : one.Row.CompareTo(other.Row);

    private PooledBytes NewPiece()
    {
        var piece = new PooledBytes(PieceBytes);
        _pieces.Add(piece);
        return piece;
    }

    [MethodImpl(EveryRow.Compiled)]
    private void Write(ReadOnlySpan<char> cell, bool isFirst)
    {
        if (!isFirst) _piece.Write((byte)',');
        bool isQuoted = NeedsQuotes(cell);
        if (isQuoted) _piece.Write((byte)'"');
        while (isQuoted && cell.IndexOf('"') is >= 0 and var quote)
        {
            WriteText(cell[..(quote + 1)]);
            _piece.Write((byte)'"');
            cell = cell[(quote + 1)..];
        }

        WriteText(cell);
        if (isQuoted) _piece.Write((byte)'"');
    }

    // Character by character: cells are short, and a search by vectors takes longer to compile than it saves.
    private static bool NeedsQuotes(ReadOnlySpan<char> cell)
    {
        foreach (char c in cell)
        {
            if (c is ',' or '"' or '\r' or '\n') return true;
        }

        return false;
    }

    [MethodImpl(EveryRow.Compiled)]
    private void WriteText(ReadOnlySpan<char> text) =>
        _piece.Advance(Encoding.UTF8.GetBytes(text, _piece.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
