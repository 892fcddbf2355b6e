using System.Globalization;
using System.Text.Json;

namespace SegmentPush.Sandbox.Endpoints;

/// <summary>How many calls were made, and which errors came, today and in the last seven days.</summary>
internal sealed class UsageEndpoints(CallLimits limits, SandboxOptions options)
{
    public IEnumerable<Endpoint> All()
    {
        yield return new Endpoint("GET", "/rest/v1/stats/usage.json", [], call => Usage(call, limits.Week.TakeLast(1)));
        yield return new Endpoint("GET", "/rest/v1/stats/usage/last7days.json", [], call => Usage(call, limits.Week));
        yield return new Endpoint("GET", "/rest/v1/stats/errors.json", [], call => Errors(call, limits.Week.TakeLast(1)));
        yield return new Endpoint("GET", "/rest/v1/stats/errors/last7days.json", [], call => Errors(call, limits.Week));
    }

    private Reply Usage(Call call, IEnumerable<(DateTime Day, int Calls)> days) => Reply.Success(call, json =>
    {
        foreach (var (day, calls) in days)
        {
            json.WriteStartObject();
            Write(json, day, calls);
            json.WriteStartArray("users");
            json.WriteStartObject();
            json.WriteString("userId", options.ApiUser);
            json.WriteNumber("count", calls);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
    });

    private Reply Errors(Call call, IEnumerable<(DateTime Day, int Calls)> days) => Reply.Success(call, json =>
    {
        foreach (var (day, _) in days)
        {
            var errors = limits.ErrorsOf(day);
            json.WriteStartObject();
            Write(json, day, errors.Sum(error => error.Count));
            json.WriteStartArray("errors");
            foreach (var (code, count) in errors)
            {
                json.WriteStartObject();
                json.WriteString("errorCode", code);
                json.WriteNumber("count", count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    });

    private static void Write(Utf8JsonWriter json, DateTime day, int total)
    {
        json.WriteString("date", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteNumber("total", total);
    }
}
