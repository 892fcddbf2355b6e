using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using SegmentPush.Sandbox.Endpoints;

namespace SegmentPush.Sandbox.Platform;

/// <summary>Data Access: the files of batches. The links of its answers lead to Adobe's host, where no client may follow them.</summary>
internal sealed class DataAccessEndpoints(PlatformStore store, PlatformSandboxOptions options)
{
    private const string Root = "/data/foundation/export";
    private const string Adobe = "https://platform.adobe.io:443" + Root;

    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("GET", Root + "/batches/{batchId}/files", ["start", "limit"], ListFiles);
        yield return new Endpoint("GET", Root + "/files/{fileId}", ["path", "start", "limit"], GetFile);
    }

    private Reply ListFiles(Call call)
    {
        lock (store.Gate)
        {
            var batch = store.Batches.FirstOrDefault(batch => batch.Id == call.PathVariable && !batch.IsDeleted) ?? throw NotFound();
            var folder = new JsonObject
            {
                ["dataSetFileId"] = batch.FolderId,
                ["dataSetViewId"] = "5ba9452f7de80408007fc52b",
                ["version"] = "1.0.0",
                ["created"] = batch.Created.ToString(CultureInfo.InvariantCulture),
                ["updated"] = batch.Created.ToString(CultureInfo.InvariantCulture),
                ["isValid"] = false,
                ["_links"] = new JsonObject { ["self"] = new JsonObject { ["href"] = $"{Adobe}/files/{batch.FolderId}" } },
            };
            return Page(call, batch.Files.Count == 0 ? [] : [folder], $"{Adobe}/batches/{batch.Id}/files");
        }
    }

    private Reply GetFile(Call call)
    {
        lock (store.Gate)
        {
            var batch = store.Batches.FirstOrDefault(batch => batch.FolderId == call.PathVariable && !batch.IsDeleted) ?? throw NotFound();
            if (call.Parameter("path") is { } path) return Content(call, store.Damaged((batch.Files.FirstOrDefault(file => file.Name == path) ?? throw NotFound()).Bytes));
            JsonNode[] entries =
            [
                Entry(batch, "_SUCCESS", 0),
                .. FilesOf(batch).Select(file => Entry(batch, file.Name, file.Bytes.Length)),
            ];
            return Page(call, entries, $"{Adobe}/files/{batch.FolderId}");
        }
    }

    // Before a batch is complete, its last files are not there.
    private IEnumerable<BatchFile> FilesOf(Batch batch) =>
        options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() - batch.Created < options.BatchDelay.TotalMilliseconds ? batch.Files.Take(batch.Files.Count / 2) : batch.Files;

    private Reply Page(Call call, JsonNode[] entries, string address)
    {
        int start = int.Parse(call.Parameter("start") ?? "0", CultureInfo.InvariantCulture);
        int limit = Math.Min(int.Parse(call.Parameter("limit") ?? "100", CultureInfo.InvariantCulture), options.FilesPerPage);
        JsonNode[] page = [.. entries.Skip(start).Take(limit)];
        var links = new JsonObject();
        if (start + limit < entries.Length) links["next"] = new JsonObject { ["href"] = $"{address}?start={start + limit}&limit={limit}" };
        return PlatformReply.Json(new JsonObject
        {
            ["data"] = new JsonArray(page),
            ["_page"] = new JsonObject { ["limit"] = limit, ["count"] = page.Length },
            ["_links"] = links,
        });
    }

    private Reply Content(Call call, ReadOnlyMemory<byte> bytes)
    {
        var headers = new Dictionary<string, string> { ["Accept-Ranges"] = "bytes" };
        if (!options.SendsRanges || !RangeHeaderValue.TryParse(call.Range, out var range) || range.Ranges.Count != 1)
            return new Reply(200, "application/octet-stream", bytes) { Headers = headers };
        var asked = range.Ranges.First();
        long start = asked.From ?? 0, end = Math.Min((asked.To ?? bytes.Length - 1) + 1, bytes.Length);
        if (options.LargestRange is { } most) end = Math.Min(end, start + most);
        if (start >= end) return new Reply(416, "", ReadOnlyMemory<byte>.Empty, "416") { Headers = headers };
        headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {start}-{end - 1}/{bytes.Length}");
        return new Reply(206, "application/octet-stream", bytes[(int)start..(int)end]) { Headers = headers };
    }

    private static JsonObject Entry(Batch batch, string name, int length) => new()
    {
        ["name"] = name,
        ["length"] = length.ToString(CultureInfo.InvariantCulture),
        ["_links"] = new JsonObject { ["self"] = new JsonObject { ["href"] = $"{Adobe}/files/{batch.FolderId}?path={name}" } },
    };

    private static PlatformRefusal NotFound() => new(new Reply(404, "", ReadOnlyMemory<byte>.Empty, "404"));
}
