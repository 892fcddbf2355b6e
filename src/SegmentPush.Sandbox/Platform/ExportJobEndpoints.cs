using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SegmentPush.Sandbox.Endpoints;

namespace SegmentPush.Sandbox.Platform;

/// <summary>Export jobs: each writes the profiles of one audience into a batch of a dataset on the union schema.</summary>
internal sealed class ExportJobEndpoints(PlatformStore store, PlatformSandboxOptions options, Action<string> violation)
{
    private const string Path = "/data/core/ups/export/jobs";

    private static readonly string[] s_members = ["fields", "mergePolicy", "filter", "additionalFields", "destination", "schema", "evaluationInfo"];

    /// <summary>The fields of the union schema.</summary>
    public static readonly IReadOnlyList<string> UnionSchema =
    [
        "identityMap", "segmentMembership", "consents.marketing.email.val", "consents.marketing.any.val", ProfileFile.ConsentsOfAddresses,
        "person.name.firstName", "person.name.middleName", "person.name.lastName", "person.name.courtesyTitle", "person.birthDate",
        "workEmail.address", "personalEmail.address", "workPhone.number", "mobilePhone.number", "faxPhone.number",
        "workAddress.street1", "workAddress.city", "workAddress.state", "workAddress.postalCode", "workAddress.country",
        "extendedWorkDetails.jobTitle", "b2b.companyName",
    ];

