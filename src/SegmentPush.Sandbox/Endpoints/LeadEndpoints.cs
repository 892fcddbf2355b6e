using System.Globalization;
using System.Text;
using System.Text.Json;
using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox.Endpoints;

/// <summary>Finding, creating and updating people.</summary>
internal sealed class LeadEndpoints(PersonStore store, SandboxOptions options, Faults faults, Action<string> violation)
{
    private const int MaxRecords = 300;
    private const int MostMatches = 1000;
    private static readonly string[] s_defaultFields = ["id", "updatedAt", "lastName", "email", "createdAt", "firstName"];
    private static readonly string[] s_partitions = ["Default", "Europe"];
    private static readonly string[] s_syncProperties = ["action", "lookupField", "partitionName", "input", "asyncProcessing"];

    public IEnumerable<Endpoint> All()
    {
        string[] find = ["filterType", "filterValues", "fields", "batchSize", "nextPageToken", "_method"];
        yield return new Endpoint("GET", "/rest/v1/leads.json", find, Find);
        yield return new Endpoint("POST", "/rest/v1/leads.json", find, call => call.IsFormRead ? ValueTask.FromResult(Find(call)) : SyncAsync(call))
        {
            Permission = Permission.ReadWriteLead,
        };
        yield return new Endpoint("GET", "/rest/v1/lead/{id}.json", ["fields"], FindById);
        yield return new Endpoint("GET", "/rest/v1/leads/describe2.json", [], Describe);
        yield return new Endpoint("GET", "/rest/v1/leads/partitions.json", [], Partitions);
    }

    public static void Write(Utf8JsonWriter json, Person person, IEnumerable<string> fields)
    {
        json.WriteStartObject();
        foreach (var field in fields.Prepend("id").Distinct(StringComparer.OrdinalIgnoreCase).Select(name => Field.All[name]))
        {
            string? value = person[field];
            if (value is null) json.WriteNull(field.Name);
            else if (field.DataType is "integer" or "score" or "float" or "percent" or "currency" or "boolean") WriteLiteral(json, field, value);
            else json.WriteString(field.Name, value);
        }

        json.WriteEndObject();
    }

    private static void WriteLiteral(Utf8JsonWriter json, Field field, string value)
    {
        json.WritePropertyName(field.Name);
        json.WriteRawValue(value);
    }

    /// <summary>The fields that a call asks for.</summary>
    /// <exception cref="Refusal">One is unknown.</exception>
    public static IReadOnlyList<string> FieldsOf(Call call)
    {
        var names = call.ListParameter("fields");
        return names.FirstOrDefault(name => !Field.All.ContainsKey(name)) is { } unknown
            ? throw new Refusal("1006", $"Field '{unknown}' not found")
            : names.Count == 0 ? s_defaultFields : names;
    }

    private Reply FindById(Call call)
    {
        var fields = FieldsOf(call);
        lock (store.Gate)
        {
            return store.Find(call.PathId) is { } person
                ? Reply.Success(call, json => Write(json, person, fields))
                : throw new Refusal("1004", $"Lead '{call.PathId}' not found");
        }
    }

    private Reply Find(Call call)
    {
        string name = call.Parameter("filterType") ?? throw new Refusal("1003", "filterType not specified");
        if (!Field.All.TryGetValue(name, out var filter)) throw new Refusal("1006", $"Field '{name}' not found");
        if (!filter.Searchable) throw new Refusal("1003", $"Invalid filterType '{name}'");
        var values = call.ListParameter("filterValues");
        if (values.Count == 0) throw new Refusal("1003", "filterValues not specified");
        if (values.Count > MaxRecords)
        {
            violation($"{values.Count} filterValues in one call");
            throw new Refusal("1003", "Too many values in filterValues");
        }

        int batchSize = BatchSize(call);
        var fields = FieldsOf(call);
        lock (store.Gate)
        {
            var people = values.Distinct(StringComparer.OrdinalIgnoreCase).SelectMany(value => store.Find(filter, value))
                .DistinctBy(person => person.Id).OrderBy(person => person.Id).ToArray();
            if (people.Length > MostMatches) throw new Refusal("1003", "Too many results match the filter");
            int from = PageStart(call);
            bool more = from + batchSize < people.Length;
            return Reply.Success(
                call,
                json =>
                {
                    foreach (var person in people.Skip(from).Take(batchSize)) Write(json, person, fields);
                },
                more ? PageToken(from + batchSize) : null);
        }
    }

