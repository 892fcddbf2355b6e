using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Json;

/// <summary>What has been seen at one place of a file's objects, while they are looked at.</summary>
/// <param name="name">The name of the place, in UTF-8.</param>
internal sealed class JsonShape(byte[] name)
{
    // As many names make a map, whose keys are no columns; the file may have as many places altogether.
    private const int FieldsMost = 1_000, AllMost = 20_000;

    // Fewer fields are compared one by one.
    private const int Few = 8;

    private static readonly string[] s_ofNamespaces = ["IDENTITYMAP", "SEGMENTMEMBERSHIP"];

    private readonly List<JsonShape> _fields = [];
    private readonly string _name = Encoding.UTF8.GetString(name);
    private Dictionary<ulong, int>? _byHash;
    private Dictionary<string, List<JsonShape>>? _byFold;
    private List<JsonShape>? _twins;
    private HashSet<string>? _others;
    private JsonShape? _unlisted;
    private int _expected;
    private long _object;
    private bool _hasMoreNames;
    private bool _hasConsentsInNames;

    public bool HasText { get; set; }

    public bool HasObject { get; set; }

    public bool HasList { get; set; }

    /// <summary>Begins an object at this place.</summary>
    public void Begin()
    {
        HasObject = true;
        _expected = 0;
    }

    /// <summary>The place of a field of the object that is being looked at.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="thisObject">A number that no other object has.</param>
    /// <param name="all">Number of places of the file, which goes up where this one is new.</param>
    [MethodImpl(EveryRow.Compiled)]
    public JsonShape Field(ReadOnlySpan<byte> field, long thisObject, ref int all)
    {
        // Objects mostly have the same fields in the same order.
        var found = _expected < _fields.Count && _fields[_expected].Is(field) ? _fields[_expected++] : Find(field) ?? Add(field, ref all);
        found._object = thisObject;
        if (found._twins is not null) found.TellApart();
        return found;
    }

    /// <summary>What has been seen. Names that differ by case only, and that no object has both of, are one.</summary>
    public Shape ToShape() => Merge([this], isOfConsent: false);

    private bool Is(ReadOnlySpan<byte> other) => other.SequenceEqual(name);

    private JsonShape? Find(ReadOnlySpan<byte> field)
    {
        int found = _byHash is null ? IndexOf(field) : _byHash.GetValueOrDefault(HashOf(field), -1);
        if (found < 0 || !_fields[found].Is(field)) return null;
        _expected = found + 1;
        return _fields[found];
    }

    private int IndexOf(ReadOnlySpan<byte> field)
    {
        for (int i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].Is(field)) return i;
        }

        return -1;
    }

    private JsonShape Add(ReadOnlySpan<byte> field, ref int all)
    {
        // A name with an address in it is a person's, and no column.
        bool isPersonal = field.IndexOf((byte)'@') > 0;
        if (isPersonal) _hasConsentsInNames |= IsConsentOfAddress(field);
        if (isPersonal || _fields.Count >= FieldsMost || all >= AllMost)
        {
            _hasMoreNames |= !isPersonal;
            return _unlisted ??= new JsonShape([]);
        }

        all++;
        var added = new JsonShape(field.ToArray());
        _fields.Add(added);
        if (_byHash is not null) _byHash[HashOf(field)] = _fields.Count - 1;
        else if (_fields.Count > Few) _byHash = Enumerable.Range(0, _fields.Count).ToDictionary(i => HashOf(_fields[i].NameBytes));
        _byFold ??= [];
        string fold = ColumnNames.FoldPath(added._name);
        if (!_byFold.TryGetValue(fold, out var twins)) _byFold[fold] = twins = [];
        twins.Add(added);
        if (twins.Count > 1) twins.ForEach(twin => twin._twins = twins);
        return added;
    }

    private byte[] NameBytes => name;

    private static ulong HashOf(ReadOnlySpan<byte> field) => XxHash3.HashToUInt64(field);

    // Such as `consents.idSpecific.Email.ann@example.com.marketing.email.val`, or what stands within `consents` of it.
    private static bool IsConsentOfAddress(ReadOnlySpan<byte> field) =>
        BeginsWith(field, "idSpecific"u8) || (BeginsWith(field, "consents"u8) && BeginsWith(field["consents."u8.Length..], "idSpecific"u8));

    private static bool BeginsWith(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name) =>
        field.Length > name.Length && field[name.Length] is (byte)'.' or (byte)'_' && Ascii.EqualsIgnoreCase(field[..name.Length], name);

    // Names that one object has both of are not one.
    private void TellApart()
    {
        foreach (var twin in _twins!)
        {
            if (twin == this || twin._object != _object) continue;
            (_others ??= []).Add(twin._name);
            (twin._others ??= []).Add(_name);
        }
    }

    private static Shape Merge(IReadOnlyList<JsonShape> same, bool isOfConsent)
    {
        // Namespaces and consents are the same in any case.
        bool isConsent = isOfConsent || ConsentNames.IsConsent(same[0]._name);
        bool isOfNamespaces = isConsent || s_ofNamespaces.Contains(ColumnNames.Fold(same[0]._name));
        var fields = same.SelectMany(shape => shape._fields)
            .GroupBy(field => ColumnNames.FoldPath(field._name))
            .SelectMany(twins => isOfNamespaces || ConsentNames.IsConsent(twins.Key) ? [Merge([.. twins], isConsent)] : Spellings([.. twins]))
            .ToArray();
        var unlisted = same.Select(shape => shape._unlisted).OfType<JsonShape>().ToList();
        return new Shape(same[0]._name)
        {
            HasText = same.Any(shape => shape.HasText),
            HasObject = same.Any(shape => shape.HasObject),
            HasList = same.Any(shape => shape.HasList),
            Fields = fields,
            Unlisted = unlisted.Count == 0 ? null : Merge(unlisted, isConsent),
            IsUnlistedPersonal = !same.Any(shape => shape._hasMoreNames),
            HasConsentsInNames = same.Any(shape => shape._hasConsentsInNames),
        };
    }

    // Where an object has two spellings, each of them is a field; a third one that does not stand beside them may be either.
    private static IEnumerable<Shape> Spellings(JsonShape[] twins)
    {
        if (!Array.Exists(twins, twin => twin._others is not null)) return [Merge(twins, isOfConsent: false)];
        var others = twins.ToLookup(twin => twin._name, twin => twin._others);
        bool isUnclear = others.Any(one => others.Any(other => one.Key != other.Key && !one.Any(names => names?.Contains(other.Key) == true)));
        return others.Select(one => Merge([.. twins.Where(twin => twin._name == one.Key)], isOfConsent: false) with { IsExact = true, IsUnclear = isUnclear });
    }
}
