using System.Buffers;
using System.Globalization;
using System.Text;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>An import file that is being filled: RFC 4180 in UTF-8, the field that finds people first.</summary>
internal sealed class ImportFile : IDisposable
{
    private const int PieceBytes = 256 * 1024;

    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");

    private readonly List<PooledBytes> _pieces = [];
    private readonly List<Person> _people = [];
    private readonly HashSet<long>? _ids;
    private readonly int[] _columns;
    private readonly int _maxBytes;
    private PooledBytes _piece;
    private int _fullPieces;

    /// <summary>Begins a file.</summary>
    /// <param name="target">The fields.</param>
    /// <param name="byId">Whether people are found by their Marketo id, so that nobody is created.</param>
    /// <param name="maxBytes">Largest size.</param>
    public ImportFile(PushTarget target, bool byId, int maxBytes)
    {
        _maxBytes = maxBytes;
        if (byId) _ids = [];
        LookupField = byId ? "id" : target.Mapping.IdentityField.Name;
        var fields = target.Mapping.AttributeFields;
        _columns = byId && !target.WritesExisting
            ? []
            : [.. Enumerable.Range(0, fields.Count).Where(i => byId ? !fields[i].IsCompanyField : target.IsSent(fields[i]))];
        _piece = NewPiece();
        Write(LookupField, isFirst: true);
        foreach (int column in _columns) Write(fields[column].Name, isFirst: false);
        _piece.Write((byte)'\n');
    }

    /// <summary>Name of the field that finds people.</summary>
    public string LookupField { get; }

    /// <summary>Number of rows, at most that of people: two identities may lead to one id.</summary>
    public int Rows { get; private set; }

    /// <summary>The file, piece by piece.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Bytes => [.. _pieces.Select(piece => piece.Written)];

    /// <summary>The people in it. Their values are in the file alone, so that a large one needs little memory.</summary>
    public IReadOnlyList<Person> People => _people;

    /// <summary>The first cell of a person's row.</summary>
    public string KeyOf(Person person) =>
        _ids is null ? person.Identity : person.MarketoId!.Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds a person.</summary>
    /// <returns>False where the file has no room for it any more.</returns>
    public bool TryAdd(Person person)
    {
        if (_ids is null || !_ids.Contains(person.MarketoId!.Value))
        {
            int before = _piece.Length;
            Write(KeyOf(person), isFirst: true);
            foreach (int column in _columns) Write(person.Values[column], isFirst: false);
            _piece.Write((byte)'\n');
            if (_fullPieces + _piece.Length > _maxBytes)
            {
                _piece.CutTo(before);
                return false;
            }

            Rows++;
            _ids?.Add(person.MarketoId!.Value);
            if (_piece.Length > PieceBytes - 4096)
            {
                _fullPieces += _piece.Length;
                _piece = NewPiece();
            }
        }

        person.Values = [];
        _people.Add(person);
        return true;
    }

    /// <summary>Gives a person the values back that its row holds.</summary>
    /// <param name="person">The person.</param>
    /// <param name="cells">The row, as Marketo sent it back.</param>
    /// <param name="attributes">Number of the mapping's attributes.</param>
    public void Restore(Person person, IReadOnlyList<string> cells, int attributes)
    {
        var values = new string?[attributes];
        for (int i = 0; i < _columns.Length && i + 1 < cells.Count; i++)
            values[_columns[i]] = cells[i + 1].Length == 0 ? null : cells[i + 1];
        person.Values = values;
    }

    /// <summary>Lets the bytes go; who is in the file is still known.</summary>
    public void Dispose()
    {
        foreach (var piece in _pieces) piece.Dispose();
    }

    private PooledBytes NewPiece()
    {
        var piece = new PooledBytes(PieceBytes);
        _pieces.Add(piece);
        return piece;
    }

    private void Write(ReadOnlySpan<char> cell, bool isFirst)
    {
        if (!isFirst) _piece.Write((byte)',');
        bool isQuoted = cell.ContainsAny(s_quoted);
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

    private void WriteText(ReadOnlySpan<char> text) =>
        _piece.Advance(Encoding.UTF8.GetBytes(text, _piece.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
