using System.Text.Json;
using System.Text.Json.Nodes;
using SegmentPush.Sandbox.Endpoints;

namespace SegmentPush.Sandbox.Platform;

/// <summary>The policy service: checks labels against policies.</summary>
internal sealed class PolicyEndpoints(PlatformStore store)
{
    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("POST", "/data/foundation/dulepolicy/bulk-eval", [], Evaluate);
    }

    private Reply Evaluate(Call call)
    {
        using var json = JsonDocument.Parse(call.Body);
        if (json.RootElement.ValueKind != JsonValueKind.Array) throw Refuse("The body is not a list");
        var results = new JsonArray();
        foreach (var item in json.RootElement.EnumerateArray())
        {
            bool hasLabels = item.TryGetProperty("labels", out var labels), hasEntities = item.TryGetProperty("entityList", out var entities);
            if (hasLabels == hasEntities) throw Refuse("A job has either labels or entityList");
            if (!item.TryGetProperty("evalRef", out var reference) || reference.GetString()!.Contains("/marketingActions/core/emailTargeting/constraints", StringComparison.Ordinal) is false)
                throw Refuse("evalRef names no marketing action");
            lock (store.Gate)
            {
                string[] found = hasLabels ? [.. labels.EnumerateArray().Select(label => label.GetString()!)] : [.. entities.EnumerateArray().SelectMany(LabelsOf).Distinct()];
                results.Add(new JsonObject
                {
                    ["status"] = 200,
                    ["body"] = new JsonObject
                    {
                        ["duleLabels"] = new JsonArray([.. found.Select(label => JsonValue.Create(label))]),
                        ["discoveredLabels"] = hasLabels ? new JsonArray() : new JsonArray([.. entities.EnumerateArray().Select(Discovered)]),
                        ["violatedPolicies"] = new JsonArray([.. store.Policies
                            .Where(policy => policy.Labels.All(found.Contains))
                            .Select(policy => new JsonObject { ["name"] = policy.Name, ["status"] = "ENABLED" })]),
                    },
                });
            }
        }

        return PlatformReply.Json(results);
    }

    // The labels of the fields that are named.
    private IEnumerable<string> LabelsOf(JsonElement entity)
    {
        if (entity.GetProperty("entityType").GetString() != "dataSet") throw Refuse("entityType is not dataSet");
        string id = entity.GetProperty("entityId").GetString()!;
        if (store.Datasets.All(dataset => dataset.Id != id)) throw Refuse("entityId is no dataset");
        string[] fields = [.. entity.GetProperty("entityMeta").GetProperty("fields").EnumerateArray().Select(field => field.GetString()!)];
        return store.FieldLabels.Where(label => fields.Contains(label.Key)).Select(label => label.Value);
    }

    private JsonObject Discovered(JsonElement entity)
    {
        string[] fields = [.. entity.GetProperty("entityMeta").GetProperty("fields").EnumerateArray().Select(field => field.GetString()!)];
        return new JsonObject
        {
            ["entityType"] = "dataset",
            ["entityId"] = entity.GetProperty("entityId").GetString(),
            ["dataSetLabels"] = new JsonObject
            {
                ["connection"] = new JsonObject { ["labels"] = new JsonArray() },
                ["dataset"] = new JsonObject { ["labels"] = new JsonArray() },
                ["fields"] = new JsonArray([.. store.FieldLabels.Where(label => fields.Contains(label.Key)).Select(label => new JsonObject
                {
                    ["path"] = "/" + label.Key.Replace('.', '/'),
                    ["labels"] = new JsonArray(label.Value),
                })]),
            },
        };
    }

    private static PlatformRefusal Refuse(string why) => new(PlatformReply.Catalog(400, "BadRequestError", why));
}
