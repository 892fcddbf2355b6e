using System.Globalization;

namespace SegmentPush.Sandbox.Endpoints;

/// <summary>How many calls were made today.</summary>
internal sealed class UsageEndpoints(CallLimits limits, SandboxOptions options)
{
    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("GET", "/rest/v1/stats/usage.json", [], Usage);
    }

    private Reply Usage(Call call) => Reply.Success(call, json =>
    {
        json.WriteStartObject();
        json.WriteString("date", options.TimeProvider.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteNumber("total", limits.Today);
        json.WriteStartArray("users");
        json.WriteStartObject();
        json.WriteString("userId", options.ApiUser);
        json.WriteNumber("count", limits.Today);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
