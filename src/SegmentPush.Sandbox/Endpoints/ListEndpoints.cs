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
        yield return new Endpoint("POST", "/rest/v1/lists/{id}/leads.json", ["id"], call => EachAsync(call, Add));
        yield return new Endpoint("DELETE", "/rest/v1/lists/{id}/leads.json", ["id"], call => EachAsync(call, Remove));
        yield return new Endpoint("GET", "/rest/v1/lists/{id}/leads/ismember.json", ["id"], call => EachAsync(call, IsMember));
    }

    private Reply Lists(Call call)
    {
        var ids = call.ListParameter("id");
        var names = call.Parameter("name") is { } name ? (string[])[name] : [];
        int batchSize = LeadEndpoints.BatchSize(call), from = LeadEndpoints.PageStart(call);
        lock (store.Gate)
        {
            var lists = store.Lists
                .Where(list => ids.Count == 0 || ids.Contains(list.Id.ToString(CultureInfo.InvariantCulture)))
                .Where(list => names.Length == 0 || names.Contains(list.Name, StringComparer.OrdinalIgnoreCase))
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
            return Reply.Success(
                call,
                json =>
                {
                    foreach (int id in list.Page(from, batchSize))
                    {
                        if (store.Find(id) is { } person) LeadEndpoints.Write(json, person, fields);
                    }
                },
                from + batchSize < list.Count ? LeadEndpoints.PageToken(from + batchSize) : null);
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
        (list.Add(id) || !options.RevealExistingMembers ? "added" : "memberof", null, null);

    private static (string Status, string? Code, string? Message) Remove(People.StaticList list, int id) =>
        list.Remove(id) ? ("removed", null, null) : ("skipped", "1015", "Lead not in list");

    private static (string Status, string? Code, string? Message) IsMember(People.StaticList list, int id) =>
        (list.Contains(id) ? "memberof" : "notmemberof", null, null);

    private static List<int> IdsOf(Call call)
    {
        if (call.Body.Length == 0 || !call.HasJson)
            return [.. call.ListParameter("id").Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        using var document = call.Json();
        if (!document.RootElement.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Array)
            throw new Refusal("609", "Invalid JSON: input missing");
        return [.. input.EnumerateArray().Select(item => item.GetProperty("id").GetInt32())];
    }

    private People.StaticList Find(Call call) =>
        store.FindList(call.PathId) ?? throw new Refusal("1013", $"List '{call.PathId}' not found");

    private static void Write(Utf8JsonWriter json, People.StaticList list)
    {
        json.WriteStartObject();
        json.WriteNumber("id", list.Id);
        json.WriteString("name", list.Name);
        if (list.Description is not null) json.WriteString("description", list.Description);
        if (list.ProgramName is not null) json.WriteString("programName", list.ProgramName);
        json.WriteString("workspaceName", "Default");
        string created = list.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        json.WriteString("createdAt", created);
        json.WriteString("updatedAt", created);
        json.WriteEndObject();
    }
}
