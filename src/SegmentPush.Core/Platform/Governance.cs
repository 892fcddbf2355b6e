using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>Asks whether a data usage policy forbids emails to people of an audience.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class Governance(PlatformTransport transport)
{
    private const string Path = "/data/foundation/dulepolicy/bulk-eval";
    private const string EmailTargeting = "https://platform.adobe.io/data/foundation/dulepolicy/marketingActions/core/emailTargeting/constraints";

    /// <summary>Checks labels, and the labels of fields of a dataset, against the policies for the marketing action Email Targeting.</summary>
    /// <param name="labels">Labels of the audience, such as <c>core/C1</c>.</param>
    /// <param name="datasetId">The dataset that the fields lie in; null for none.</param>
    /// <param name="fields">Paths of the fields.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Names of the policies that are violated; none where all is allowed.</returns>
    /// <exception cref="PlatformException">The check fails.</exception>
    public async Task<IReadOnlyList<string>> FindViolationsAsync(
        IReadOnlyList<string> labels, string? datasetId, IReadOnlyList<string> fields, CancellationToken cancellation)
    {
        if (labels.Count == 0 && datasetId is null) return [];
        var call = new PlatformCall(HttpMethod.Post, Path) { Body = Write(labels, datasetId, fields), Permission = "View Data Usage Policies" };
        return await transport.CallAsync(call, answer => Read(call, answer.Json), cancellation).ConfigureAwait(false);
    }

    private static byte[] Write(IReadOnlyList<string> labels, string? datasetId, IReadOnlyList<string> fields)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartArray();
            if (labels.Count > 0)
            {
                json.WriteStartObject();
                json.WriteString("evalRef", EmailTargeting);
                json.WriteBoolean("includeDraft", false);
                json.WriteStartArray("labels");

                // The list of audiences writes core/C1, the policies C1.
                foreach (string label in labels.Select(label => label.StartsWith("core/", StringComparison.Ordinal) ? label["core/".Length..] : label).Distinct()) json.WriteStringValue(label);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            if (datasetId is not null)
            {
                json.WriteStartObject();
                json.WriteString("evalRef", EmailTargeting);
                json.WriteBoolean("includeDraft", false);
                json.WriteStartArray("entityList");
                json.WriteStartObject();
                json.WriteString("entityType", "dataSet");
                json.WriteString("entityId", datasetId);
                json.WriteStartObject("entityMeta");
                json.WriteStartArray("fields");
                foreach (string field in fields) json.WriteStringValue(field);
                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return body.ToArray();
    }

    private static IReadOnlyList<string> Read(PlatformCall call, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) throw PlatformAttempts.NotUnderstood(call, "was answered without results");
        var violated = new List<string>();
        foreach (var result in json.Items())
        {
            // Each result has a status of its own: one that is no success allows nothing.
            if (result.Part("status").Number() != 200)
            {
                string said = SafeText.Of(result.Part("error", "title").Text() ?? result.Part("error", "detail").Text() ?? result.Part("error", "message").Text());
                throw PlatformAttempts.NotUnderstood(call, $"could not check a policy{(said.Length > 0 ? ": " + said : string.Empty)}");
            }

            foreach (var policy in result.Part("body", "violatedPolicies").Items()) violated.Add(SafeText.Of(policy.Part("name").Text() ?? policy.Part("id").Text() ?? "a policy without a name"));
        }

        return [.. violated.Distinct(StringComparer.Ordinal)];
    }
}
