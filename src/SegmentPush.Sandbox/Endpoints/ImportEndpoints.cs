using System.Globalization;
using SegmentPush.Sandbox.Imports;
using SegmentPush.Sandbox.People;

namespace SegmentPush.Sandbox.Endpoints;

/// <summary>Bulk import of people.</summary>
internal sealed class ImportEndpoints(PersonStore store, ImportQueue queue)
{
    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("POST", "/bulk/v1/leads.json", ["format", "lookupField", "listId", "partitionName"], ImportAsync) { Permission = Permission.ReadWriteLead };
        yield return new Endpoint("GET", "/bulk/v1/leads/batch/{id}.json", [], Status);
        yield return new Endpoint("GET", "/bulk/v1/leads/batch/{id}/failures.json", [], call => Rejects(call, job => job.Failures, "Import Failure Reason"));
        yield return new Endpoint("GET", "/bulk/v1/leads/batch/{id}/warnings.json", [], call => Rejects(call, job => job.Warnings, "Import Warning Reason"));
    }

    private async ValueTask<Reply> ImportAsync(Call call)
    {
        int? list = call.Parameter("listId") is { } id ? int.Parse(id, CultureInfo.InvariantCulture) : null;
        int partition = LeadEndpoints.PartitionId(call.Parameter("partitionName"));
        lock (store.Gate)
        {
            if (list is { } given && store.FindList(given) is null) throw new Refusal("1013", $"List '{given}' not found");
        }

        var file = await ImportFile.ReadAsync(call).ConfigureAwait(false);
        return Write(call, queue.Add(call, file, list, partition));
    }

    private Reply Status(Call call)
    {
        lock (store.Gate) return Write(call, Find(call));
    }

    private Reply Rejects(Call call, Func<ImportJob, IReadOnlyList<(string[], string)>> rows, string reasonColumn)
    {
        lock (store.Gate)
        {
            var job = Find(call);
            return new Reply(200, "text/csv;charset=UTF-8", job.File.Write(rows(job), reasonColumn));
        }
    }

    private ImportJob Find(Call call) => queue.Find(call.PathId) ?? throw new Refusal("1003", $"Batch '{call.PathId}' not found");

    private static Reply Write(Call call, ImportJob job) => Reply.Success(call, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("batchId", job.Id);
        json.WriteString("importId", job.Id.ToString(CultureInfo.InvariantCulture));
        json.WriteString("status", job.Status);
        json.WriteNumber("numOfLeadsProcessed", job.Processed - job.Failures.Count);
        json.WriteNumber("numOfRowsFailed", job.Failures.Count);
        json.WriteNumber("numOfRowsWithWarning", job.Warnings.Count);
        json.WriteString("message", job.Message);
        json.WriteEndObject();
    });
}
