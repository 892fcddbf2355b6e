using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>Makes export jobs and tells how they stand. A job is made once, also where the answer to the call is lost.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class ExportJobs(PlatformTransport transport)
{
    private const string Path = "/data/core/ups/export/jobs";
    private const string Permission = "Export Audience for Segment";
    private const int PageSize = 100;

    private static readonly PlatformErrorRule s_refused = new(
        "ExportRefused", PlatformErrorClass.Refuse, "PlatformExportRefused",
        "Compare the paths of the mapping, or those of -Field, with the union schema (Profiles > Union schema); look at the audience's merge policy, too.");

    // The platform's own clock is known to a second, and a job is listed a moment after it was made.
    private static readonly TimeSpan s_clockTolerance = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestJob = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_proofOfFields = TimeSpan.FromDays(30);
    private static readonly TimeSpan[] s_looks = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)];

    /// <summary>The moment by the platform's own clock, before which no job of a request that is made now can begin.</summary>
    public DateTimeOffset ServerNow => transport.ServerNow;

    /// <summary>The moment by the platform's own clock since which a job that is asked for now can have been made.</summary>
    public DateTimeOffset Since => transport.ServerNow - s_clockTolerance;

    /// <summary>Makes a job.</summary>
    /// <param name="request">What it writes.</param>
    /// <param name="others">Jobs of others: where the answer is lost, none of them is taken for the one that was made.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PlatformException">It can't be made.</exception>
    public async Task<ExportJob> CreateAsync(ExportRequest request, IReadOnlySet<string> others, CancellationToken cancellation)
    {
        var asked = request;
        var fewer = new Queue<ExportRequest>(request.WithFewerFields());
        PlatformException? refused = null;
        var since = transport.ServerNow - s_clockTolerance;
        for (int lostAnswers = 0; ;)
        {
            var call = new PlatformCall(HttpMethod.Post, Path) { Body = Write(asked), Permission = Permission, Repeatable = false };
            try
            {
                return await transport.CallAsync(call, answer => Parse(call, answer.Json), cancellation).ConfigureAwait(false);
            }
            catch (PlatformException lost) when (lost.Class == PlatformErrorClass.AnswerLost)
            {
                if (await LookAsync([asked], new ExportStart(request.DatasetId, since) { Others = others }, cancellation).ConfigureAwait(false) is { } found) return found;
                if (++lostAnswers > s_looks.Length) throw;
            }
            catch (PlatformException refusal) when (refusal.HttpStatus == 400)
            {
                // The union schema may not have some consents. Where it is not that, the first refusal says what it is.
                refused ??= refusal;
                if (!fewer.TryDequeue(out asked!)) throw new PlatformException(s_refused, call, refused.Text, refused.Facts);
                if (await FindUnderWayAsync(asked, cancellation).ConfigureAwait(false) is { } shared) return shared;
            }
        }
    }

    /// <summary>
    /// The newest job of a request that was made since a moment without its maker having heard of it, also one that has failed: no second one is made. Null
    /// where there is none, also after some time.
    /// </summary>
    /// <param name="request">The request. Its maker may have left out fields that the platform does not have.</param>
    /// <param name="start">The moment, by the platform's clock, and the jobs that are others'.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<ExportJob?> FindLostAsync(ExportRequest request, ExportStart start, CancellationToken cancellation) =>
        LookAsync([request, .. request.WithFewerFields()], start, cancellation);

    private async Task<ExportJob?> FindAsync(IReadOnlyList<ExportRequest> requests, ExportStart start, CancellationToken cancellation)
    {
        var newest = new ExportJob?[requests.Count];
        await foreach (var job in GetAsync(start.Since, cancellation).ConfigureAwait(false))
        {
            if (job.Created < start.Since || start.Others.Contains(job.Id)) continue;
            for (int i = 0; i < requests.Count; i++)
            {
                if (job.IsOf(requests[i]) && !(job.Created <= newest[i]?.Created)) newest[i] = job;
            }
        }

        return newest.FirstOrDefault(job => job is not null);
    }

    /// <summary>A job of a request that waits or runs, so that its people are those of this moment; null where there is none.</summary>
    public async Task<ExportJob?> FindUnderWayAsync(ExportRequest request, CancellationToken cancellation)
    {
        // A job that is older will not end any more.
        var oldest = transport.ServerNow - s_longestJob;
        await foreach (var job in GetAsync(oldest, cancellation).ConfigureAwait(false))
        {
            if (!(job.Created < oldest) && job.State == ExportJobState.UnderWay && job.IsOf(request)) return job;
        }

        return null;
    }

    /// <summary>The fields that jobs of the last weeks have exported into a dataset, so that the union schema has them.</summary>
    public async Task<IReadOnlySet<string>> GetExportedFieldsAsync(string datasetId, CancellationToken cancellation)
    {
        var fields = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var job in GetAsync(transport.ServerNow - s_proofOfFields, cancellation).ConfigureAwait(false))
        {
            if (job.DatasetId == datasetId && job.State == ExportJobState.Succeeded) fields.UnionWith(job.GetFields());
        }

        return fields;
    }

    /// <summary>How a job stands; null where the platform does not know it.</summary>
    public async Task<ExportJob?> GetAsync(string id, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Get, PathOf(id)) { Permission = Permission };
        try
        {
            return await transport.CallAsync(call, answer => Parse(call, answer.Json), cancellation).ConfigureAwait(false);
        }
        catch (PlatformException missing) when (missing.HttpStatus == 404 && missing.ErrorId == "PlatformNotFound")
        {
            return null;
        }
    }

    /// <summary>The jobs of the sandbox, in the platform's order.</summary>
    /// <param name="cancellation">Ends it.</param>
    public IAsyncEnumerable<ExportJob> GetAsync(CancellationToken cancellation) => GetAsync(DateTimeOffset.MinValue, cancellation);

    /// <summary>The jobs of the sandbox, in the platform's order. Where the newest come first, the list ends behind those that were made since a moment.</summary>
    /// <param name="since">The moment, by the platform's clock.</param>
    /// <param name="cancellation">Ends it.</param>
    private async IAsyncEnumerable<ExportJob> GetAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var order = new JobOrder();
        string? offset = null;
        while (true)
        {
            var call = new PlatformCall(HttpMethod.Get, Path)
            {
                Query = new Query().Add("limit", PageSize).Add("offset", offset).ToString(),
                Permission = Permission,
            };
            var (jobs, next) = await transport.CallAsync(call, answer => Page(call, answer.Json), cancellation).ConfigureAwait(false);
            bool isNew = false;
            foreach (var job in jobs)
            {
                if (!seen.Add(job.Id)) continue;
                isNew = true;
                order.Add(job.Created);
                yield return job;
            }

            if (next is null || !isNew || next == offset || order.IsPast(since)) yield break;
            offset = next;
        }
    }

    /// <summary>Cancels a job, or deletes one that is over.</summary>
    /// <returns>False where the platform does not know it.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Delete, PathOf(id)) { Permission = Permission };
        try
        {
            return await transport.CallAsync(call, _ => true, cancellation).ConfigureAwait(false);
        }
        catch (PlatformException missing) when (missing.HttpStatus == 404 && missing.ErrorId == "PlatformNotFound")
        {
            return false;
        }
    }

    private async Task<ExportJob?> LookAsync(IReadOnlyList<ExportRequest> requests, ExportStart start, CancellationToken cancellation)
    {
        foreach (var wait in s_looks)
        {
            await Task.Delay(wait, transport.Time, cancellation).ConfigureAwait(false);
            if (await FindAsync(requests, start, cancellation).ConfigureAwait(false) is { } found) return found;
        }

        return null;
    }

    private static string PathOf(string id) => $"{Path}/{Uri.EscapeDataString(id)}";

    private static byte[] Write(ExportRequest request)
    {
        // Without an audience the platform would export every profile that it has.
        if (request.SegmentId.Length == 0) throw new InvalidOperationException("An export job has an audience.");
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            if (request.Fields.Count > 0) json.WriteString("fields", request.FieldList);
            if (request.MergePolicyId is { } policy)
            {
                json.WriteStartObject("mergePolicy");
                json.WriteString("id", policy);
                json.WriteEndObject();
            }

            json.WriteStartObject("filter");
            json.WriteStartArray("segments");
            json.WriteStartObject();
            json.WriteString("segmentId", request.SegmentId);
            json.WriteString("segmentNs", request.SegmentNamespace);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartObject("destination");
            json.WriteString("datasetId", request.DatasetId);
            json.WriteBoolean("segmentPerBatch", false);
            json.WriteEndObject();
            json.WriteStartObject("schema");
            json.WriteString("name", "_xdm.context.profile");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private static (IReadOnlyList<ExportJob> Jobs, string? Next) Page(PlatformCall call, JsonElement json)
    {
        if (json.Part("records").ValueKind != JsonValueKind.Array) throw PlatformAttempts.NotUnderstood(call, "was answered without a list of jobs");
        ExportJob[] jobs = [.. json.Part("records").Items().Select(record => Parse(call, record))];
        string? next = json.Part("link", "next").Text() ?? json.Part("_links", "next", "href").Text();
        return (jobs, next is null ? null : json.Part("page", "pageOffset").Text() ?? LinkParts.ValueOf(next, "offset"));
    }

    private static ExportJob Parse(PlatformCall call, JsonElement json)
    {
        string id = json.Part("id").Text() ?? throw PlatformAttempts.NotUnderstood(call, "was answered without the id of a job");
        string status = json.Part("status").Text() ?? string.Empty;
        var destination = json.Part("destination");
        var batches = destination.Part("batches");
        return new ExportJob(id, StateOf(status), SafeText.Of(status))
        {
            DatasetId = destination.Part("datasetId").Text() ?? destination.Part("dataSetId").Text(),
            BatchId = destination.Part("batchId").Text() ?? (batches.ValueKind == JsonValueKind.Object ? batches : batches.Items().FirstOrDefault()).Part("batchId").Text(),
            SegmentIds = [.. json.Part("filter", "segments").Items().Select(segment => segment.Part("segmentId").Text()).OfType<string>()],
            Fields = json.Part("fields").Text(),
            Profiles = json.Part("metrics", "totalExportedProfileCounter").Number(),
            Created = json.Part("creationTime").Moment() ?? json.Part("updateTime").Moment(),
            Error = json.Part("errors").Items().Select(error => error.Part("msg").Text() ?? error.Part("code").Text()).FirstOrDefault(said => said is not null) is { } said ? SafeText.Of(said) : null,
        };
    }

    // The status alone decides: a job that succeeded may tell errors.
    private static ExportJobState StateOf(string status) => status.ToUpperInvariant() switch
    {
        "SUCCEEDED" or "SUCCESS" => ExportJobState.Succeeded,
        "FAILED" or "CANCELLED" or "CANCELED" or "CANCELLING" or "CANCELING" or "KILLED" or "DELETED" => ExportJobState.Failed,
        _ => ExportJobState.UnderWay,
    };
}
