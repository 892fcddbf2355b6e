using System.Globalization;
using System.Text.Json.Nodes;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Marketo;

/// <summary>A call that has arrived: what it is, and what it does once it is executed.</summary>
/// <param name="Kind">What is called.</param>
/// <param name="Records">People that it names.</param>
/// <param name="Execute">Executes it; what was there when the call arrived is known to it.</param>
internal sealed record ArrivedCall(CallKind Kind, int Records, Func<Reply> Execute)
{
    /// <summary>Whether it is an import that can change nobody, because its rows name an id that no person has.</summary>
    public bool IsProbe { get; init; }
}

/// <summary>The endpoints of the instance.</summary>
internal sealed class Endpoints(Instance marketo)
{
    private const int PageSize = 300;
    private const string Lists = "/rest/v1/lists/";
    private const string Batch = "/bulk/v1/leads/batch/";

    private readonly LeadEndpoints _leads = new(marketo);

    /// <summary>Takes a call in.</summary>
    public ArrivedCall Arrive(Request request) => (request.Method, request.Path) switch
    {
        (_, "/identity/oauth/token") => new(CallKind.Token, 0, Token),
        ("GET", "/rest/v1/stats/usage.json") => new(CallKind.Usage, 0, Usage),
        ("GET", "/rest/v1/leads/describe2.json") => new(CallKind.Describe, 0, Describe),
        ("GET", "/rest/v1/leads/partitions.json") => new(CallKind.Partitions, 0, () => Reply.Of([new JsonObject { ["id"] = 1, ["name"] = "Default" }])),
        ("POST", "/rest/v1/leads.json") when request["_method"] == "GET" => _leads.Lookup(request),
        ("GET", "/rest/v1/leads.json") => _leads.Lookup(request),
        ("POST", "/rest/v1/leads.json") => _leads.Sync(request),
        ("POST", "/bulk/v1/leads.json") => marketo.Imports.Start(request),
        (_, var path) when path.StartsWith("/bulk/v1/leads/export/", StringComparison.Ordinal) => marketo.Exports.Arrive(request),
        (_, var path) when path.StartsWith(Batch, StringComparison.Ordinal) => ImportCall(request),
        (_, var path) when path.StartsWith(Lists, StringComparison.Ordinal) => ListCall(request),
        _ => new(CallKind.Other, 0, () => Reply.Refuse("610", "Requested resource not found")),
    };

    private static Reply Token() => Reply.Of(new JsonObject
    {
        ["access_token"] = "cdf01657-110d-4155-99a7-f986b2ff13a0:int",
        ["token_type"] = "bearer",
        ["expires_in"] = 3599,
        ["scope"] = "api@simulated.example",
    });

    private Reply Usage() => Reply.Of([new JsonObject
    {
        ["date"] = marketo.Time.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["total"] = marketo.Calls.Count(call => call.Kind != CallKind.Token && call.At > marketo.Time.Now.AddHours(-12)),
        ["users"] = new JsonArray(),
    }]);

    private static Reply Describe() => Reply.Of([new JsonObject
    {
        ["name"] = "API Lead",
        ["searchableFields"] = new JsonArray([.. Field.All.Where(field => field.IsSearchable).Select(field => new JsonArray(field.Name))]),
        ["fields"] = new JsonArray([.. Field.All.Select(field => new JsonObject
        {
            ["name"] = field.Name,
            ["displayName"] = field.Name,
            ["dataType"] = field.DataType,
            ["length"] = field.Length,
            ["updateable"] = field.IsUpdateable,
            ["crmManaged"] = false,
        })]),
    }]);

    private ArrivedCall ImportCall(Request request)
    {
        if (request.NumberIn(Batch, "/failures.json") is { } failed) return new(CallKind.ImportFailures, 0, () => marketo.Imports.GetFailures(failed));
        if (request.NumberIn(Batch, "/warnings.json") is { } warned) return new(CallKind.ImportWarnings, 0, () => marketo.Imports.GetWarnings(warned));
        return new(CallKind.ImportStatus, 0, () => request.NumberIn(Batch, ".json") is { } id ? marketo.Imports.GetStatus(id) : Unknown());
    }

