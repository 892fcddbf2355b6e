using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox;

/// <summary>A person as the sandbox has it at that moment.</summary>
public sealed class PersonView
{
    private readonly Dictionary<string, string> _values;

    internal PersonView(Person person)
    {
        Id = person.Id;
        PartitionId = person.PartitionId;
        _values = person.Fields.ToDictionary(field => field.Name, field => person[field]!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Id.</summary>
    public int Id { get; }

    /// <summary>Id of the lead partition.</summary>
    public int PartitionId { get; }

    /// <summary>A field's value by REST API name; null where it has none.</summary>
    public string? this[string field] => _values.GetValueOrDefault(field);
}