    /// <summary>The size of the pages that a call asks for.</summary>
    public static int BatchSize(Call call)
    {
        if (call.Parameter("batchSize") is not { } text) return MaxRecords;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is >= 1 and <= MaxRecords
            ? size
            : throw new Refusal("1003", "Invalid batchSize");
    }

    public static int PageStart(Call call)
    {
        if (call.Parameter("nextPageToken") is not { } token) return 0;
        try
        {
            return int.Parse(Encoding.ASCII.GetString(Convert.FromHexString(token)), CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            throw new Refusal("1003", "Invalid nextPageToken");
        }
    }

    public static string PageToken(int from) =>
        Convert.ToHexString(Encoding.ASCII.GetBytes(from.ToString("D10", CultureInfo.InvariantCulture)));

    private static Reply Describe(Call call) => Reply.Success(call, json =>
    {
        json.WriteStartObject();
        json.WriteString("name", "API Lead");
        json.WriteStartArray("searchableFields");
        foreach (var field in Field.All.Values.Where(f => f.Searchable))
        {
            json.WriteStartArray();
            json.WriteStringValue(field.Name);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("fields");
        foreach (var field in Field.All.Values)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            json.WriteString("displayName", field.DisplayName);
            json.WriteString("dataType", field.DataType);
            if (field.Length is { } length) json.WriteNumber("length", length);
            json.WriteBoolean("updateable", field.Updateable);
            json.WriteBoolean("crmManaged", false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Reply Partitions(Call call) => Reply.Success(call, json =>
    {
        for (int i = 0; i < s_partitions.Length; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", i + 1);
            json.WriteString("name", s_partitions[i]);
            json.WriteString("description", "");
            json.WriteEndObject();
        }
    });

    /// <summary>The id of a partition.</summary>
    /// <exception cref="Refusal">There is none with this name.</exception>
    public static int PartitionId(string? name) => name is null ? 1
        : Array.FindIndex(s_partitions, p => p == name) is >= 0 and var at ? at + 1
        : throw new Refusal("1009", $"Partition '{name}' not found");

    private async ValueTask<Reply> SyncAsync(Call call)
    {
        if (!call.HasJson) throw new Refusal("612", "Invalid Content Type");
        using var document = call.Json();
        var root = document.RootElement;
        foreach (var property in root.EnumerateObject())
        {
            if (!s_syncProperties.Contains(property.Name)) violation($"Unknown property '{property.Name}' in a sync");
        }

        string action = root.TryGetProperty("action", out var a) ? a.GetString()! : "createOrUpdate";
        if (action is not ("createOrUpdate" or "createOnly" or "updateOnly" or "createDuplicate")) throw new Refusal("1003", $"Invalid action '{action}'");
        string lookupName = root.TryGetProperty("lookupField", out var l) ? l.GetString()! : "email";
        if (!Field.All.TryGetValue(lookupName, out var lookup)) throw new Refusal("1006", $"Field '{lookupName}' not found");
        if (!lookup.Searchable) throw new Refusal("1011", $"Field '{lookupName}' is not searchable");
        if (lookup.Name == "id" && action != "updateOnly") throw new Refusal("1003", "lookupField 'id' is allowed for updateOnly");
        int partition = PartitionId(root.TryGetProperty("partitionName", out var p) ? p.GetString() : null);
        if (!root.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0)
            throw new Refusal("609", "Invalid JSON: input missing");
        if (input.GetArrayLength() > MaxRecords)
        {
            violation($"{input.GetArrayLength()} records in one sync");
            throw new Refusal("1003", "Too many records in input");
        }

        var records = input.EnumerateArray().ToArray();
        if (records.SelectMany(r => r.EnumerateObject()).Select(f => f.Name).FirstOrDefault(name => !Field.All.ContainsKey(name)) is { } unknown)
        {
            violation($"Unknown field '{unknown}' in a sync");
            throw new Refusal("1006", $"Field '{unknown}' not found");
        }

        // A call looks people up, and writes later. Of two calls in flight with one new key, both find nobody.
        HashSet<string> missing;
        lock (store.Gate)
        {
            missing = [.. records.Select(r => KeyOf(r, lookup)).OfType<string>().Where(key => store.Find(lookup, key).Count == 0)];
        }

        if (options.Latency > TimeSpan.Zero) await Task.Delay(options.Latency, options.TimeProvider).ConfigureAwait(false);
        lock (store.Gate)
        {
            var results = new List<(int? Id, string Status, string? Code, string? Message)>(records.Length);
            var createdHere = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var record in records) results.Add(Sync(call, record, lookup, action, partition, missing, createdHere));
            return Reply.Success(call, json =>
            {
                foreach (var (id, status, code, message) in results) Reply.WriteRecord(json, id, status, code, message);
            });
        }
    }

    private static string? KeyOf(JsonElement record, Field lookup)
    {
        foreach (var property in record.EnumerateObject())
        {
            if (string.Equals(property.Name, lookup.Name, StringComparison.OrdinalIgnoreCase)) return TextOf(property.Value)?.Trim();
        }

        return null;
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };

    private (int? Id, string Status, string? Code, string? Message) Sync(
        Call call, JsonElement record, Field lookup, string action, int partition, HashSet<string> missing, HashSet<string> createdHere)
    {
        if (faults.OfRecord(call, record.GetRawText) is { } fault) return (null, "skipped", fault.Code, fault.Message);
        if (KeyOf(record, lookup) is not { Length: > 0 } key) return (null, "skipped", "1003", $"Value for required field '{lookup.Name}' not specified");

        var values = record.EnumerateObject().Where(f => !ReferenceEquals(Field.All[f.Name], lookup) || lookup.Name != "id")
            .Select(f => (Field: Field.All[f.Name], Value: TextOf(f.Value))).ToArray();
        var matches = store.Find(lookup, key);
        if (action != "createDuplicate" && matches.Count > 0 && missing.Contains(key) && !createdHere.Contains(key) && action != "updateOnly")
        {
            // Another call made this person meanwhile; this one does not know.
            violation("Two creates with one key were in flight together: a duplicate was made");
            matches = [];
        }

        if (action == "createDuplicate") matches = [];
        if (matches.Count > 1) return (null, "skipped", "1007", "Multiple lead match lookup criteria");
        if (matches.Count == 1 && action == "createOnly") return (matches[0].Id, "skipped", "1005", "Lead already exists");
        if (matches.Count == 0 && action == "updateOnly") return (null, "skipped", "1004", "Lead not found");
        if (Mistake(values, matches.Count == 1 ? matches[0] : null) is { } mistake) return (null, "skipped", mistake.Code, mistake.Message);

        bool isNew = matches.Count == 0;
        var person = isNew ? store.Create() : matches[0];
        if (isNew)
        {
            person.PartitionId = partition;
            createdHere.Add(key);
        }

        foreach (var (field, value) in values) store.Set(person, field, value);
        person.UpdatedAt = options.TimeProvider.GetUtcNow();
        return (person.Id, isNew ? "created" : "updated", null, null);
    }

    /// <summary>Why values can't be written; null where they can.</summary>
    public static (string Code, string Message)? Mistake(IEnumerable<(Field Field, string? Value)> values, Person? existing)
    {
        foreach (var (field, value) in values)
        {
            if (!field.Updateable) return ("1006", $"Field '{field.Name}' is not updateable");
            if (existing?.IsTiedToCompany == true && field.IsCompanyField) return ("1021", $"Field '{field.Name}' of a company can't be updated");
            if (value is null) continue;
            bool isRight = field.DataType switch
            {
                "email" => Ascii.IsValid(value) && value.Length <= 255 && value.Contains('@', StringComparison.Ordinal),
                "integer" or "score" => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
                "float" or "currency" or "percent" => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
                "boolean" => value is "true" or "false",
                "date" => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                "datetime" => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
                "text" => Encoding.UTF8.GetByteCount(value) <= field.Length,
                _ => value.Length <= field.Length,
            };
            if (!isRight) return ("1003", $"Invalid value for field '{field.Name}'");
        }

        return null;
    }
}
