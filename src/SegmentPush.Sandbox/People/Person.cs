namespace SegmentPush.Sandbox.People;

/// <summary>A person: id, times, and the fields that have a value.</summary>
internal sealed class Person(int id, DateTimeOffset created)
{
    private (Field Field, string Value)[] _values = [];

    public int Id { get; } = id;

    public DateTimeOffset CreatedAt { get; } = created;

    public DateTimeOffset UpdatedAt { get; set; } = created;

    public int PartitionId { get; set; } = 1;

    /// <summary>Whether a company record owns the company fields.</summary>
    public bool IsTiedToCompany { get; set; }

    public string? this[Field field] => field.Name switch
    {
        "id" => Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        "createdAt" => Iso(CreatedAt),
        "updatedAt" => Iso(UpdatedAt),
        "leadPartitionId" => PartitionId.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => FindValue(field),
    };

    public IEnumerable<Field> Fields => _values.Select(pair => pair.Field);

    public void Set(Field field, string? value)
    {
        int at = Array.FindIndex(_values, pair => ReferenceEquals(pair.Field, field));
        if (value is null) _values = at < 0 ? _values : [.. _values.Where((_, i) => i != at)];
        else if (at >= 0) _values[at].Value = value;
        else _values = [.. _values, (field, value)];
    }

    // Without a closure, as an export asks for every person.
    private string? FindValue(Field field)
    {
        foreach (var (held, value) in _values)
        {
            if (ReferenceEquals(held, field)) return value;
        }

        return null;
    }

    private static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
