using System.Globalization;
using System.Text.Json;
using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox.Exports;

/// <summary>What an export is to have: fields, their names in the header, form of the file, and whose records.</summary>
/// <param name="Fields">Columns.</param>
/// <param name="Header">Name of each column.</param>
/// <param name="Format"><c>CSV</c>, <c>TSV</c> or <c>SSV</c>.</param>
/// <param name="ListId">The people of this list; null for all of <paramref name="Created"/>.</param>
/// <param name="Created">The people who were created in this time; null for those of the list.</param>
internal sealed record ExportRequest(
    IReadOnlyList<Field> Fields, IReadOnlyList<string> Header, string Format, int? ListId, (DateTimeOffset Start, DateTimeOffset End)? Created)
{
    private const int MostDays = 31;
    private static readonly string[] s_properties = ["fields", "columnHeaderNames", "format", "filter"];

    public char Delimiter => Format switch
    {
        "CSV" => ',',
        "TSV" => '\t',
        _ => ';',
    };

    /// <summary>Reads the body of a call.</summary>
    /// <exception cref="Refusal">It is not the JSON of an export, or a field, filter or list is unknown.</exception>
    public static ExportRequest Of(Call call, PersonStore store, Action<string> violation)
    {
        if (!call.HasJson) throw new Refusal("612", "Invalid Content Type");
        using var document = call.Json();
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new Refusal("609", "Invalid JSON");
        foreach (var property in root.EnumerateObject())
        {
            if (!s_properties.Contains(property.Name)) violation($"Unknown property '{property.Name}' in an export");
        }

        var fields = FieldsOf(root);
        string format = root.TryGetProperty("format", out var form) ? TextOf(form, "format").ToUpperInvariant() : "CSV";
        if (format is not ("CSV" or "TSV" or "SSV")) throw new Refusal("1003", $"Invalid format '{format}'");
        var (list, created) = FilterOf(root, store);
        return new ExportRequest(fields, HeaderOf(root, fields), format, list, created);
    }

    private static Field[] FieldsOf(JsonElement root)
    {
        if (!root.TryGetProperty("fields", out var names) || names.ValueKind != JsonValueKind.Array || names.GetArrayLength() == 0)
            throw new Refusal("1003", "fields not specified");
        return [.. names.EnumerateArray().Select(name => Field.All.TryGetValue(TextOf(name, "fields"), out var field)
            ? field
            : throw new Refusal("1006", $"Field '{name}' not found"))];
    }

    private static string[] HeaderOf(JsonElement root, Field[] fields)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (root.TryGetProperty("columnHeaderNames", out var given))
        {
            if (given.ValueKind != JsonValueKind.Object) throw new Refusal("1003", "Invalid columnHeaderNames");
            foreach (var pair in given.EnumerateObject()) names[pair.Name] = TextOf(pair.Value, "columnHeaderNames");
            if (names.Keys.FirstOrDefault(name => !fields.Any(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))) is { } stray)
                throw new Refusal("1003", $"'{stray}' of columnHeaderNames is not among the fields");
        }

        return [.. fields.Select(field => names.GetValueOrDefault(field.Name, field.Name))];
    }

    private static (int? ListId, (DateTimeOffset, DateTimeOffset)? Created) FilterOf(JsonElement root, PersonStore store)
    {
        if (!root.TryGetProperty("filter", out var filter) || filter.ValueKind != JsonValueKind.Object || !filter.EnumerateObject().Any())
            throw new Refusal("1003", "filter not specified");
        if (filter.EnumerateObject().Count() > 1) throw new Refusal("1003", "Only one filter may be specified");
        var (name, value) = (filter.EnumerateObject().First().Name, filter.EnumerateObject().First().Value);
        switch (name)
        {
            case "staticListId":
                if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int id)) throw new Refusal("1001", "Invalid value of 'staticListId'. Required of type 'Integer'");
                lock (store.Gate) return store.FindList(id) is null ? throw new Refusal("1013", $"List '{id}' not found") : (id, null);
            case "staticListName":
                string listName = TextOf(value, name);
                lock (store.Gate)
                {
                    var list = store.Lists.FirstOrDefault(list => list.Name == listName) ?? throw new Refusal("1013", $"List '{listName}' not found");
                    return (list.Id, null);
                }

            case "createdAt":
                return (null, RangeOf(value));
            case "updatedAt" or "smartListId" or "smartListName":
                throw new Refusal("1035", $"Unsupported filter type '{name}' for target subscription");
            default:
                throw new Refusal("1003", $"Invalid filter '{name}'");
        }
    }

    private static (DateTimeOffset Start, DateTimeOffset End) RangeOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) throw new Refusal("1003", "Invalid date range");
        var (start, end) = (TimeOf("startAt"), TimeOf("endAt"));
        if (end < start || end - start > TimeSpan.FromDays(MostDays)) throw new Refusal("1003", $"The date range must be {MostDays} days or fewer");
        return (start, end);

        DateTimeOffset TimeOf(string name) =>
            value.TryGetProperty(name, out var text)
            && DateTimeOffset.TryParse(TextOf(text, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : throw new Refusal("1003", $"Invalid {name}");
    }

    private static string TextOf(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new Refusal("1001", $"Invalid value of '{name}'. Required of type 'String'");
}
