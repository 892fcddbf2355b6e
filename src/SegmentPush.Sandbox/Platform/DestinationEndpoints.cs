using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SegmentPush.Sandbox.Endpoints;

namespace SegmentPush.Sandbox.Platform;

/// <summary>A file destination that runs on demand, and writes CSV into the Data Landing Zone.</summary>
internal sealed class DestinationEndpoints(PlatformStore store, PlatformSandboxOptions options, LandingZoneEndpoint zone, Action<string> violation)
{
    private const string Header = "workEmail_address,person_name_firstName,person_name_lastName,consents_marketing_email_val,segmentMembership_status\n";

    private static readonly string[] s_fields = ["workEmail.address", "person.name.firstName", "person.name.lastName", "consents.marketing.email.val"];

    private readonly List<Run> _runs = [];

    /// <summary>Ids of the runs that it has, oldest first.</summary>
    public IReadOnlyList<string> Runs
    {
        get
        {
            lock (store.Gate) return [.. _runs.Select(run => run.Id)];
        }
    }

    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("POST", "/data/core/activation/disflowprovider/adhocrun", [], Start);
        yield return new Endpoint("GET", "/data/foundation/flowservice/runs", ["property", "limit", "orderby", "continuationToken"], List);
        yield return new Endpoint("GET", "/data/foundation/flowservice/runs/{runId}", [], Get);
        yield return new Endpoint("GET", "/data/foundation/flowservice/flows/{flowId}", [], GetFlow);
        yield return new Endpoint("GET", "/data/foundation/connectors/landingzone/credentials", ["type"], zone.Credentials);
    }

    private Reply Start(Call call)
    {
        if (call.Header("Accept") != "application/vnd.adobe.adhoc.activation+json; version=2") violation("An ad hoc run without the header Accept of version 2");
        using var json = JsonDocument.Parse(call.Body);
        var flow = json.RootElement.GetProperty("activationInfo").EnumerateObject().Single();
        string audience = flow.Value.EnumerateArray().Single().GetString()!;
        lock (store.Gate)
        {
            if (flow.Name != options.DataflowId || Mapped().All(known => known.Id != audience))
                return Refuse($"Segments [{audience}] are not part of this dataflow or out of schedule range!");
            if (_runs.FirstOrDefault(run => run.Audience == audience && !IsOver(run)) is { } running)
                return Refuse($"Run already going on for audience {audience} for order {flow.Name} with run id {running.Id}");
            var made = new Run(Guid.NewGuid().ToString(), audience, options.TimeProvider.GetUtcNow());
            _runs.Add(made);
            return PlatformReply.Json(new JsonObject
            {
                ["order"] = new JsonArray(new JsonObject
                {
                    ["segment"] = audience,
                    ["order"] = flow.Name,
                    ["statusURL"] = "https://platform.adobe.io/data/foundation/flowservice/runs/" + made.Id,
                }),
            });
        }
    }

    private Reply Get(Call call)
    {
        lock (store.Gate)
        {
            if (_runs.FirstOrDefault(run => run.Id == call.PathVariable) is not { } run || options.TimeProvider.GetUtcNow() - run.Started < options.RunDelay)
                return PlatformReply.Catalog(404, "Not found", "No such run");
            return PlatformReply.Json(new JsonObject { ["items"] = new JsonArray(Describe(run)) });
        }
    }

    private Reply GetFlow(Call call)
    {
        if (call.PathVariable != options.DataflowId) return PlatformReply.Catalog(404, "Not found", "No such flow");
        lock (store.Gate)
        {
            var selectors = Mapped().Select(audience => new JsonObject
            {
                ["type"] = "PLATFORM_SEGMENT",
                ["value"] = new JsonObject { ["id"] = audience.Id, ["name"] = audience.Name },
            });
            var step = new JsonObject
            {
                ["name"] = "GeneralTransform",
                ["params"] = new JsonObject { ["segmentSelectors"] = new JsonObject { ["selectors"] = new JsonArray([.. selectors]) } },
            };
            var flow = new JsonObject { ["id"] = options.DataflowId, ["transformations"] = new JsonArray(step) };
            return PlatformReply.Json(new JsonObject { ["items"] = new JsonArray(flow) });
        }
    }

    private IEnumerable<PlatformSandboxAudience> Mapped() =>
        store.Audiences.Where(audience => options.MappedAudiences is not { } mapped || mapped.Contains(audience.Id));

    private Reply List(Call call)
    {
        if (call.Parameter("property") != "flowId==" + options.DataflowId) return PlatformReply.Json(new JsonObject { ["items"] = new JsonArray(), ["_links"] = new JsonObject() });
        if (call.Parameter("orderby") is not (null or "createdAt" or "-createdAt")) violation("Runs in an order that the flow service does not know");
        int limit = Math.Min(int.Parse(call.Parameter("limit") ?? "10", CultureInfo.InvariantCulture), options.RunsPerPage);
        int from = int.Parse(call.Parameter("continuationToken") ?? "0", CultureInfo.InvariantCulture);
        lock (store.Gate)
        {
            var known = _runs.Where(run => options.TimeProvider.GetUtcNow() - run.Started >= options.RunDelay);
            Run[] runs = [.. call.Parameter("orderby") == "-createdAt" ? known.Reverse() : known];
            int next = from + limit;
            string page = $"/runs?property=flowId=={options.DataflowId}&limit={limit}&continuationToken={next}";
            return PlatformReply.Json(new JsonObject
            {
                ["items"] = new JsonArray([.. runs.Skip(from).Take(limit).Select(Describe)]),
                ["_links"] = next < runs.Length ? new JsonObject { ["next"] = new JsonObject { ["href"] = page } } : new JsonObject(),
            });
        }
    }

    private JsonObject Describe(Run run)
    {
        bool isOver = IsOver(run);
        if (isOver && !run.IsWritten) Write(run);
        return new JsonObject
        {
            ["id"] = run.Id,
            ["flowId"] = options.DataflowId,
            ["createdAt"] = run.Started.ToUnixTimeMilliseconds(),
            ["metrics"] = new JsonObject { ["statusSummary"] = new JsonObject { ["status"] = isOver ? options.RunStatus : "inProgress" } },
        };
    }

    private bool IsOver(Run run) => options.TimeProvider.GetUtcNow() - run.Started >= options.RunDuration;

    // A destination leaves out who has no address, and escapes quotes with a backslash.
    private void Write(Run run)
    {
        run.IsWritten = true;
        var rows = new StringBuilder(Header);
        string key = store.Audiences.First(audience => audience.Id == run.Audience).AudienceId;
        foreach (var profile in store.Profiles.Where(profile => IsWritten(profile, key) && profile.Values.ContainsKey("workEmail.address")))
        {
            string[] cells = [.. s_fields.Select(field => Cell(profile.Values.GetValueOrDefault(field)))];
            rows.Append(string.Join(',', cells)).Append(CultureInfo.InvariantCulture, $",{profile.Memberships[key].Status}\n");
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"SegmentPush{(options.NamesFilesAfterAudience ? "_segment" + run.Audience : "")}_{run.Started:yyyyMMddHHmmssfff}.csv");
        byte[] bytes = Encoding.UTF8.GetBytes(rows.ToString());
        zone.Add("exports/" + name, bytes);
        if (!options.WritesManifest) return;
        var manifest = new JsonObject
        {
            ["flowRunId"] = run.Id,
            ["scheduledTime"] = run.Started.ToString("O", CultureInfo.InvariantCulture),
            ["exportResults"] = new JsonArray(new JsonObject { ["sinkPath"] = "/dlz-destination/exports", ["name"] = name, ["size"] = bytes.Length }),
        };
        zone.Add($"exports/manifest-{options.DataflowId}-{run.Id}.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    private bool IsWritten(PlatformProfile profile, string key) => options.ExportsLeavers ? profile.Memberships.ContainsKey(key) : PlatformStore.IsIn(profile, key);

    private static string Cell(string? value) => value is null ? "null"
        : value.AsSpan().IndexOfAny(",\"\n\\") < 0 ? value
        : "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private static Reply Refuse(string message) => PlatformReply.Json(new JsonObject { ["message"] = message }, 400) with { Code = "400" };

    private sealed record Run(string Id, string Audience, DateTimeOffset Started)
    {
        public bool IsWritten { get; set; }
    }
}