    private ArrivedCall ListCall(Request request)
    {
        if (request.NumberIn(Lists, "/leads/ismember.json") is { } asked) return new(CallKind.IsMember, request.List("id").Count, () => AreMembers(asked, request));
        if (request.NumberIn(Lists, "/leads.json") is { } list)
        {
            if (request.Method == "GET") return new(CallKind.ReadList, 0, () => ReadList(list, request));
            long[] ids = IdsOf(request);
            return request.Method == "DELETE"
                ? new(CallKind.Remove, ids.Length, () => Remove(list, ids))
                : new(CallKind.Add, ids.Length, () => Add(list, ids));
        }

        return new(CallKind.ListInfo, 0, () => request.NumberIn(Lists, ".json") is { } id ? ListInfo(id) : Unknown());
    }

    private Reply ListInfo(long id) => !marketo.Lists.ContainsKey(id) ? NoList(id) : Reply.Of([new JsonObject
    {
        ["id"] = id,
        ["name"] = "List " + MarketoText.Of(id),
        ["createdAt"] = "2026-01-01T00:00:00Z",
        ["updatedAt"] = "2026-01-01T00:00:00Z",
        ["workspaceName"] = "Default",
    }]);

    private Reply ReadList(long listId, Request request)
    {
        if (!marketo.Lists.TryGetValue(listId, out var list)) return NoList(listId);
        int size = request["batchSize"] is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : PageSize;
        long after = request["nextPageToken"] is { } token ? long.Parse(token.Split('-')[1], CultureInfo.InvariantCulture) : 0;
        long[] page = [.. list.GetViewBetween(after + 1, long.MaxValue).Take(size)];
        bool hasMore = page.Length == size && list.Max > page[^1];
        var fields = request.List("fields");
        return Reply.Of(page.Select(id => LeadEndpoints.Show(marketo.People[id], fields)), hasMore ? "PAGE-" + MarketoText.Of(page[^1]) : null);
    }

    private Reply AreMembers(long listId, Request request) => !marketo.Lists.TryGetValue(listId, out var list)
        ? NoList(listId)
        : Reply.Of(request.List("id").Select(long.Parse).Select(id => marketo.People.ContainsKey(id)
            ? Answer(id, list.Contains(id) ? "memberof" : "notmemberof")
            : LeadEndpoints.Skip(id, "1004", "Lead not found")));

    private Reply Add(long listId, long[] ids) => !marketo.Lists.ContainsKey(listId) ? NoList(listId) : Reply.Of([.. ids.Select(id =>
    {
        if (!marketo.People.ContainsKey(id)) return LeadEndpoints.Skip(id, "1004", "Lead not found");
        bool isNew = marketo.AddToList(Actor.Product, listId, id);
        return Answer(id, isNew || marketo.Habits.SaysAddedToMembers ? "added" : "memberof");
    })]);

    private Reply Remove(long listId, long[] ids) => !marketo.Lists.ContainsKey(listId) ? NoList(listId) : Reply.Of([.. ids.Select(id =>
    {
        if (!marketo.People.TryGetValue(id, out var person)) return LeadEndpoints.Skip(id, "1004", "Lead not found");
        if (marketo.IsRemovalRefused(person)) return LeadEndpoints.Skip(id, "1027", "The person is locked");
        return marketo.RemoveFromList(Actor.Product, listId, id)
            ? Answer(id, "removed")
            : LeadEndpoints.Skip(id, "1015", "Lead not in list");
    })]);

    private static JsonObject Answer(long id, string status) => new() { ["id"] = id, ["status"] = status };

    private static long[] IdsOf(Request request) => request.Body.Length == 0
        ? [.. request.List("id").Select(long.Parse)]
        : [.. JsonNode.Parse(request.Body)!["input"]!.AsArray().Select(person => person!["id"]!.GetValue<long>())];

    private static Reply NoList(long id) => Reply.Refuse("1013", $"List {id} not found");

    private static Reply Unknown() => Reply.Refuse("610", "Requested resource not found");
}
