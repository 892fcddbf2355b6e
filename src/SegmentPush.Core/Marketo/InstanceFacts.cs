using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>A part of the instance's people.</summary>
internal sealed record LeadPartition(int Id, string Name);

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
        return [.. partitions.Select(partition => new LeadPartition(partition.Id, partition.Name ?? string.Empty))];
    }
}
