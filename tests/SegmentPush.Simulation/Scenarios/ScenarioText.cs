using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SegmentPush.Simulation.Scenarios;

/// <summary>Scenarios as JSON. What has its usual value is left out, so that a file shows what matters.</summary>
internal static class ScenarioText
{
    private static readonly object s_always = new();

    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OmitUsual } },
    };

    /// <summary>Writes a scenario.</summary>
    public static string Write(Scenario scenario) => JsonSerializer.Serialize(scenario, s_options);

    /// <summary>Reads a scenario.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Scenario Read(string text) => JsonSerializer.Deserialize<Scenario>(text, s_options) ?? throw new JsonException("No scenario.");

    private static void OmitUsual(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object) return;
        object? model = info.Type.GetConstructor([]) is not null ? Activator.CreateInstance(info.Type) : null;
        var parameters = info.Type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters();
        foreach (var property in info.Properties.Where(property => property.Get is not null))
        {
            object? usual = model is not null
                ? property.Get!(model)
                : parameters.FirstOrDefault(p => p.Name!.Equals(property.Name, StringComparison.OrdinalIgnoreCase)) is { HasDefaultValue: true } parameter
                    ? parameter.DefaultValue
                    : s_always;
            property.ShouldSerialize = (_, value) => !IsSame(value, usual);
        }
    }

    private static bool IsSame(object? one, object? other) => one is IEnumerable some and not string && other is IEnumerable others and not string
        ? some.Cast<object>().SequenceEqual(others.Cast<object>())
        : Equals(one, other);
}
