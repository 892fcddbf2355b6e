using System.Text.Json;
using System.Text.RegularExpressions;

namespace SegmentPush.Platform;

/// <summary>Where a run of a destination stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Its status in Adobe's word.</param>
/// <param name="Error">What Adobe says of a failure.</param>
internal sealed record DestinationRun(string Id, string Status, string? Error)
{
    /// <summary>When it was made, by the platform's clock; null where the platform does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>All that the platform tells of it, as JSON: where the run names its audience, Adobe's pages leave open.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether it has written all of its files.</summary>
    public bool IsComplete => Is("success") || Is("completed");

    /// <summary>Whether it has failed.</summary>
    public bool IsFailed => Is("failed") || Is("failure") || Is("cancelled") || Is("canceled") || Is("partialSuccess");

    private bool Is(string status) => Status.Equals(status, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Runs file destinations on demand.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed partial class DestinationRuns(IPlatformCalls transport)
{
    private const string RunPath = "/data/foundation/flowservice/runs", FlowPath = "/data/foundation/flowservice/flows";
    private const string Permission = "Activate Destinations";
    private const int PageSize = 100;

    private static readonly PlatformErrorRule s_refused = new(
        "DestinationRefused", PlatformErrorClass.Refuse, "DestinationRunRefused",
        "Check in Destinations > Browse that the dataflow is one of a file destination, that the audience is mapped to it, that its schedule covers today, "
        + "and that at least an hour has passed since the audience was mapped.");

    /// <summary>Runs a destination for one audience. A run of it that is under way is shared. The call is not repeated where its answer is lost: the run may have ended meanwhile.</summary>
    /// <param name="dataflowId">Id of the destination's dataflow.</param>
    /// <param name="audienceId">Id of the audience.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Id of the run.</returns>
    /// <exception cref="PlatformException">The platform refuses to run it (<c>DestinationRunRefused</c>).</exception>
    public async Task<string> StartAsync(string dataflowId, string audienceId, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Post, "/data/core/activation/disflowprovider/adhocrun")
        {
            Accept = "application/vnd.adobe.adhoc.activation+json; version=2",
            Body = Write(dataflowId, audienceId),
            Permission = Permission,
            Repeatable = false,
        };
        try
        {
            return await transport.CallAsync(call, answer => RunOf(call, answer.Json), cancellation).ConfigureAwait(false);
        }
        catch (PlatformException refusal) when (refusal.HttpStatus == 400)
        {
            if (refusal.Text.English.Contains("already going on", StringComparison.OrdinalIgnoreCase) && RunId().Match(refusal.Text.English) is { Success: true } running)
                return running.Groups[1].Value;
            throw new PlatformException(s_refused, call, refusal.Text, refusal.Facts);
        }
    }

    /// <summary>How a run stands; null where the platform does not know it (yet).</summary>
    public async Task<DestinationRun?> FindAsync(string id, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Get, $"{RunPath}/{Uri.EscapeDataString(id)}") { Permission = "View Destinations" };
        try
        {
            return await transport.CallAsync(call, answer => Parse(id, answer.Json), cancellation).ConfigureAwait(false);
        }
        catch (PlatformException missing) when (missing.HttpStatus == 404 && missing.ErrorId == "PlatformNotFound")
        {
            return null;
        }
    }

    /// <summary>The runs of a destination. Where the newest come first, the list ends behind those that were made since a moment.</summary>
    /// <param name="dataflowId">Id of the destination's dataflow.</param>
    /// <param name="since">The moment, by the platform's clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PlatformException">They can't be listed, or the pages never end (<c>PagingStuck</c>).</exception>
    public async Task<IReadOnlyList<DestinationRun>> GetAsync(string dataflowId, DateTimeOffset since, CancellationToken cancellation)
    {
        var runs = new List<DestinationRun>();
        var order = new JobOrder();
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        string? token = null;
        do
        {
            var call = new PlatformCall(HttpMethod.Get, RunPath)
            {
                Query = new Query().Add("property", "flowId==" + dataflowId).Add("limit", PageSize).Add("orderby", "-createdAt").Add("continuationToken", token).ToString(),
                Permission = "View Destinations",
            };
            var (page, next) = await transport.CallAsync(call, answer => Page(call, answer.Json), cancellation).ConfigureAwait(false);
            foreach (var run in page) order.Add(run.Created);
            runs.AddRange(page);
            if (next is not null && !tokens.Add(next)) throw new PlatformException(PlatformErrors.Of("PagingStuck"), call, $"{call.Name} leads from page to page in a circle.");
            token = page.Count == 0 || order.IsPast(since) ? null : next;
        }
        while (token is not null);
        return runs;
    }

