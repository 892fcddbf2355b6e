using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>How many profiles the last evaluations found in each audience, and when.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class AudienceCounts(PlatformTransport transport)
{
    private const string Path = "/data/core/ups/segment/jobs";
    private const int Jobs = 10;

    /// <summary>The counts of the newest evaluations, by the audience's id.</summary>
    /// <returns>None where the credential may not see evaluations: counts are for information only.</returns>
    public Task<IReadOnlyDictionary<string, AudienceCount>> GetAsync(CancellationToken cancellation) =>
        GetAsync(new Query().Add("status", "SUCCEEDED").Add("sort", "creationTime:desc").Add("limit", Jobs), cancellation);

    /// <summary>The audience with the count of its last evaluation.</summary>
    public async Task<PlatformAudience> FillAsync(PlatformAudience audience, CancellationToken cancellation)
    {
        if (audience is { Size: not null, LastEvaluated: not null }) return audience;
        var query = new Query().Add("status", "SUCCEEDED").Add("sort", "creationTime:desc").Add("limit", 1).Add("property", $"segments~segmentId=={audience.Id}");
        var counts = await GetAsync(query, cancellation).ConfigureAwait(false);
        if (!counts.ContainsKey(audience.Id)) counts = await GetAsync(cancellation).ConfigureAwait(false);
        return Fill(audience, counts);
    }

    /// <summary>The audience with its count among those that are known.</summary>
    public static PlatformAudience Fill(PlatformAudience audience, IReadOnlyDictionary<string, AudienceCount> counts) =>
        counts.TryGetValue(audience.Id, out var count)
            ? audience with { Size = audience.Size ?? count.Profiles, LastEvaluated = audience.LastEvaluated ?? count.Evaluated }
            : audience;

    private async Task<IReadOnlyDictionary<string, AudienceCount>> GetAsync(Query query, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Get, Path) { Query = query.ToString(), Permission = "View Segments" };
        try
        {
            return await transport.CallAsync(call, answer => Read(answer.Json), cancellation).ConfigureAwait(false);
        }
        catch (PlatformException refusal) when (refusal.Class == PlatformErrorClass.Refuse)
        {
            return new Dictionary<string, AudienceCount>();
        }
    }

    private static Dictionary<string, AudienceCount> Read(JsonElement json)
    {
        var counts = new Dictionary<string, AudienceCount>(StringComparer.Ordinal);
        foreach (var job in json.Part("children").Items())
        {
            var evaluated = job.Part("metrics", "totalTime", "endTimeInMs").Moment() ?? job.Part("updateTime").Moment() ?? job.Part("creationTime").Moment();
            var byStatus = job.Part("metrics", "segmentedProfileByStatusCounter");
            foreach (var counter in job.Part("metrics", "segmentedProfileCounter").Members())
            {
                // The counter of a status leaves out those who have left.
                var statuses = byStatus.Part(counter.Name);
                long? isIn = statuses.Part("realized").Number() is { } realized ? realized + (statuses.Part("existing").Number() ?? 0) : counter.Value.Number();
                if (isIn is { } profiles) counts.TryAdd(counter.Name, new AudienceCount(profiles, evaluated));
            }
        }

        return counts;
    }
}

/// <summary>What an evaluation found.</summary>
/// <param name="Profiles">Number of profiles in the audience.</param>
/// <param name="Evaluated">When it ended; null where the platform does not say.</param>
internal readonly record struct AudienceCount(long Profiles, DateTimeOffset? Evaluated);
