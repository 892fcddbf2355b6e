using System.Globalization;
using System.Text;
using System.Text.Json;
using Sylvan.Data.Csv;

namespace SegmentPush.Marketo;

/// <summary>Imports files of people: starts a job, tells how it stands, and fetches whom it refused.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class LeadImports(MarketoTransport transport)
{
    /// <summary>Largest file; Marketo takes less than 10 MB with everything around it.</summary>
    public const int MaxFileBytes = 9_900_000;

    private const string Path = "/bulk/v1/leads.json";

    /// <summary>Uploads a file.</summary>
    /// <exception cref="AnswerLostException">It may have been taken, or not.</exception>
    /// <exception cref="MarketoException">It was not taken; of class <see cref="MarketoErrorClass.QueueFull"/> where that passes.</exception>
    public Task<ImportStatus> StartAsync(ImportRequest request, CancellationToken cancellation)
    {
        var query = new StringBuilder("format=csv&lookupField=").Append(Uri.EscapeDataString(request.LookupField))
            .Append(CultureInfo.InvariantCulture, $"&listId={request.ListId}");
        if (request.PartitionName is { } partition) query.Append("&partitionName=").Append(Uri.EscapeDataString(partition));
        var call = new MarketoCall(HttpMethod.Post, Path)
        {
            Query = query.ToString(),
            ContentType = "text/csv",
            FormFile = new FormFile("file", "segment.csv"),
            Body = request.File,
            Records = request.Records,
            Repeatable = false,
        };
        return transport.CallAsync(call, answer => Read(call, answer), cancellation);
    }

    /// <summary>How a job stands.</summary>
    public Task<ImportStatus> GetAsync(long batchId, CancellationToken cancellation)
    {
        var call = new MarketoCall(HttpMethod.Get, $"/bulk/v1/leads/batch/{batchId}.json");
        return transport.CallAsync(call, answer => Read(call, answer), cancellation);
    }

    /// <summary>Those whom a job refused.</summary>
    public Task<IReadOnlyList<ImportReject>> GetFailuresAsync(long batchId, CancellationToken cancellation) =>
        GetRejectsAsync(batchId, "failures", cancellation);

    /// <summary>Those whom a job took with a remark.</summary>
    public Task<IReadOnlyList<ImportReject>> GetWarningsAsync(long batchId, CancellationToken cancellation) =>
        GetRejectsAsync(batchId, "warnings", cancellation);

    private Task<IReadOnlyList<ImportReject>> GetRejectsAsync(long batchId, string what, CancellationToken cancellation)
    {
        var call = new MarketoCall(HttpMethod.Get, $"/bulk/v1/leads/batch/{batchId}/{what}.json") { AnswersFile = true };
        return transport.CallAsync(call, ReadRejects, cancellation);
    }

    private static ImportStatus Read(MarketoCall call, Answer answer)
    {
        var results = answer.Result.IsEmpty ? [] : JsonSerializer.Deserialize(answer.Result.Span, MarketoJson.Default.ImportAnswerArray) ?? [];
        return results is [{ BatchId: > 0 and var id } result, ..]
            ? new ImportStatus(
                id,
                result.Status switch
                {
                    "Complete" => ImportState.Complete,
                    "Failed" => ImportState.Failed,
                    _ => ImportState.UnderWay,
                },
                result.NumOfLeadsProcessed ?? 0,
                result.NumOfRowsFailed ?? 0,
                result.NumOfRowsWithWarning ?? 0,
                SafeText.Of(result.Message))
            : throw RecordReader.Incomplete(call, answer, "names no import");
    }

    // The upload's own columns, of which the first finds the person, and the reason last.
    private static IReadOnlyList<ImportReject> ReadRejects(Answer answer)
    {
        var rejects = new List<ImportReject>();
        if (answer.Result.IsEmpty) return rejects;
        using var csv = CsvDataReader.Create(
            new StringReader(Encoding.UTF8.GetString(answer.Result.Span).TrimStart('\uFEFF')),
            new CsvDataReaderOptions { HasHeaders = false, Delimiter = ',', Comment = '\uFFFE', CsvStyle = CsvStyle.Lax, MaxBufferSize = 64 * 1024 * 1024 });
        csv.Read();
        while (csv.Read())
        {
            int last = csv.RowFieldCount - 1;
            if (last > 0) rejects.Add(new ImportReject([.. Enumerable.Range(0, last).Select(csv.GetString)], SafeText.Of(csv.GetString(last))));
        }

        return rejects;
    }
}
