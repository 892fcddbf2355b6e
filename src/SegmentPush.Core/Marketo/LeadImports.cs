using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>Imports files of people: starts a job, tells how it stands, and fetches the rows that it refused.</summary>
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
            Sending = request.Sending,
            NotRun = request.NotRun,
            RunsFor = request.ChangesNobody ? null : TimeLimits.OfUploads,
        };
        return transport.CallAsync(call, answer => Read(call, answer), cancellation);
    }

    /// <summary>How a job stands.</summary>
    /// <exception cref="MarketoException">It can't be told, or Marketo does not know the job.</exception>
    public Task<ImportStatus> GetAsync(long batchId, CancellationToken cancellation)
    {
        var call = new MarketoCall(HttpMethod.Get, $"/bulk/v1/leads/batch/{batchId}.json");
        return transport.CallAsync(call, answer => Read(call, answer), cancellation);
    }

    /// <summary>How a job stands; null where Marketo does not know it, or knows it no more: a job is kept for seven days.</summary>
    /// <exception cref="MarketoException">It can't be told.</exception>
    public async Task<ImportStatus?> FindAsync(long batchId, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(batchId, cancellation).ConfigureAwait(false);
        }
        catch (MarketoException e) when (IsUnknown(e))
        {
            return null;
        }
    }

    /// <summary>The rows that a job refused.</summary>
    /// <param name="batchId">The job.</param>
    /// <param name="uploaded">The header of the upload, with the field that finds people first.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>No rows where Marketo has no file.</returns>
    public Task<IReadOnlyList<ImportReject>> GetFailuresAsync(long batchId, IReadOnlyList<string> uploaded, CancellationToken cancellation) =>
        GetRejectsAsync(batchId, "failures", uploaded, cancellation);

    /// <summary>The rows that a job took with a warning.</summary>
    /// <inheritdoc cref="GetFailuresAsync"/>
    public Task<IReadOnlyList<ImportReject>> GetWarningsAsync(long batchId, IReadOnlyList<string> uploaded, CancellationToken cancellation) =>
        GetRejectsAsync(batchId, "warnings", uploaded, cancellation);

    private async Task<IReadOnlyList<ImportReject>> GetRejectsAsync(
        long batchId, string what, IReadOnlyList<string> uploaded, CancellationToken cancellation)
    {
        var call = new MarketoCall(HttpMethod.Get, $"/bulk/v1/leads/batch/{batchId}/{what}.json") { AnswersFile = true };
        try
        {
            byte[] file = await transport.CallAsync(call, answer => answer.Result.ToArray(), cancellation).ConfigureAwait(false);
            return file.Length == 0 ? [] : ImportRejectFile.Read(file, uploaded);
        }
        catch (MarketoException e) when (IsUnknown(e) || e.ErrorId == "AnswerEmpty")
        {
            return [];
        }
    }

    // The call has nothing but the job's number that could be wrong. All other refusals say nothing of the job.
    private static bool IsUnknown(MarketoException e) => e.Code is "610" or "702" or "1003" or "1013" || e is { Code: null, HttpStatus: 404 };

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
}
