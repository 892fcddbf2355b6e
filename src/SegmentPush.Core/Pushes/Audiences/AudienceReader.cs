using System.Buffers;
using System.Runtime.CompilerServices;
using SegmentPush.Platform;
using SegmentPush.Segments;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Pushes.Audiences;

/// <summary>
/// Reads the profiles of an exported audience from its files, one after the other, as the rows of one source. Where a profile has no value at the path of the
/// identity, the identities of the profile stand in for it; where all addresses count, a profile has a row for each.
/// </summary>
internal sealed class AudienceReader : INestedRow
{
    private const int None = -1;

    private readonly AudienceRequest _request;
    private readonly FileSource[] _files;
    private readonly Func<FileSource, SourceDamagedException, Exception> _explain;
    private readonly ISegmentReader[] _readers;
    private readonly List<string> _names = [];
    private readonly List<int[]> _columns = [];
    private readonly List<string> _addresses = [];
    private int _identity = None;
    private int[] _identities = [];
    private int _at;
    private int _address;
    private long _row;

    /// <summary>Begins to read files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="request">What is read of them.</param>
    /// <param name="open">Opens a file.</param>
    /// <param name="explain">The error of a file that turns out to be damaged.</param>
    /// <param name="isWhole">Whether whole rows are read, as a reject file takes them.</param>
    public AudienceReader(
        IReadOnlyList<FileSource> files,
        AudienceRequest request,
        Func<FileSource, ISegmentReader> open,
        Func<FileSource, SourceDamagedException, Exception> explain,
        bool isWhole = false)
    {
        _request = request;
        _explain = explain;
        _files = [.. files.Where(file => file.Form.Columns.Count > 0)];
        _readers = [.. _files.Select(open)];
        Columns = [.. _readers.SelectMany(reader => reader.Columns).Distinct(StringComparer.Ordinal)];
        if (isWhole && IsExpanded) FindColumn(request.IdentitySource);
    }

    public IReadOnlyList<string> Columns { get; }

    public long Row => Interlocked.Read(ref _row);

    public RowFault? Fault => Current.Fault;

    public double? Progress
    {
        get
        {
            int at = Volatile.Read(ref _at);
            return at >= _readers.Length ? 1 : (at + (_readers[at].Progress ?? 0)) / _readers.Length;
        }
    }

    private ISegmentReader Current => _readers[Math.Min(_at, _readers.Length - 1)];

    private bool IsExpanded => _request is { IsByEmail: true, Identities: AudienceIdentities.All };

    public int FindColumn(string name)
    {
        int known = _names.FindIndex(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase));
        if (known >= 0) return known;
        int[] found = [.. _readers.Select(reader => reader.FindColumn(name))];
        bool isIdentity = _request.IsByEmail && _identity < 0 && string.Equals(name, _request.IdentitySource, StringComparison.OrdinalIgnoreCase);
        if (isIdentity) _identities = [.. _readers.Select(FindIdentities)];

        bool isThere = Array.Exists(found, column => column >= 0) || IsKeyOfNobody(name);
        if (!isThere) return None;
        if (isIdentity) _identity = _names.Count;
        return Add(name, found);
    }

    public int AddAbsentColumn(string name) => Add(name, [.. _readers.Select(_ => None)]);

    public int FindConsents()
    {
        const string Name = "\0consents";
        int known = _names.IndexOf(Name);
        if (known >= 0) return known;
        int[] found = [.. _readers.Select(reader => reader.FindConsents())];
        return Array.Exists(found, column => column >= 0) ? Add(Name, found) : None;
    }

    [MethodImpl(EveryRow.Compiled)]
    public bool Read(CancellationToken cancellation = default)
    {
        if (++_address < _addresses.Count)
        {
            Interlocked.Increment(ref _row);
            return true;
        }

        _address = 0;
        _addresses.Clear();
        while (_at < _readers.Length)
        {
            if (ReadCurrent(cancellation))
            {
                if (IsExpanded && _identity >= 0) TakeAddresses();
                Interlocked.Increment(ref _row);
                return true;
            }

            // A reader keeps pages of its columns for as long as it is referred to.
            _readers[_at].Dispose();
            _readers[_at] = EmptyReader.Instance;
            Volatile.Write(ref _at, _at + 1);
        }

        return false;
    }

    [MethodImpl(EveryRow.Compiled)]
    private bool ReadCurrent(CancellationToken cancellation)
    {
        try
        {
            return _readers[_at].Read(cancellation);
        }
        catch (SourceDamagedException damage)
        {
            throw _explain(_files[_at], damage);
        }
    }

    [MethodImpl(EveryRow.Compiled)]
    public ReadOnlySpan<char> GetValue(int column)
    {
        if (column != _identity) return ValueOf(_columns[column]);
        if (IsExpanded) return _address < _addresses.Count ? _addresses[_address] : default;
        var mapped = ValueOf(_columns[column]);
        if (!mapped.IsWhiteSpace()) return mapped;
        var identities = ValueOf(_identities);
        return PairedValues.TakeLine(ref identities);
    }

    public bool IsTyped(int column) => column != _identity && _columns[column][_at] is >= 0 and var inner && Current.IsTyped(inner);

    public void WriteMembers(IBufferWriter<byte> output) => ((INestedRow)Current).WriteMembers(output);

    public void Dispose()
    {
        foreach (var reader in _readers) reader.Dispose();
    }

    // A key of a map is missing where no profile has it. Files of a destination have the map only where its mapping says so.
    private bool IsKeyOfNobody(string path) => AudienceFields.MapOf(path) is { } map
        && (_request.Through is null || Columns.Any(column => column.StartsWith(map + ".", StringComparison.OrdinalIgnoreCase)));

    private int Add(string name, int[] found)
    {
        _names.Add(name);
        _columns.Add(found);
        return _names.Count - 1;
    }

    private int FindIdentities(ISegmentReader reader)
    {
        int all = reader.FindIdentities(AudienceRequest.EmailIdentities);
        return all >= 0 ? all : reader.FindColumn(AudienceRequest.EmailIdentities);
    }

    [MethodImpl(EveryRow.Compiled)]
    private ReadOnlySpan<char> ValueOf(int[] columns) => columns[_at] is >= 0 and var inner ? _readers[_at].GetValue(inner) : default;

    // The mapped one first, then the primary one; one that comes twice is one.
    private void TakeAddresses()
    {
        if (Fault is not null) return;
        Add(ValueOf(_columns[_identity]));
        var rest = ValueOf(_identities);
        while (!rest.IsEmpty) Add(PairedValues.TakeLine(ref rest));

        void Add(ReadOnlySpan<char> address)
        {
            var text = address.Trim();
            if (text.IsEmpty) return;
            foreach (string other in _addresses)
            {
                if (text.Equals(other, StringComparison.OrdinalIgnoreCase)) return;
            }

            _addresses.Add(text.ToString());
        }
    }
}
