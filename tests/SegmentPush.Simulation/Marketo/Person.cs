namespace SegmentPush.Simulation.Marketo;

/// <summary>A person in the simulated instance.</summary>
internal sealed class Person
{
    public Person(long id, DateTimeOffset created)
    {
        Id = id;
        Created = Updated = created;
    }

    public long Id { get; }

    public DateTimeOffset Created { get; }

    public DateTimeOffset Updated { get; set; }

    /// <summary>Values by REST API name; a field without a value is absent.</summary>
    public Dictionary<string, string> Fields { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The value of a field; null where the person has none.</summary>
    public string? this[string field] => field.ToUpperInvariant() switch
    {
        "ID" => MarketoText.Of(Id),
        "CREATEDAT" => MarketoText.Of(Created),
        "UPDATEDAT" => MarketoText.Of(Updated),
        _ => Fields.GetValueOrDefault(field),
    };
}
