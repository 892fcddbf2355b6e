using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SegmentPush.Sandbox.Endpoints;

namespace SegmentPush.Sandbox.Platform;

/// <summary>The catalog: datasets and batches; and of the batch ingestion what deletes a batch.</summary>
internal sealed class CatalogEndpoints(PlatformStore store, PlatformSandboxOptions options, Action<string> violation)
{
    private const string Root = "/data/foundation/catalog";
    private const string UnionSchema = "https://ns.adobe.com/xdm/context/profile__union";

    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("GET", Root + "/dataSets", ["name", "properties", "property", "limit", "start", "orderBy"], Datasets);
        yield return new Endpoint("POST", Root + "/dataSets", [], AddDataset);
        yield return new Endpoint("GET", Root + "/batches", ["dataSet", "status", "orderBy", "limit", "start", "properties", "createdAfter"], Batches);
        yield return new Endpoint("GET", Root + "/batches/{batchId}", ["aggregate"], GetBatch);
        yield return new Endpoint("DELETE", Root + "/batches/{batchId}", [], call => DeleteBatch(call, batch => new JsonArray("@/batches/" + batch.Id)));
        yield return new Endpoint("POST", "/data/foundation/import/batches/{batchId}", ["action"], RevertBatch);
    }

    private Reply Datasets(Call call)
    {
        int start = Number(call, "start", 0), limit = Number(call, "limit", 20);
        if (limit is < 1 or > 100) throw new PlatformRefusal(PlatformReply.Catalog(400, "BadRequestError", "limit is 1 to 100"));
        limit = Math.Min(limit, options.CatalogPageSize);
        lock (store.Gate)
        {
            var found = new JsonObject();
            foreach (var dataset in store.Datasets.Where(dataset => call.Parameter("name") is not { } name || dataset.Name.Contains(name, StringComparison.Ordinal)).Skip(start).Take(limit))
            {
                found[dataset.Id] = new JsonObject
                {
                    ["name"] = dataset.Name,
                    ["schemaRef"] = new JsonObject { ["id"] = dataset.SchemaId, ["contentType"] = "application/vnd.adobe.xed+json;version=1" },
                    ["created"] = dataset.Created,
                };
            }

            return PlatformReply.Json(found);
        }
    }

    private Reply AddDataset(Call call)
    {
        using var json = JsonDocument.Parse(call.Body);
        var body = json.RootElement;
        string name = body.GetProperty("name").GetString()!;
        string schema = body.GetProperty("schemaRef").GetProperty("id").GetString()!;
        if (schema != UnionSchema) violation("A dataset for exports that is not on the union schema");
        if (body.TryGetProperty("tags", out var tags) && tags.TryGetProperty("unifiedProfile", out _))
            throw new PlatformRefusal(PlatformReply.Catalog(400, "BadRequestError", "The union schema can't be enabled for Profile"));
        lock (store.Gate)
        {
            var dataset = new Dataset(Guid.NewGuid().ToString("N")[..24], name, schema, Now());
            store.Datasets.Add(dataset);
            return PlatformReply.Json(new JsonArray("@/dataSets/" + dataset.Id), 201);
        }
    }

    private Reply Batches(Call call)
    {
        int start = Number(call, "start", 0), limit = Number(call, "limit", 20);
        if (limit is < 1 or > 100) throw new PlatformRefusal(PlatformReply.Catalog(400, "BadRequestError", "limit is 1 to 100"));
        limit = Math.Min(limit, options.CatalogPageSize);
        lock (store.Gate)
        {
            var found = new JsonObject();
            foreach (var batch in store.Batches.Where(batch => call.Parameter("dataSet") is not { } id || batch.DatasetId == id).Reverse().Skip(start).Take(limit))
                found[batch.Id] = Write(batch);
            return PlatformReply.Json(found);
        }
    }

    private Reply GetBatch(Call call)
    {
        lock (store.Gate)
        {
            var batch = Find(call);
            return PlatformReply.Json(new JsonObject { [batch.Id] = Write(batch) });
        }
    }

    private Reply RevertBatch(Call call)
    {
        if (call.Parameter("action") != "REVERT") throw new PlatformRefusal(PlatformReply.Catalog(400, "BadRequestError", "action is REVERT"));
        return DeleteBatch(call, Write);
    }

    private Reply DeleteBatch(Call call, Func<Batch, JsonNode> answer)
    {
        if (!options.DeletesBatches) throw new PlatformRefusal(PlatformReply.Catalog(403, "ForbiddenError", "The user may not manage datasets"));
        lock (store.Gate)
        {
            var batch = Find(call);
            batch.IsDeleted = true;
            return PlatformReply.Json(answer(batch));
        }
    }

    private Batch Find(Call call) =>
        store.Batches.FirstOrDefault(batch => batch.Id == call.PathVariable)
        ?? throw new PlatformRefusal(PlatformReply.Catalog(404, "NotFoundError", "Batch not found"));

    private JsonObject Write(Batch batch) => new()
    {
        ["imsOrg"] = options.OrganizationId,
        ["created"] = batch.Created,
        ["status"] = StatusOf(batch),
        ["relatedObjects"] = new JsonArray(new JsonObject { ["type"] = "dataSet", ["id"] = batch.DatasetId }),
        ["recordCount"] = batch.Profiles,
        ["failedRecordCount"] = options.RecordsFailed,
        ["size"] = batch.Files.Sum(file => (long)file.Bytes.Length),
    };

    // As a batch goes into a dataset: all files are there at the end alone. One that was deleted is inactive until its files are taken away.
    private string StatusOf(Batch batch)
    {
        if (batch.IsDeleted) return "inactive";
        string[] statuses = ["loading", "loaded", "staging", "staged"];
        double share = options.BatchDelay > TimeSpan.Zero ? (Now() - batch.Created) / options.BatchDelay.TotalMilliseconds : 1;
        return share >= 1 ? "success" : statuses[Math.Max(0, (int)(share * statuses.Length))];
    }

    private static int Number(Call call, string name, int fallback) =>
        call.Parameter(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

    private long Now() => options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
}
