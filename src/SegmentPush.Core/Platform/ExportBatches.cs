using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>Where a batch stands.</summary>
internal enum BatchState
{
    /// <summary>Its files are not all there.</summary>
    UnderWay,

    /// <summary>Its files are there.</summary>
    Complete,

    /// <summary>It has failed, or was deleted.</summary>
    Failed,
}

/// <summary>A batch of a dataset: what one export wrote.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Status">The same in Adobe's word.</param>
internal sealed record ExportBatch(string Id, BatchState State, string Status)
{
    /// <summary>When it was made; null where the platform does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Number of profiles in it; null where the platform does not say.</summary>
    public long? Records { get; init; }

    /// <summary>Number of profiles that Adobe could not write into it.</summary>
    public long FailedRecords { get; init; }

    /// <summary>Its size in bytes; null where the platform does not say.</summary>
    public long? Bytes { get; init; }

    /// <summary>How many profiles there must be, with those that Adobe could not write: they are in the audience, too.</summary>
    /// <param name="written">How many the job has written; null where the platform does not say.</param>
    /// <returns>The number; null where the platform does not say.</returns>
    public long? CountWith(long? written) =>
        FailedRecords == 0 ? written ?? Records : Math.Max(written ?? 0, (Records ?? written ?? 0) + FailedRecords);
}

/// <summary>The batches of datasets in the platform's catalog.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class ExportBatches(PlatformTransport transport)
{
    private const string Path = "/data/foundation/catalog/batches";
    private const string IngestionPath = "/data/foundation/import/batches";
    private const string Deleting = "Manage Datasets";
    private const int PageSize = 100;

    /// <summary>How a batch stands; null where the catalog does not know it (yet).</summary>
    public async Task<ExportBatch?> FindAsync(string id, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Get, PathOf(id)) { Permission = "View Datasets" };
        try
        {
            return await transport.CallAsync(call, answer => Single(id, answer.Json), cancellation).ConfigureAwait(false);
        }
        catch (PlatformException missing) when (missing.HttpStatus == 404 && missing.ErrorId == "PlatformNotFound")
        {
            return null;
        }
    }

    /// <summary>The batches of a dataset, those that were deleted left out.</summary>
    public async IAsyncEnumerable<ExportBatch> GetAsync(string datasetId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int start = 0; ;)
        {
            var call = new PlatformCall(HttpMethod.Get, Path)
            {
                Query = new Query().Add("dataSet", datasetId).Add("orderBy", "desc:created").Add("limit", PageSize).Add("start", start).ToString(),
                Permission = "View Datasets",
            };
            var page = await transport
                .CallAsync(call, answer => answer.Json.Members().Select(member => Parse(member.Name, member.Value)).ToArray(), cancellation)
                .ConfigureAwait(false);
            bool isNew = false;
            foreach (var batch in page)
            {
                if (!seen.Add(batch.Id)) continue;
                isNew = true;
                if (!IsGone(batch)) yield return batch;
            }

            // A page may be shorter than was asked for, also where more come.
            if (!isNew) yield break;
            start += page.Length;
        }
    }

    /// <summary>
    /// Deletes a batch with its files. Adobe takes the files away some time later. Where the batch ingestion refuses it, the catalog is asked, which Adobe
    /// has deprecated for this.
    /// </summary>
    /// <returns>False where the platform does not know it.</returns>
    /// <exception cref="PlatformException">It can't be deleted.</exception>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellation)
    {
        var revert = new PlatformCall(HttpMethod.Post, $"{IngestionPath}/{Uri.EscapeDataString(id)}")
        {
            Query = new Query().Add("action", "REVERT").ToString(),
            Body = [],
            Permission = Deleting,
            MayAnswerNothing = true,
        };
        try
        {
            return await transport.CallAsync(revert, _ => true, cancellation).ConfigureAwait(false);
        }
        catch (PlatformException refused) when (refused.Class == PlatformErrorClass.Refuse && refused.HttpStatus is >= 400 and < 500)
        {
            return await DeleteInCatalogAsync(id, refused, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<bool> DeleteInCatalogAsync(string id, PlatformException refused, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Delete, PathOf(id)) { Permission = Deleting };
        try
        {
            return await transport.CallAsync(call, _ => true, cancellation).ConfigureAwait(false);
        }
        catch (PlatformException missing) when (missing.HttpStatus == 404 && missing.ErrorId == "PlatformNotFound")
        {
            return false;
        }
        catch (PlatformException second) when (second.Class == PlatformErrorClass.Refuse && refused.HttpStatus != 404)
        {
            // What Adobe has deprecated may be refused for that alone.
            throw refused;
        }
    }

    // A batch that was deleted is inactive until Adobe has taken its files away.
    private static bool IsGone(ExportBatch batch) =>
        batch.Status.Equals("deleted", StringComparison.OrdinalIgnoreCase) || batch.Status.Equals("inactive", StringComparison.OrdinalIgnoreCase);

    private static string PathOf(string id) => $"{Path}/{Uri.EscapeDataString(id)}";

    // The answer is an object by the batch's id; some pages show the batch itself.
    private static ExportBatch? Single(string id, JsonElement json)
    {
        var batch = json.Part(id);
        if (batch.ValueKind == JsonValueKind.Object) return Parse(id, batch);
        return json.Part("status").Text() is null ? null : Parse(id, json);
    }

    private static ExportBatch Parse(string id, JsonElement json)
    {
        string status = json.Part("status").Text() ?? string.Empty;
        var metrics = json.Part("metrics");
        return new ExportBatch(id, StateOf(status), SafeText.Of(status))
        {
            Created = json.Part("created").Moment(),
            Records = json.Part("recordCount").Number() ?? metrics.Part("recordsWritten").Number() ?? metrics.Part("outputRecordCount").Number() ?? metrics.Part("recordCount").Number(),
            FailedRecords = Math.Max(0, json.Part("failedRecordCount").Number() ?? 0),
            Bytes = json.Part("size").Number() ?? metrics.Part("outputByteSize").Number() ?? metrics.Part("size").Number(),
        };
    }

    private static BatchState StateOf(string status) => status.ToUpperInvariant() switch
    {
        "SUCCESS" or "ACTIVE" => BatchState.Complete,
        "FAILURE" or "FAILED" or "ABORTED" or "ABANDONED" or "INACTIVE" or "DELETED" => BatchState.Failed,
        _ => BatchState.UnderWay,
    };
}
