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
    public static MessageText Describe(JsonException fault, JsonSerializerContext json)
    {
        // What we found ourselves has no path, and what is no JSON at all has words that anybody understands.
        if (fault.Path is not { } path) return MessageText.AsIs(fault.Message);
        if (fault.InnerException is JsonException) return MessageText.AsIs(fault.Message.Split(" Path:")[0]);

        var type = typeof(DestinationText);
        MessageText what = "a destination";
        foreach (Match step in PathStep().Matches(path))
        {
            if (step.Groups["name"].Value is not { Length: > 0 } name)
            {
                type = ItemOf(type) ?? type;
                what = $"an entry of {what}";
                continue;
            }

            var properties = PropertiesOf(type, json);
            if (properties.FirstOrDefault(property => property.Name == name) is not { } known) return Unknown(name, what, properties);
            type = Nullable.GetUnderlyingType(known.PropertyType) ?? known.PropertyType;
            what = MessageText.AsIs($"'{name}'");
        }

        if (fault.Message.StartsWith("Duplicate", StringComparison.Ordinal)) return $"{what} is there twice.";
        string[] lacking = [.. PropertiesOf(type, json)
            .Where(property => property.IsRequired).Select(property => $"'{property.Name}'").Where(name => fault.Message.Contains(name, StringComparison.Ordinal))];
        return lacking.Length > 0
            ? (MessageText)$"It lacks {MessageText.AllOf(lacking)}."
            : $"{what.Capitalized()} must be {FormOf(type)}.";
    }

    private static MessageText Unknown(string name, MessageText what, IList<JsonPropertyInfo> properties)
    {
        string[] names = [.. properties.Select(property => property.Name).Where(known => !known.StartsWith('$'))];
        var near = NearestNames.Of(name, names);
        return near.Count > 0
            ? (MessageText)$"'{name}' is not known in {what}. Is it {MessageText.AnyOf(Quoted(near))}?"
            : $"'{name}' is not known in {what}. There are {string.Join(", ", Quoted(names))}.";

        static IEnumerable<string> Quoted(IEnumerable<string> names) => names.Select(name => $"'{name}'");
    }

    private static MessageText FormOf(Type type) =>
        type.IsEnum ? (MessageText)$"one of {string.Join(", ", Enum.GetNames(type).Select(name => $"\"{name}\""))}"
        : type == typeof(string) ? (MessageText)"a text in quotes"
        : type == typeof(int) || type == typeof(long) ? (MessageText)"a whole number, without quotes"
        : type == typeof(DateOnly) ? (MessageText)"a date such as \"2026-12-31\""
        : ItemOf(type) is not null ? (MessageText)"a list of entries in [ ]"
        : "an object in { }";

    private static IList<JsonPropertyInfo> PropertiesOf(Type type, JsonSerializerContext json) =>
        json.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info ? info.Properties : [];

    private static Type? ItemOf(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : null;

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\['(?<name>[^']*)'\]|\[[0-9]+\]")]
    private static partial Regex PathStep();
}
