using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using SegmentPush.Mappings;

namespace SegmentPush.Destinations;

/// <summary>What is wrong with the text of a destination, in the words of its author.</summary>
internal static partial class DestinationFault
{
    /// <summary>Says it.</summary>
    /// <param name="fault">What the reader of JSON says, whose words are about types.</param>
    /// <param name="json">The form that the text should have.</param>
    public static string Describe(JsonException fault, JsonSerializerContext json)
    {
        // What we found ourselves has no path, and what is no JSON at all has words that anybody understands.
        if (fault.Path is not { } path) return fault.Message;
        if (fault.InnerException is JsonException) return fault.Message.Split(" Path:")[0];

        var type = typeof(DestinationText);
        string what = "a destination";
        foreach (Match step in PathStep().Matches(path))
        {
            if (step.Groups["name"].Value is not { Length: > 0 } name)
            {
                type = ItemOf(type) ?? type;
                what = "an entry of " + what;
                continue;
            }

            var properties = PropertiesOf(type, json);
            if (properties.FirstOrDefault(property => property.Name == name) is not { } known) return Unknown(name, what, properties);
            type = Nullable.GetUnderlyingType(known.PropertyType) ?? known.PropertyType;
            what = $"'{name}'";
        }

        if (fault.Message.StartsWith("Duplicate", StringComparison.Ordinal)) return $"{what} is there twice.";
        string[] lacking = [.. PropertiesOf(type, json)
            .Where(property => property.IsRequired).Select(property => $"'{property.Name}'").Where(name => fault.Message.Contains(name, StringComparison.Ordinal))];
        return lacking.Length > 0
            ? $"It lacks {string.Join(" and ", lacking)}."
            : $"{char.ToUpperInvariant(what[0])}{what[1..]} must be {FormOf(type)}.";
    }

    private static string Unknown(string name, string what, IList<JsonPropertyInfo> properties)
    {
        string[] names = [.. properties.Select(property => property.Name).Where(known => !known.StartsWith('$'))];
        var near = NearestNames.Of(name, names);
        string hint = near.Count > 0 ? $"Is it {Quote(near, " or ")}?" : $"There are {Quote(names, ", ")}.";
        return $"'{name}' is not known in {what}. {hint}";

        static string Quote(IEnumerable<string> names, string between) => string.Join(between, names.Select(name => $"'{name}'"));
    }

    private static string FormOf(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(name => $"\"{name}\""))}"
        : type == typeof(string) ? "a text in quotes"
        : type == typeof(int) || type == typeof(long) ? "a whole number, without quotes"
        : type == typeof(DateOnly) ? "a date such as \"2026-12-31\""
        : ItemOf(type) is not null ? "a list of entries in [ ]"
        : "an object in { }";

    private static IList<JsonPropertyInfo> PropertiesOf(Type type, JsonSerializerContext json) =>
        json.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info ? info.Properties : [];

    private static Type? ItemOf(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : null;

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\['(?<name>[^']*)'\]|\[[0-9]+\]")]
    private static partial Regex PathStep();
}
