using System.Globalization;
using System.Text.Json.Nodes;
using SegmentPush.Sandbox.Endpoints;

namespace SegmentPush.Sandbox.Platform;

/// <summary>The segmentation service: audiences, and what their evaluation found.</summary>
internal sealed class AudienceEndpoints(PlatformStore store, PlatformSandboxOptions options)
{
    private const string Root = "/data/core/ups";

    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("GET", Root + "/audiences", ["start", "limit", "sort", "property", "name", "description", "entityType"], List);
        yield return new Endpoint("GET", Root + "/audiences/{audienceId}", [], Get);
        yield return new Endpoint("GET", Root + "/segment/jobs", ["snapshot.name", "start", "limit", "status", "sort", "property"], Evaluations);
    }

    private Reply List(Call call)
    {
        int limit = Math.Min(int.Parse(call.Parameter("limit") ?? "20", CultureInfo.InvariantCulture), options.AudiencesPerPage);
        int unit = options.CountsPages ? limit : 1;
        int start = int.Parse(call.Parameter("start") ?? "0", CultureInfo.InvariantCulture) * unit;
        lock (store.Gate)
        {
            PlatformSandboxAudience[] found = [.. store.Audiences.Where(audience => Fits(call, audience))];
            bool hasMore = start + limit < found.Length;
            var page = new JsonObject { ["totalCount"] = found.Length, ["pageSize"] = Math.Min(limit, Math.Max(0, found.Length - start)), ["limit"] = limit, ["start"] = start / unit };
            var links = new JsonObject();
            if (hasMore)
            {
                int next = (start + limit) / unit;
                page["next"] = next.ToString(CultureInfo.InvariantCulture);
                links["next"] = new JsonObject { ["href"] = $"@/audiences?start={next}&limit={limit}&totalCount={found.Length}" };
            }

            return PlatformReply.Json(new JsonObject
            {
                ["children"] = new JsonArray([.. found.Skip(start).Take(limit).Select(Write)]),
                ["_page"] = page,
                ["_links"] = links,
            });
        }
    }

    private Reply Get(Call call)
    {
        lock (store.Gate)
        {
            return store.Audiences.FirstOrDefault(audience => audience.Id == Uri.UnescapeDataString(call.PathVariable)) is { } found
                ? PlatformReply.Json(Write(found))
                : PlatformReply.Segmentation(call.RequestId, 404, "UPAPI-113430-404", "Audience not found");
        }
    }

    private Reply Evaluations(Call call)
    {
        if (call.Parameter("status") is not (null or "SUCCEEDED")) return PlatformReply.Json(new JsonObject { ["children"] = new JsonArray() });
        lock (store.Gate)
        {
            var counter = new JsonObject();
            var byStatus = new JsonObject();
            foreach (var audience in store.Audiences.Where(audience => audience.State == "published"))
            {
                counter[audience.Id] = store.Profiles.Count(profile => profile.Memberships.ContainsKey(audience.AudienceId));
                byStatus[audience.Id] = new JsonObject
                {
                    ["realized"] = store.Count(audience.AudienceId),
                    ["exited"] = store.Profiles.Count(profile => profile.Memberships.TryGetValue(audience.AudienceId, out var membership) && membership.Status == "exited"),
                };
            }

            long now = options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() - 3_600_000;
            var job = new JsonObject
            {
                ["id"] = "468eeefd-95a2-45a1-8bfc-b806dafce7ee",
                ["status"] = "SUCCEEDED",
                ["segments"] = new JsonArray(new JsonObject { ["segmentId"] = "*" }),
                ["metrics"] = new JsonObject
                {
                    ["totalTime"] = new JsonObject { ["startTimeInMs"] = now - 60_000, ["endTimeInMs"] = now, ["totalTimeInMs"] = 60_000 },
                    ["segmentedProfileCounter"] = counter,
                    ["segmentedProfileByStatusCounter"] = byStatus,
                },
                ["creationTime"] = now - 60_000,
                ["updateTime"] = now,
            };
            return PlatformReply.Json(new JsonObject
            {
                ["_page"] = new JsonObject { ["totalCount"] = 1, ["pageSize"] = 1 },
                ["children"] = new JsonArray(job),
            });
        }
    }

    private static bool Fits(Call call, PlatformSandboxAudience audience)
    {
        if (call.Parameter("entityType") is { } type && audience.SchemaName != type) return false;
        if (call.Parameter("name") is { } name && !audience.Name.Contains(name, StringComparison.OrdinalIgnoreCase)) return false;
        if (call.Parameter("description") is { } text && !audience.Description.Contains(text, StringComparison.OrdinalIgnoreCase)) return false;
        return call.Parameter("property") is not { } property || property == "audienceId==" + audience.AudienceId;
    }

    private static JsonObject Write(PlatformSandboxAudience audience) => new()
    {
        ["id"] = audience.Id,
        ["audienceId"] = audience.AudienceId,
        ["schema"] = new JsonObject { ["name"] = audience.SchemaName },
        ["imsOrgId"] = "0123456789ABCDEF01234567@AdobeOrg",
        ["name"] = audience.Name,
        ["namespace"] = audience.Namespace,
        ["description"] = audience.Description,
        ["mergePolicyId"] = "25c548a0-ca7f-4dcd-81d5-997642f178b9",
        ["evaluationInfo"] = new JsonObject
        {
            ["batch"] = new JsonObject { ["enabled"] = true },
            ["continuous"] = new JsonObject { ["enabled"] = false },
            ["synchronous"] = new JsonObject { ["enabled"] = false },
        },
        ["type"] = "SegmentDefinition",
        ["originName"] = audience.Origin,
        ["lifecycleState"] = audience.State,
        ["labels"] = new JsonArray([.. audience.Labels.Select(label => JsonValue.Create(label))]),
    };
}
