using System.Globalization;

namespace SegmentPush.Simulation.Marketo;

/// <summary>A field of people.</summary>
/// <param name="Name">REST API name.</param>
/// <param name="DataType">Marketo's name of the type.</param>
/// <param name="Length">Greatest length of a text; null for other types.</param>
/// <param name="IsSearchable">Whether people can be found by it.</param>
/// <param name="IsUpdateable">Whether the API writes it.</param>
internal sealed record Field(string Name, string DataType, int? Length = null, bool IsSearchable = false, bool IsUpdateable = true)
{
    /// <summary>The fields of the simulated instance.</summary>
    public static IReadOnlyList<Field> All { get; } =
    [
        new("id", "integer", IsSearchable: true, IsUpdateable: false),
        new("email", "email", 255, IsSearchable: true),
        new("firstName", "string", 255),
        new("lastName", "string", 255),
        new("leadScore", "integer"),
        new("rating", "float"),
        new("customerCode", "string", 255, IsSearchable: true),
        new("customerNumber", "float", IsSearchable: true),
        new("createdAt", "datetime", IsUpdateable: false),
        new("updatedAt", "datetime", IsUpdateable: false),
    ];

    public static Field? Find(string name) => All.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A value as the instance keeps it; null where it is none of this type.</summary>
    public string? Store(string value) => DataType switch
    {
        "integer" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? MarketoText.Of(whole) : null,
        "float" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : null,
        "email" => value.Contains('@', StringComparison.Ordinal) ? value.Trim() : null,
        _ => value.Length <= Length ? value : null,
    };

    /// <summary>Whether two values find the same person.</summary>
    public bool AreSame(string kept, string asked) => DataType is "integer" or "float"
        ? Store(asked) == kept
        : kept.Trim().Equals(asked.Trim(), StringComparison.OrdinalIgnoreCase);
}
