using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using SegmentPush.Sandbox.Exports;
using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox.Endpoints;

/// <summary>Bulk extract of people.</summary>
internal sealed class ExportEndpoints(PersonStore store, ExportQueue queue, SandboxOptions options, Action<string> violation)
{
    private static readonly TimeSpan s_listed = TimeSpan.FromDays(7);
    private static readonly string[] s_statuses = ["created", "queued", "processing", "cancelled", "completed", "failed"];

    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("GET", "/bulk/v1/leads/export.json", ["status", "batchSize", "nextPageToken"], Jobs);
        yield return new Endpoint("POST", "/bulk/v1/leads/export/create.json", [], Create);
        yield return new Endpoint("POST", "/bulk/v1/leads/export/{exportId}/enqueue.json", [], call => Change(call, queue.Enqueue));
        yield return new Endpoint("POST", "/bulk/v1/leads/export/{exportId}/cancel.json", [], call => Change(call, queue.Cancel));
        yield return new Endpoint("GET", "/bulk/v1/leads/export/{exportId}/status.json", [], call => Change(call, _ => { }));
        yield return new Endpoint("GET", "/bulk/v1/leads/export/{exportId}/file.json", [], File);
    }

    private Reply Jobs(Call call)
    {
        var statuses = call.ListParameter("status");
        if (statuses.FirstOrDefault(status => !s_statuses.Contains(status, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new Refusal("1003", $"Invalid status '{unknown}'");
        int batchSize = LeadEndpoints.BatchSize(call), from = LeadEndpoints.PageStart(call);
        lock (store.Gate)
        {
            var now = options.TimeProvider.GetUtcNow();
            var jobs = queue.Jobs
                .Where(job => now - job.CreatedAt <= s_listed)
                .Where(job => statuses.Count == 0 || statuses.Contains(StatusOf(job), StringComparer.OrdinalIgnoreCase))
                .ToArray();
            return Reply.Success(
                call,
                json =>
                {
                    foreach (var job in jobs.Skip(from).Take(batchSize)) Write(json, job);
                },
                from + batchSize < jobs.Length ? LeadEndpoints.PageToken(from + batchSize) : null);
        }
    }

    private Reply Create(Call call)
    {
        var job = queue.Add(ExportRequest.Of(call, store, violation));
        return Write(call, job);
    }

    private Reply Change(Call call, Action<ExportJob> change)
    {
        var job = Find(call);
        lock (store.Gate)
        {
            change(job);
            return Write(call, job);
        }
    }

    private Reply File(Call call)
    {
        var job = Find(call);
        lock (store.Gate)
        {
            if (StatusOf(job) != "Completed") throw new Refusal("1003", $"Export job '{job.Id}' is not in status Completed");
        }

        var bytes = job.File!.Bytes;
        var headers = new Dictionary<string, string> { ["Accept-Ranges"] = "bytes" };
        if (!RangeHeaderValue.TryParse(call.Range, out var range) || range.Unit != "bytes" || range.Ranges.Count != 1)
            return new Reply(200, "text/csv;charset=UTF-8", bytes) { Headers = headers };

        var asked = range.Ranges.First();
        long start = asked.From ?? Math.Max(0, bytes.Length - asked.To!.Value);
        long end = Math.Min(asked.From is null ? bytes.Length : asked.To + 1 ?? bytes.Length, bytes.Length);
        if (start >= end)
        {
            headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes */{bytes.Length}");
            return new Reply(416, "", ReadOnlyMemory<byte>.Empty, "416") { Headers = headers };
        }

        headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {start}-{end - 1}/{bytes.Length}");
        return new Reply(206, "text/csv;charset=UTF-8", bytes[(int)start..(int)end]) { Headers = headers };
    }

    private ExportJob Find(Call call)
    {
        lock (store.Gate)
        {
            return queue.Jobs.FirstOrDefault(job => job.Id == call.PathVariable)
                ?? throw new Refusal("1013", $"Export job '{call.PathVariable}' not found");
        }
    }

    private string StatusOf(ExportJob job) => job.StatusAt(options.TimeProvider.GetUtcNow(), options.ExportStatusInterval);

    private Reply Write(Call call, ExportJob job) => Reply.Success(call, json => Write(json, job));

    private void Write(Utf8JsonWriter json, ExportJob job)
    {
        string status = StatusOf(job);
        json.WriteStartObject();
        json.WriteString("exportId", job.Id);
        json.WriteString("format", job.Request.Format);
        json.WriteString("status", status);
        WriteTime("createdAt", job.CreatedAt);
        if (job.QueuedAt is { } queued) WriteTime("queuedAt", queued);
        if (status is not "Queued" && job.StartedAt is { } started) WriteTime("startedAt", started);
        if (status is "Completed" or "Failed") WriteTime("finishedAt", job.FinishedAt!.Value);
        if (status is "Failed") json.WriteString("errorMsg", job.Error);
        if (status is "Completed")
        {
            json.WriteNumber("numberOfRecords", job.File!.Records);
            json.WriteNumber("fileSize", job.File.Bytes.Length);
            json.WriteString("fileChecksum", job.File.Checksum);
        }

        json.WriteEndObject();

        void WriteTime(string name, DateTimeOffset time) =>
            json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }
}
