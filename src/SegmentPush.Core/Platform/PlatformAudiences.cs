using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>The audiences of a sandbox.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class PlatformAudiences(PlatformTransport transport)
{
    private const string Path = "/data/core/ups/audiences";
    private const string Permission = "View Segments";
    private const int PageSize = 60;
    private const string OfPeople = "_xdm.context.profile";

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>Names of the audiences that were seen so far, by their ids.</summary>
    public IReadOnlyDictionary<string, string> Known => _known;

    /// <summary>Audiences of people, page by page, each once.</summary>
    /// <param name="name">A part of their names, compared without case; null for all.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PlatformException">The calls fail, or the pages never end (<c>PagingStuck</c>).</exception>
    public IAsyncEnumerable<PlatformAudience> GetAsync(string? name, CancellationToken cancellation) =>
        GetAsync(new Query().Add("entityType", OfPeople).Add("name", name), cancellation);

    /// <summary>The audiences with a name, those of accounts and drafts too; compared without case.</summary>
    public async Task<IReadOnlyList<PlatformAudience>> FindByNameAsync(string name, CancellationToken cancellation)
    {
        var found = new List<PlatformAudience>();
        await foreach (var audience in GetAsync(new Query().Add("name", name), cancellation).ConfigureAwait(false))
        {
            if (string.Equals(audience.Name.Trim(), name.Trim(), StringComparison.OrdinalIgnoreCase)) found.Add(audience);
        }

        return found;
    }

    /// <summary>The audience with an id, or with an id in its own system; null where there is none.</summary>
    public async Task<PlatformAudience?> FindByIdAsync(string id, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Get, $"{Path}/{Uri.EscapeDataString(id)}") { Permission = Permission };
        try
        {
            return await transport
                .CallAsync(call, answer => Parse(answer.Json) ?? throw PlatformAttempts.NotUnderstood(call, "was answered without the id of the audience"), cancellation)
                .ConfigureAwait(false);
        }
        catch (PlatformException missing) when (missing.HttpStatus is 404 or 400 && missing.Class == PlatformErrorClass.Refuse && missing.ErrorId != "PlatformSandboxNotFound")
        {
            await foreach (var audience in GetAsync(new Query().Add("property", $"audienceId=={id}"), cancellation).ConfigureAwait(false))
            {
                if (string.Equals(audience.AudienceId, id, StringComparison.OrdinalIgnoreCase)) return audience;
            }

            return null;
        }
    }

    /// <summary>Asks for the first audiences, so that what the credential may not do shows at once.</summary>
    public Task ProbeAsync(CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Get, Path)
        {
            Query = new Query().Add("entityType", OfPeople).Add("limit", PageSize).ToString(),
            Permission = Permission,
        };
        return transport.CallAsync(
            call,
            answer =>
            {
                foreach (var audience in Page(call, answer).Audiences) Remember(audience);
                return true;
            },
            cancellation);
    }

    private void Remember(PlatformAudience audience)
    {
        if (audience.IsOfPeople) _known[audience.Id] = audience.Name;
    }

    private async IAsyncEnumerable<PlatformAudience> GetAsync(Query filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var starts = new HashSet<string>(StringComparer.Ordinal);
        string? start = null;
        do
        {
            string query = new Query().Add("limit", PageSize).Add("start", start).ToString();
            var call = new PlatformCall(HttpMethod.Get, Path) { Query = filter.ToString() is { Length: > 0 } more ? $"{more}&{query}" : query, Permission = Permission };
            (var page, start, long? total) = await transport.CallAsync(call, answer => Page(call, answer), cancellation).ConfigureAwait(false);
            if (page.Count == 0) yield break;
            foreach (var audience in page)
            {
                // A list that changes between two pages shows some twice.
                if (!seen.Add(audience.Id)) continue;
                Remember(audience);
                yield return audience;
            }

            if (start is null || starts.Add(start)) continue;

            // The last page may name itself.
            start = seen.Count >= total ? null : throw Stuck(call);
        }
        while (start is not null);
    }

    private static (IReadOnlyList<PlatformAudience> Audiences, string? Next, long? Total) Page(PlatformCall call, PlatformAnswer answer)
    {
        // What `next` counts, pages or audiences, Adobe's pages leave open: it is sent back as it came.
        string? next = answer.Json.Part("_page", "next").Text() ?? LinkParts.StartOf(answer.Json.Part("_links", "next", "href").Text());
        return ([.. Children(call, answer).Select(Parse).OfType<PlatformAudience>()], next is "0" ? null : next, answer.Json.Part("_page", "totalCount").Number());
    }

    private static IEnumerable<JsonElement> Children(PlatformCall call, PlatformAnswer answer) =>
        answer.Json.Part("children") is { ValueKind: JsonValueKind.Array } children
            ? children.Items()
            : throw PlatformAttempts.NotUnderstood(call, "was answered without a list of audiences");

    private static PlatformException Stuck(PlatformCall call) =>
        new(PlatformErrors.Of("PagingStuck"), call, $"{call.Name} leads from page to page in a circle.");

    private static PlatformAudience? Parse(JsonElement json)
    {
        if (json.Part("id").Text() is not { } id) return null;
        var counts = json.Part("metrics", "data");
        string name = json.Part("namespace").Text() ?? string.Empty;
        return new PlatformAudience
        {
            Id = id,
            Name = json.Part("name").Text() ?? id,
            AudienceId = json.Part("audienceId").Text(),
            Origin = json.Part("originName").Text(),
            State = json.Part("lifecycleState").Text() ?? json.Part("lifecycle").Text(),
            Evaluation = EvaluationOf(json.Part("evaluationInfo")),
            Size = counts.Part("totalProfilesByStatus", "realized").Number() is { } realized
                ? realized + (counts.Part("totalProfilesByStatus", "existing").Number() ?? 0)
                : counts.Part("totalProfiles").Number(),
            LastEvaluated = json.Part("metrics", "updateEpoch").Moment(),
            Labels = [.. json.Part("labels").Items().Select(label => label.Text()).OfType<string>()],
            MergePolicyId = json.Part("mergePolicyId").Text() ?? json.Part("mergePolicy", "id").Text(),
            Description = json.Part("description").Text(),
            SchemaName = json.Part("schema", "name").Text(),
            MembershipNamespace = name.Length == 0 || name.Equals("AEPSegments", StringComparison.OrdinalIgnoreCase) ? "ups" : name,
        };
    }

    private static string? EvaluationOf(JsonElement info)
    {
        var kinds = new List<string>();
        if (info.Part("batch", "enabled").IsTrue()) kinds.Add("Batch");
        if (info.Part("continuous", "enabled").IsTrue()) kinds.Add("Streaming");
        if (info.Part("synchronous", "enabled").IsTrue()) kinds.Add("Edge");
        return kinds.Count == 0 ? null : string.Join(", ", kinds);
    }
}
