using System.Text.Json;
using System.Text.Json.Serialization;

namespace SegmentPush.Mappings.Proposals;

/// <summary>What is known of Marketo's fields without asking an instance: Adobe's paths for them, and their labels.</summary>
internal sealed record KnownFields
{
    private static readonly Lazy<KnownFields> s_all = new(Read);

    /// <summary>Where the data is from.</summary>
    public required string Source { get; init; }

    /// <summary>Paths of Experience Platform's data model, the likeliest for each field first.</summary>
    public required IReadOnlyList<KnownPath> Paths { get; init; }

    /// <summary>Standard fields and what people call them.</summary>
    public required IReadOnlyList<KnownName> Names { get; init; }

    /// <summary>Fields that say whether Marketo may write to a person. A column's name alone is no reason to fill them.</summary>
    public required IReadOnlyList<string> NotProposed { get; init; }

    /// <summary>All that is known.</summary>
    public static KnownFields All => s_all.Value;

    private static KnownFields Read()
    {
        using var data = typeof(KnownFields).Assembly.GetManifestResourceStream("SegmentPush.known-fields.json")!;
        return JsonSerializer.Deserialize(data, KnownFieldsJson.Default.KnownFields)!;
    }

    /// <summary>A path and the fields that it may fill.</summary>
    internal sealed record KnownPath(string Path, IReadOnlyList<string> Fields);

    /// <summary>A field and its labels.</summary>
    internal sealed record KnownName(string Field, IReadOnlyList<string> Labels);
}

/// <summary>How the data is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KnownFields))]
internal sealed partial class KnownFieldsJson : JsonSerializerContext;
