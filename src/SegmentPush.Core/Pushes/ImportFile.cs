using System.Buffers;
using System.Text;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>An import file that is being filled: RFC 4180 in UTF-8, the field that finds people first.</summary>
internal sealed class ImportFile : IDisposable
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");

    private readonly PooledBytes _bytes;
    private readonly Dictionary<string, List<Person>> _people = new(StringComparer.OrdinalIgnoreCase);
    private readonly int[] _columns;
    private readonly bool _byId;
    private readonly int _maxBytes;

    /// <summary>Begins a file.</summary>
    /// <param name="target">The fields.</param>
    /// <param name="byId">Whether people are found by their Marketo id, so that nobody is created.</param>
    /// <param name="maxBytes">Largest size.</param>
    public ImportFile(PushTarget target, bool byId, int maxBytes)
    {
        _byId = byId;
        _maxBytes = maxBytes;
        LookupField = byId ? "id" : target.Mapping.IdentityField.Name;
        var fields = target.Mapping.AttributeFields;
        _columns = byId && !target.WritesExisting
            ? []
            : [.. Enumerable.Range(0, fields.Count).Where(i => byId ? !fields[i].IsCompanyField : target.IsSent(fields[i]))];
        _bytes = new PooledBytes(64 * 1024);
        Write(LookupField, isFirst: true);
        foreach (int column in _columns) Write(fields[column].Name, isFirst: false);
        _bytes.Write((byte)'\n');
    }

    /// <summary>Name of the field that finds people.</summary>
    public string LookupField { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => _people.Count;

    /// <summary>The file.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.Written;

    /// <summary>The people of each row, by its first cell. Two identities may lead to one id.</summary>
    public IReadOnlyDictionary<string, List<Person>> People => _people;

    /// <summary>Adds a person.</summary>
    /// <returns>False where the file has no room for it any more.</returns>
    public bool TryAdd(Person person)
    {
        string key = _byId ? person.MarketoId!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : person.Identity;
        if (_people.TryGetValue(key, out var same))
        {
            same.Add(person);
            return true;
        }

        int before = _bytes.Length;
        Write(key, isFirst: true);
        foreach (int column in _columns) Write(person.Values[column], isFirst: false);
        _bytes.Write((byte)'\n');
        if (_bytes.Length > _maxBytes)
        {
            _bytes.CutTo(before);
            return false;
        }

        _people.Add(key, [person]);
        return true;
    }

    public void Dispose() => _bytes.Dispose();

    private void Write(ReadOnlySpan<char> cell, bool isFirst)
    {
        if (!isFirst) _bytes.Write((byte)',');
        bool isQuoted = cell.ContainsAny(s_quoted);
        if (isQuoted) _bytes.Write((byte)'"');
        while (isQuoted && cell.IndexOf('"') is >= 0 and var quote)
        {
            WriteText(cell[..(quote + 1)]);
            _bytes.Write((byte)'"');
            cell = cell[(quote + 1)..];
        }

        WriteText(cell);
        if (isQuoted) _bytes.Write((byte)'"');
    }

    private void WriteText(ReadOnlySpan<char> text) =>
        _bytes.Advance(Encoding.UTF8.GetBytes(text, _bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