    /// <summary>Ids of the audiences that are mapped to a destination.</summary>
    /// <param name="dataflowId">Id of the destination's dataflow.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The ids; none where the platform does not tell them.</returns>
    public async Task<IReadOnlyList<string>> GetAudiencesAsync(string dataflowId, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Get, $"{FlowPath}/{Uri.EscapeDataString(dataflowId)}") { Permission = "View Destinations" };
        try
        {
            return await transport.CallAsync(call, answer => AudiencesOf(answer.Json), cancellation).ConfigureAwait(false);
        }
        catch (PlatformException refused) when (refused.Class == PlatformErrorClass.Refuse)
        {
            return [];
        }
    }

    private static IReadOnlyList<string> AudiencesOf(JsonElement json)
    {
        var listed = json.Part("items");
        var flow = listed.ValueKind == JsonValueKind.Array ? listed.Items().FirstOrDefault() : json;
        return [.. flow.Part("transformations").Items()
            .SelectMany(step => step.Part("params", "segmentSelectors", "selectors").Items())
            .Select(selector => selector.Part("value", "id").Text()).OfType<string>().Where(id => id.Length > 0)];
    }

    private static (IReadOnlyList<DestinationRun> Runs, string? Next) Page(PlatformCall call, JsonElement json)
    {
        if (json.Part("items").ValueKind != JsonValueKind.Array) throw PlatformAttempts.NotUnderstood(call, "was answered without a list of runs");
        DestinationRun[] runs = [.. json.Part("items").Items().Select(item => item.Part("id").Text() is { } id ? Read(id, item) : null).OfType<DestinationRun>()];
        var link = json.Part("_links", "next");
        return (runs, json.Part("continuationToken").Text() ?? LinkParts.ValueOf(link.Part("href").Text() ?? link.Text(), "continuationToken"));
    }

    // The contract answers with a list of one run; another service of Adobe's would answer with the run itself.
    private static DestinationRun? Parse(string id, JsonElement json)
    {
        var items = json.Part("items");
        var run = items.ValueKind == JsonValueKind.Array ? items.Items().FirstOrDefault() : json;
        return Read(id, run) is { Status.Length: > 0 } known ? known : null;
    }

    private static DestinationRun Read(string id, JsonElement run)
    {
        var status = run.Part("metrics", "statusSummary");
        string? error = status.Part("errors").Items().Select(found => found.Part("message").Text() ?? found.Part("code").Text()).FirstOrDefault(said => said is not null);
        return new DestinationRun(id, SafeText.Of(status.Part("status").Text()), error is null ? null : SafeText.Of(error))
        {
            Created = run.Part("createdAt").Moment() ?? run.Part("metrics", "durationSummary", "startedAtUTC").Moment(),
            Text = run.ValueKind == JsonValueKind.Object ? run.GetRawText() : "",
        };
    }

    // Of the address only the id is used: a token goes to one host only.
    private static string RunOf(PlatformCall call, JsonElement json)
    {
        string? address = json.Part("order").Items().Select(order => order.Part("statusURL").Text()).FirstOrDefault(url => url is not null);
        string? id = address?.TrimEnd('/') is { } text ? text[(text.LastIndexOf('/') + 1)..] : null;
        return id is { Length: > 0 } ? Uri.UnescapeDataString(id) : throw PlatformAttempts.NotUnderstood(call, "was answered without the id of a run");
    }

    private static byte[] Write(string dataflowId, string audienceId)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartObject("activationInfo");
            json.WriteStartArray(dataflowId);
            json.WriteStringValue(audienceId);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    [GeneratedRegex(@"run id:? +([0-9A-Za-z][0-9A-Za-z_-]*)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex RunId();
}
