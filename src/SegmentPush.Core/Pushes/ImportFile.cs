using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>An import file that is being filled: RFC 4180 in UTF-8, the field that finds people first.</summary>
internal sealed class ImportFile : IDisposable
{
    /// <summary>The field that holds Marketo's own id of a person.</summary>
    public const string IdField = "id";

    private const int PieceBytes = 1024 * 1024;

    private readonly List<PooledBytes> _pieces = [];
    private readonly bool _byId;
    private readonly int[] _columns;
    private readonly int _number;
    private readonly int _maxBytes;
    private PooledBytes _piece;
    private int _fullPieces;
    private readonly List<Person> _unstaged = [];
    private ImportEntry? _entry;

    /// <summary>Begins a file.</summary>
    /// <param name="target">The fields.</param>
    /// <param name="number">Its number within the push.</param>
    /// <param name="byId">Whether people are found by their Marketo id, so that nobody is created.</param>
    /// <param name="maxBytes">Largest size.</param>
    public ImportFile(PushTarget target, int number, bool byId, int maxBytes)
    {
        _number = number;
        _maxBytes = maxBytes;
        _byId = byId;
        LookupField = byId ? IdField : target.Mapping.IdentityField.Name;
        _columns = ColumnsOf(target, byId);
        _piece = NewPiece();
        var header = HeaderOf(target, LookupField);
        for (int i = 0; i < header.Count; i++) Write(header[i], isFirst: i == 0);
        _piece.Write((byte)'\n');
    }

    /// <summary>Name of the field that finds people.</summary>
    public string LookupField { get; }

    /// <summary>Number of rows, one for each person. Two identities may lead to one id, which then comes twice.</summary>
    public int Rows { get; private set; }

    /// <summary>The file, piece by piece.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Bytes => [.. _pieces.Select(piece => piece.Written)];

    /// <summary>How it stands in the journal, from the first entering on.</summary>
    public ImportEntry Entry => _entry ?? throw new InvalidOperationException("Nobody has been entered.");

    /// <summary>Number of people who are not in the journal yet.</summary>
    public int Unstaged => _unstaged.Count;

    /// <summary>Enters people who are not in the journal yet, so that the file need not remember them.</summary>
    public void Stage(Settlement settlement)
    {
        if (_unstaged.Count == 0) return;
        var (first, last) = _entry is null ? (PlaceOf(_unstaged[0]), PlaceOf(_unstaged[0])) : (_entry.First, _entry.Last);
        foreach (var person in _unstaged)
        {
            var place = PlaceOf(person);
            if (Compare(place, first) < 0) first = place;
            if (Compare(place, last) > 0) last = place;
        }

        _entry = new ImportEntry(_number, LookupField, first, last);
        settlement.Stage(_entry, _unstaged);
        _unstaged.Clear();
    }

    /// <summary>Adds a person.</summary>
    /// <returns>False where the file has no room for it any more.</returns>
    [MethodImpl(EveryRow.Compiled)]
    public bool TryAdd(Person person)
    {
        int before = _piece.Length;
        Write(_byId ? person.MarketoId!.Value.ToString(CultureInfo.InvariantCulture) : person.Identity, isFirst: true);
        foreach (int column in _columns) Write(person.Values[column], isFirst: false);
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

        person.Values = default;
        _unstaged.Add(person);
        return true;
    }

    /// <summary>Lets the bytes go.</summary>
    public void Dispose()
    {
        foreach (var piece in _pieces) piece.Dispose();
    }

    /// <summary>The header of a file: the field that finds people, then those that are written.</summary>
    /// <param name="target">The fields.</param>
    /// <param name="lookupField">The field that finds people.</param>
    public static IReadOnlyList<string> HeaderOf(PushTarget target, string lookupField) =>
        [lookupField, .. ColumnsOf(target, lookupField == IdField).Select(column => target.Mapping.AttributeFields[column].Name)];

    /// <summary>The values that a row holds, for the attributes of the mapping.</summary>
    /// <param name="target">The fields.</param>
    /// <param name="cells">The row as it was uploaded.</param>
    public static PersonValues ValuesOf(PushTarget target, IReadOnlyList<string> cells)
    {
        int[] columns = ColumnsOf(target, byId: false);
        var values = new PersonValues.Writer(target.Mapping.AttributeFields.Count);
        for (int i = 0; i < target.Mapping.AttributeFields.Count; i++)
        {
            int cell = Array.IndexOf(columns, i) + 1;
            values.Add(cell > 0 && cell < cells.Count ? cells[cell] : "");
        }

        return values.Take();
    }

    private static (int Source, long Row) PlaceOf(Person person) => (person.Source, person.Row);

    private static int Compare((int Source, long Row) one, (int Source, long Row) other) =>
        one.Source != other.Source ? one.Source - other.Source : one.Row.CompareTo(other.Row);

    private static int[] ColumnsOf(PushTarget target, bool byId)
    {
        var fields = target.Mapping.AttributeFields;
        return byId && !target.WritesExisting
            ? []
            : [.. Enumerable.Range(0, fields.Count).Where(i => byId ? !fields[i].IsCompanyField : target.IsSent(fields[i]))];
    }

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
