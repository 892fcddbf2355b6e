using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SegmentPush.Marketo;

/// <summary>A part of the instance's people.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for; null where nobody wrote that.</param>
public sealed record LeadPartition(int Id, string Name, string? Description = null)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What an instance says of itself: its fields, its lead partitions, its use.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class InstanceFacts(MarketoTransport transport)
{
    /// <summary>The fields of people.</summary>
    public async Task<LeadFields> DescribeAsync(CancellationToken cancellation) =>
        await transport
            .CallAsync(new MarketoCall(HttpMethod.Get, "/rest/v1/leads/describe2.json"), ReadFields, cancellation)
            .ConfigureAwait(false);

    /// <summary>The lead partitions that the API-only user may see.</summary>
    public async Task<IReadOnlyList<LeadPartition>> GetPartitionsAsync(CancellationToken cancellation) =>
        await transport
            .CallAsync(new MarketoCall(HttpMethod.Get, "/rest/v1/leads/partitions.json"), ReadPartitions, cancellation)
            .ConfigureAwait(false);

    /// <summary>Calls that all integrations together have made today.</summary>
    public async Task<long> GetCallsOfTodayAsync(CancellationToken cancellation) =>
        await transport
            .CallAsync(new MarketoCall(HttpMethod.Get, "/rest/v1/stats/usage.json"), ReadUsage, cancellation)
            .ConfigureAwait(false);

    /// <summary>The calls and errors of days, the newest first.</summary>
    /// <param name="week">The last seven days instead of today alone.</param>
    /// <param name="quota">Calls that are permitted on a day.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IReadOnlyList<UsageDay>> GetUsageAsync(bool week, long quota, CancellationToken cancellation)
    {
        string period = week ? "/last7days.json" : ".json";
        var usage = await transport.CallAsync(
            new MarketoCall(HttpMethod.Get, "/rest/v1/stats/usage" + period), answer => Read(answer, MarketoJson.Default.UsageAnswerArray), cancellation).ConfigureAwait(false);
        var errors = await transport.CallAsync(
            new MarketoCall(HttpMethod.Get, "/rest/v1/stats/errors" + period), answer => Read(answer, MarketoJson.Default.ErrorsAnswerArray), cancellation).ConfigureAwait(false);
        return [.. usage.Select(day => DayOf(day, Array.Find(errors, other => DateOf(other.Date) == DateOf(day.Date)), quota)).OrderByDescending(day => day.Date)];
    }

    private static UsageDay DayOf(UsageAnswer day, ErrorsAnswer? errors, long quota) => new()
    {
        Date = DateOf(day.Date).ToDateTime(TimeOnly.MinValue),
        Calls = day.Total,
        QuotaShare = (double)day.Total / quota,
        Errors = errors?.Total,
        Users = [.. (day.Users ?? []).Select(user => new UserCalls(user.UserId ?? string.Empty, user.Count)).OrderByDescending(user => user.Calls)],
        ErrorCodes = [.. (errors?.Errors ?? []).Select(error => new CodeCount(error.ErrorCode ?? string.Empty, error.Count)).OrderByDescending(error => error.Count)],
    };

    // Marketo writes a day or a moment of it.
    private static DateOnly DateOf(string? text) =>
        text is { Length: >= 10 } && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new FormatException("No date.");

    private static T[] Read<T>(Answer answer, JsonTypeInfo<T[]> type) => answer.Result.IsEmpty ? [] : JsonSerializer.Deserialize(answer.Result.Span, type) ?? [];

    private static long ReadUsage(Answer answer) =>
        answer.Result.IsEmpty ? 0 : JsonSerializer.Deserialize(answer.Result.Span, MarketoJson.Default.UsageAnswerArray) is [{ Total: var total }, ..] ? total : 0;

    private static LeadFields ReadFields(Answer answer)
    {
        if (answer.Result.IsEmpty) throw new FormatException("No description.");
        using var document = JsonDocument.Parse(answer.Result);
        var lead = document.RootElement[0];

        // A field that is searchable only together with others can't find a person by itself.
        var searchable = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var fields in lead.GetProperty("searchableFields").EnumerateArray())
        {
            if (fields.GetArrayLength() == 1) searchable.Add(fields[0].GetString()!);
        }

        return new LeadFields(lead.GetProperty("fields").EnumerateArray().Select(field =>
        {
            string name = field.GetProperty("name").GetString()!;
            return new LeadField(
                name,
                field.TryGetProperty("displayName", out var display) ? display.GetString() ?? name : name,
                field.GetProperty("dataType").GetString()!,
                field.TryGetProperty("length", out var length) && length.ValueKind == JsonValueKind.Number ? length.GetInt32() : null,
                field.GetProperty("updateable").GetBoolean(),
                searchable.Contains(name));
        }));
    }

    private static LeadPartition[] ReadPartitions(Answer answer)
    {
        if (answer.Result.IsEmpty) return [];
        var partitions = JsonSerializer.Deserialize(answer.Result.Span, MarketoJson.Default.PartitionAnswerArray) ?? [];
        return [.. partitions.Select(partition => new LeadPartition(partition.Id, partition.Name ?? string.Empty, string.IsNullOrEmpty(partition.Description) ? null : partition.Description))];
    }
}
