using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace SegmentPush.Marketo;

/// <summary>The fields of people in the instance, in Marketo's order, found by REST API name without case.</summary>
internal sealed class LeadFields : IReadOnlyCollection<LeadField>
{
    private readonly IReadOnlyList<LeadField> _fields;
    private readonly FrozenDictionary<string, LeadField> _byName;

    public LeadFields(IEnumerable<LeadField> fields)
    {
        _fields = [.. fields.DistinctBy(field => field.Name, StringComparer.OrdinalIgnoreCase)];
        _byName = _fields.ToFrozenDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);
    }

    public int Count => _fields.Count;

    public bool TryGet(string name, [NotNullWhen(true)] out LeadField? field) => _byName.TryGetValue(name, out field);

    public IEnumerator<LeadField> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
