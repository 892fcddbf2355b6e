using System.Globalization;
using System.Text.Json;
using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox.Endpoints;

/// <summary>Static lists and who is on them.</summary>
internal sealed class ListEndpoints(PersonStore store, SandboxOptions options, Faults faults, Action<string> violation)
{
    private const int MaxRecords = 300;

    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("GET", "/rest/v1/lists.json", ["id", "name", "programName", "workspaceName", "batchSize", "nextPageToken"], Lists);
        yield return new Endpoint("GET", "/rest/v1/lists/{id}.json", [], List);
        yield return new Endpoint("GET", "/rest/v1/lists/{id}/leads.json", ["fields", "batchSize", "nextPageToken"], Members);
        yield return new Endpoint("POST", "/rest/v1/lists/{id}/leads.json", ["id"], call => EachAsync(call, Add)) { Permission = Permission.ReadWriteLead };
        yield return new Endpoint("DELETE", "/rest/v1/lists/{id}/leads.json", ["id"], call => EachAsync(call, Remove)) { Permission = Permission.ReadWriteLead };
        yield return new Endpoint("GET", "/rest/v1/lists/{id}/leads/ismember.json", ["id"], call => EachAsync(call, IsMember));
    }

    private Reply Lists(Call call)
    {
        var ids = call.ListParameter("id");
        var names = call.Parameter("name") is { } name ? (string[])[name] : [];
        var programs = call.Parameter("programName") is { } program ? (string[])[program] : [];
        int batchSize = LeadEndpoints.BatchSize(call), from = LeadEndpoints.PageStart(call);
        lock (store.Gate)
        {
            var lists = store.Lists
                .Where(list => ids.Count == 0 || ids.Contains(list.Id.ToString(CultureInfo.InvariantCulture)))
                .Where(list => names.Length == 0 || names.Contains(list.Name, StringComparer.OrdinalIgnoreCase))
                .Where(list => programs.Length == 0 || (list.Folder.IsProgram && programs.Contains(list.Folder.Name, StringComparer.OrdinalIgnoreCase)))
                .ToArray();
            return Reply.Success(
                call,
                json =>
                {
                    foreach (var list in lists.Skip(from).Take(batchSize)) Write(json, list);
                },
                from + batchSize < lists.Length ? LeadEndpoints.PageToken(from + batchSize) : null);
        }
    }

    private Reply List(Call call)
    {
        lock (store.Gate)
        {
            var list = Find(call);
            return Reply.Success(call, json => Write(json, list));
        }
    }

    private Reply Members(Call call)
    {
        var fields = LeadEndpoints.FieldsOf(call);
        int batchSize = LeadEndpoints.BatchSize(call), from = LeadEndpoints.PageStart(call);
        lock (store.Gate)
        {
            var list = Find(call);
            var ids = list.Page(from, batchSize, out int? next);
            return Reply.Success(
                call,
                json =>
                {
                    foreach (int id in ids)
                    {
                        if (store.Find(id) is { } person) LeadEndpoints.Write(json, person, fields);
                    }
                },
                next is { } start ? LeadEndpoints.PageToken(start) : null);
        }
    }

    private async ValueTask<Reply> EachAsync(Call call, Func<People.StaticList, int, (string Status, string? Code, string? Message)> work)
    {
        var ids = IdsOf(call);
        if (ids.Count == 0) throw new Refusal("1003", "No leads specified");
        if (ids.Count > MaxRecords)
        {
            violation($"{ids.Count} ids in one list call");
            throw new Refusal("1003", "Too many leads specified");
        }

        if (ids.Distinct().Count() != ids.Count) violation("An id twice in one list call");
        if (options.Latency > TimeSpan.Zero) await Task.Delay(options.Latency, options.TimeProvider).ConfigureAwait(false);
        lock (store.Gate)
        {
            var list = Find(call);
            var results = ids.Select(id =>
            {
                string text = id.ToString(CultureInfo.InvariantCulture);
                if (faults.OfRecord(call, () => text) is { } fault) return (id, Result: ("skipped", fault.Code, fault.Message));
                return (id, Result: store.Find(id) is null ? ("skipped", "1004", "Lead not found") : work(list, id));
            }).ToArray();
            return Reply.Success(call, json =>
            {
                foreach (var (id, (status, code, message)) in results) Reply.WriteRecord(json, id, status, code, message);
            });
        }
    }

    private (string Status, string? Code, string? Message) Add(People.StaticList list, int id) =>
        (list.Add(id) ? "added" : options.GivesNoReasons ? "skipped" : options.RevealExistingMembers ? "memberof" : "added", null, null);

    private (string Status, string? Code, string? Message) Remove(People.StaticList list, int id) =>
        list.Remove(id) ? ("removed", null, null) : options.GivesNoReasons ? ("skipped", null, null) : ("skipped", "1015", "Lead not in list");

    private static (string Status, string? Code, string? Message) IsMember(People.StaticList list, int id) =>
        (list.Contains(id) ? "memberof" : "notmemberof", null, null);

    private static List<int> IdsOf(Call call)
    {
        if (call.Body.Length == 0 || call.HasForm)
        {
            return [.. call.ListParameter("id").Select(id => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw new Refusal("1001", $"Invalid value '{id}'. Required of type 'Integer'"))];
        }

        if (!call.HasJson) throw new Refusal("612", "Invalid Content Type");
        using var document = call.Json();
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("input", out var input)
            || input.ValueKind != JsonValueKind.Array)
        {
            throw new Refusal("609", "Invalid JSON: input missing");
        }

        return [.. input.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int number)
                ? number
                : throw new Refusal("1001", "Invalid value of 'id'. Required of type 'Integer'"))];
    }

    private People.StaticList Find(Call call) =>
        store.FindList(call.PathId) ?? throw new Refusal("1013", $"List '{call.PathId}' not found");

    private static void Write(Utf8JsonWriter json, People.StaticList list)
    {
        json.WriteStartObject();
        json.WriteNumber("id", list.Id);
        json.WriteString("name", list.Name);
        if (list.Description is not null) json.WriteString("description", list.Description);
        if (list.Folder.IsProgram) json.WriteString("programName", list.Folder.Name);
        json.WriteString("workspaceName", "Default");
        string created = list.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        json.WriteString("createdAt", created);
        json.WriteString("updatedAt", created);
        json.WriteEndObject();
    }
}