    private long _lastId = 100;

    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("POST", Path, [], CreateAsync);
        yield return new Endpoint("GET", Path, ["limit", "offset", "status"], List);
        yield return new Endpoint("GET", Path + "/{jobId}", [], Get);
        yield return new Endpoint("DELETE", Path + "/{jobId}", [], Delete);
    }

    private ValueTask<Reply> CreateAsync(Call call)
    {
        using var json = Parse(call);
        var body = json.RootElement;
        foreach (var member in body.EnumerateObject())
        {
            if (!s_members.Contains(member.Name)) violation($"Unknown member '{member.Name}' of an export job");
        }

        string segmentId = SegmentOf(call, body, out string segmentNamespace);
        string datasetId = body.TryGetProperty("destination", out var destination) && destination.TryGetProperty("datasetId", out var id) ? id.GetString()! : "";
        if (!body.TryGetProperty("schema", out var schema) || !schema.TryGetProperty("name", out var name) || name.GetString() != "_xdm.context.profile")
            throw Refuse(call, 400, "UPAPI-110001-400", "schema.name is required");
        string? fields = body.TryGetProperty("fields", out var asked) ? asked.GetString() : null;
        string? unknown = fields?.Split(',').FirstOrDefault(field => Expand(field).Count == 0);
        if (unknown is not null && !options.FailsUnknownFields) throw Refuse(call, 400, "UPAPI-110002-400", $"Unknown field {unknown}");
        lock (store.Gate)
        {
            if (store.Datasets.All(dataset => dataset.Id != datasetId)) throw Refuse(call, 400, "UPAPI-110003-400", "destination.datasetId is not a dataset on the union schema");
            var job = new ExportJob(++_lastId, datasetId, segmentId, segmentNamespace, fields, Now());
            if (unknown is not null) job.Status = "FAILED";
            store.Jobs.Add(job);
            return ValueTask.FromResult(PlatformReply.Json(Write(job)) with { Headers = new Dictionary<string, string> { ["X-Location"] = $"{Path}/{job.Id}" } });
        }
    }

    private string SegmentOf(Call call, JsonElement body, out string segmentNamespace)
    {
        segmentNamespace = "ups";
        if (!body.TryGetProperty("filter", out var filter) || !filter.TryGetProperty("segments", out var segments) || segments.GetArrayLength() == 0)
        {
            violation("An export job without an audience, which exports every profile");
            throw Refuse(call, 400, "UPAPI-110004-400", "filter.segments is required here");
        }

        var segment = segments[0];
        if (segments.GetArrayLength() > 1) violation("An export job for several audiences");
        if (segment.TryGetProperty("status", out _)) violation("An export job with a status filter");
        if (segment.TryGetProperty("segmentNs", out var ns)) segmentNamespace = ns.GetString()!;
        string id = segment.GetProperty("segmentId").GetString()!;
        lock (store.Gate)
        {
            var found = store.Audiences.FirstOrDefault(audience => audience.Id == id) ?? throw Refuse(call, 404, "UPAPI-110005-404", "Segment definition not found");
            if (segmentNamespace != found.MembershipNamespace) violation("An export job with another namespace than its audience's");
        }

        return id;
    }

    // A page begins behind the job that the offset names by its moment and id.
    private Reply List(Call call)
    {
        int limit = Math.Min(int.Parse(call.Parameter("limit") ?? "10", CultureInfo.InvariantCulture), options.JobsPerPage);
        if (call.Parameter("status") is not (null or "NEW" or "SUCCEEDED" or "FAILED")) violation("A filter for export jobs of a status that it does not know");
        lock (store.Gate)
        {
            var ordered = options.ListsOldestFirst ? store.Jobs : store.Jobs.AsEnumerable().Reverse();
            ExportJob[] jobs = [.. ordered.Where(job => call.Parameter("status") is not { } status || job.Status == status)];
            int from = call.Parameter("offset") is { } offset ? Array.FindIndex(jobs, job => OffsetOf(job) == offset) + 1 : 0;
            ExportJob[] page = [.. jobs.Skip(from).Take(limit)];
            string? last = page.Length == 0 ? null : OffsetOf(page[^1]);
            return PlatformReply.Json(new JsonObject
            {
                ["records"] = new JsonArray([.. page.Select(Write)]),
                ["page"] = new JsonObject { ["sortField"] = "createdTime", ["sort"] = options.ListsOldestFirst ? "asc" : "desc", ["pageOffset"] = last, ["pageSize"] = page.Length },
                ["link"] = new JsonObject { ["next"] = from + limit < jobs.Length ? $"/export/jobs/?limit={limit}&offset={last}" : "" },
            });
        }
    }

    private static string OffsetOf(ExportJob job) => string.Create(CultureInfo.InvariantCulture, $"{job.Created}_{job.Id}");

    private Reply Get(Call call)
    {
        lock (store.Gate) return PlatformReply.Json(Write(Find(call)));
    }

    private Reply Delete(Call call)
    {
        lock (store.Gate)
        {
            store.Jobs.Remove(Find(call));
            return PlatformReply.Json(new JsonObject { ["status"] = true, ["message"] = "Export job has been marked for cancelling" });
        }
    }

    private ExportJob Find(Call call) =>
        store.Jobs.FirstOrDefault(job => job.Id.ToString(CultureInfo.InvariantCulture) == call.PathVariable)
        ?? throw Refuse(call, 404, "UPAPI-110006-404", "Export job not found");

    /// <summary>The fields below a path of the union schema.</summary>
    private IReadOnlyList<string> Expand(string field) =>
        [.. UnionSchema.Where(HasField).Where(path => path == field || path.StartsWith(field + ".", StringComparison.Ordinal))];

    private bool HasField(string path) => !path.StartsWith("consents.", StringComparison.Ordinal) || (options.HasConsents && path switch
    {
        ProfileFile.ConsentsOfAddresses => options.HasConsentsOfAddresses,
        "consents.marketing.any.val" => options.HasConsentToAny,
        _ => true,
    });

    // A job moves on when somebody looks at it.
    private void MoveOn(ExportJob job)
    {
        long age = Now() - job.Created;
        if (job.Status is "SUCCEEDED" or "FAILED") return;
        if (age < options.ExportDuration.TotalMilliseconds)
        {
            job.Status = age * 2 < options.ExportDuration.TotalMilliseconds ? "NEW" : "PROCESSING";
            return;
        }

        string key = store.Audiences.First(audience => audience.Id == job.SegmentId).AudienceId;
        PlatformProfile[] profiles = [.. store.Profiles.Where(profile => options.ExportsLeavers ? profile.Memberships.ContainsKey(key) : PlatformStore.IsIn(profile, key))];
        string[] fields = [.. (job.Fields?.Split(',') ?? UnionSchema).SelectMany(Expand).Distinct()];
        var files = new List<BatchFile>();
        foreach (var part in profiles.Chunk(options.ProfilesPerFile))
        {
            var bytes = ProfileFile.WriteAsync(part, fields, job.SegmentNamespace, options.ProfilesPerGroup).GetAwaiter().GetResult();
            files.Add(new BatchFile(string.Create(CultureInfo.InvariantCulture, $"part-{files.Count:00000}-{Guid.NewGuid()}-c000.snappy.parquet"), bytes));
        }

        job.Batch = new Batch(Guid.NewGuid().ToString("N"), job.DatasetId, Now(), profiles.Length, files);
        job.Status = "SUCCEEDED";
    }

    private JsonObject Write(ExportJob job)
    {
        MoveOn(job);
        var destination = new JsonObject { ["datasetId"] = job.DatasetId, ["segmentPerBatch"] = false };
        if (job.Batch is not null) destination["batchId"] = job.Batch.Id;
        var written = new JsonObject
        {
            ["id"] = job.Id,
            ["jobType"] = "BATCH",
            ["destination"] = destination,
            ["schema"] = new JsonObject { ["name"] = "_xdm.context.profile" },
            ["imsOrgId"] = options.OrganizationId,
            ["status"] = job.Status,
            ["filter"] = new JsonObject
            {
                ["segments"] = new JsonArray(new JsonObject { ["segmentId"] = job.SegmentId, ["segmentNs"] = job.SegmentNamespace, ["status"] = new JsonArray("realized") }),
            },
            ["creationTime"] = job.Created,
            ["updateTime"] = Now(),
            ["requestId"] = "d995479c-8a08-4240-903b-af469c67be1f",
        };
        if (job.Fields is not null) written["fields"] = job.Fields;
        if (job.Batch is not null) written["metrics"] = new JsonObject { ["totalExportedProfileCounter"] = job.Batch.Profiles + options.ProfilesLost };
        return written;
    }

    private long Now() => options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private static JsonDocument Parse(Call call)
    {
        try
        {
            return JsonDocument.Parse(call.Body);
        }
        catch (JsonException)
        {
            throw Refuse(call, 400, "UPAPI-110000-400", "Malformed JSON");
        }
    }

    private static PlatformRefusal Refuse(Call call, int status, string code, string message) =>
        new(PlatformReply.Segmentation(call.RequestId, status, code, message));
}
