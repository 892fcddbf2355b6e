using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Marketo;

/// <summary>Finds, creates and updates people.</summary>
internal sealed class LeadEndpoints(Instance marketo)
{
    /// <summary>A person who was left as he is, and why.</summary>
    public static JsonObject Skip(long? id, string code, string message)
    {
        var skipped = new JsonObject { ["status"] = "skipped", ["reasons"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }) };
        if (id is not null) skipped["id"] = id;
        return skipped;
    }

    /// <summary>A person's fields as calls answer them.</summary>
    public static JsonObject Show(Person person, IReadOnlyList<string> fields)
    {
        var shown = new JsonObject { ["id"] = person.Id };
        foreach (string name in fields.Where(name => name != "id"))
            shown[name] = person[name] is { } value && Field.Find(name)?.DataType is "integer" or "float" ? JsonNode.Parse(person[name]!) : person[name];
        return shown;
    }

    /// <summary>A call that finds people by the values of a field.</summary>
    public ArrivedCall Lookup(Request request)
    {
        var values = request.List("filterValues");
        return new ArrivedCall(CallKind.Lookup, values.Count, () =>
        {
            string field = request["filterType"]!;
            if (Field.Find(field) is not { IsSearchable: true }) return Reply.Refuse("1011", $"Field '{field}' not searchable");
            if (values.Count > 300) return Reply.Refuse("1003", "Too many filter values");
            var found = values.SelectMany(value => marketo.Find(field, value)).DistinctBy(person => person.Id).OrderBy(person => person.Id).ToArray();
            return found.Length > 300
                ? Reply.Refuse("1003", "Too many people match")
                : Reply.Of(found.Select(person => Show(person, request.List("fields"))));
        });
    }

    /// <summary>A call that creates and updates people.</summary>
    public ArrivedCall Sync(Request request)
    {
        var json = JsonNode.Parse(request.Body)!;
        string action = json["action"]?.GetValue<string>() ?? "createOrUpdate", field = json["lookupField"]?.GetValue<string>() ?? "email";
        var records = json["input"]!.AsArray().Select(record => ValuesOf(record!.AsObject())).ToArray();

        // Two calls that run at once do not see the people that the other creates.
        var missing = records.Select(record => KeyOf(record, field)).OfType<string>()
            .Where(key => marketo.Find(field, key).Count == 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new ArrivedCall(CallKind.Sync, records.Length, () =>
        {
            if (records.Length > 300) return Reply.Refuse("609", "Too many records");
            if (Field.Find(field) is not { IsSearchable: true }) return Reply.Refuse("1006", $"Lookup field '{field}' not found");
            string? unknown = records.SelectMany(record => record.Keys).FirstOrDefault(name => Field.Find(name) is null);
            if (unknown is not null) return Reply.Refuse("1006", $"Field '{unknown}' not found");
            return Reply.Of([.. records.Select(record => SyncOne(action, field, record, missing))]);
        });
    }

    private JsonObject SyncOne(string action, string field, IReadOnlyDictionary<string, string?> record, HashSet<string> missing)
    {
        if (KeyOf(record, field) is not { Length: > 0 } key) return Skip(null, "1002", "Missing value for the lookup field");
        if (WhyWrong(record) is { } wrong) return Skip(null, "1001", wrong);
        var found = marketo.Find(field, key);
        if ((!field.Equals("id", StringComparison.OrdinalIgnoreCase) && marketo.IsRefused(key)) || found.Any(person => marketo.IsRefused(person[marketo.IdentityField] ?? string.Empty))) return Skip(null, "1003", "The values are not accepted");
        bool sawNobody = missing.Remove(key);
        if (action is "createOrUpdate" or "createOnly" && (found.Count == 0 || sawNobody))
        {
            var created = marketo.Create(Actor.Product, record);
            return new JsonObject { ["id"] = created.Id, ["status"] = "created" };
        }

        if (action == "createOnly") return Skip(marketo.Habits.TellsIdOfExisting && found.Count == 1 ? found[0].Id : null, "1005", "Lead already exists");
        if (found.Count == 0) return Skip(null, "1004", "Lead not found");
        if (found.Count > 1) return Skip(null, "1007", "Multiple lead match lookup criteria");
        marketo.Write(Actor.Product, found[0], record.Where(pair => pair.Key != "id").ToDictionary(pair => pair.Key, pair => pair.Value));
        return new JsonObject { ["id"] = found[0].Id, ["status"] = "updated" };
    }

    private static string? WhyWrong(IReadOnlyDictionary<string, string?> record)
    {
        foreach (var (name, value) in record)
        {
            var field = Field.Find(name)!;
            if (value is not null && field.Store(value) is null) return $"Invalid value for field '{name}', required of type '{field.DataType}'";
        }

        return null;
    }

    private static string? KeyOf(IReadOnlyDictionary<string, string?> record, string field) =>
        record.FirstOrDefault(pair => pair.Key.Equals(field, StringComparison.OrdinalIgnoreCase)).Value;

    private static Dictionary<string, string?> ValuesOf(JsonObject record) => record.ToDictionary(pair => pair.Key, pair => pair.Value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.String => pair.Value.GetValue<string>(),
        _ => string.Create(CultureInfo.InvariantCulture, $"{pair.Value.ToJsonString()}"),
    });
}
