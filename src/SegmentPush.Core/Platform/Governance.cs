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
    /// <returns>The policies that are violated; null where all is allowed.</returns>
    /// <exception cref="PlatformException">The check fails.</exception>
    public async Task<PolicyViolation?> FindViolationAsync(
        IReadOnlyList<string> labels, string? datasetId, IReadOnlyList<string> fields, CancellationToken cancellation)
    {
        if (labels.Count == 0 && datasetId is null) return null;
        var apart = await EvaluateAsync(labels, datasetId, fields, cancellation).ConfigureAwait(false);
        var violated = apart.Where(result => result.Violated.Count > 0).ToList();

        // The policy service checks labels and fields apart, and a policy may forbid what they are together.
        string[] all = [.. apart.SelectMany(result => result.Labels).Distinct(StringComparer.Ordinal)];
        if (all.Length > apart.Max(result => result.Labels.Count))
        {
            var together = await EvaluateAsync(all, null, [], cancellation).ConfigureAwait(false);
            if (together.Any(result => result.Violated.Except(violated.SelectMany(known => known.Violated)).Any())) violated = [.. apart, .. together];
        }

        if (violated.Count == 0) return null;
        bool isByAudience = labels.Count > 0 && violated.Contains(apart[0]), isByFields = datasetId is not null && violated.Contains(apart[^1]);
        return new PolicyViolation(
            [.. violated.SelectMany(result => result.Violated).Distinct(StringComparer.Ordinal)],
            isByAudience ? labels : [],
            isByFields ? apart[^1].LabelsOfFields : []);
    }

    private Task<Evaluation[]> EvaluateAsync(
        IReadOnlyList<string> labels, string? datasetId, IReadOnlyList<string> fields, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Post, Path) { Body = Write(labels, datasetId, fields), Permission = "View Data Usage Policies" };
        int asked = (labels.Count > 0 ? 1 : 0) + (datasetId is null ? 0 : 1);
        return transport.CallAsync(call, answer => Read(call, answer.Json, asked), cancellation);
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

                foreach (string label in labels.Select(Plain).Distinct()) json.WriteStringValue(label);
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

    // The list of audiences writes core/C1, the policies C1.
    private static string Plain(string label) => label.StartsWith("core/", StringComparison.Ordinal) || label.StartsWith("custom/", StringComparison.Ordinal)
        ? label[(label.IndexOf('/', StringComparison.Ordinal) + 1)..]
        : label;

    private static Evaluation[] Read(PlatformCall call, JsonElement json, int asked)
    {
        // An evaluation without its result would pass for one that found nothing.
        Evaluation[] evaluations = [.. json.Items().Select(result => Read(call, result))];
        return evaluations.Length == asked ? evaluations : throw PlatformAttempts.NotUnderstood(call, "was answered without a result for each evaluation");
    }

    private static Evaluation Read(PlatformCall call, JsonElement result)
    {
        // Each result has a status of its own: one that is no success allows nothing.
        var violated = result.Part("body", "violatedPolicies");
        if (result.Part("status").Number() != 200 || violated.ValueKind != JsonValueKind.Array)
        {
            string said = SafeText.Of(result.Part("error", "title").Text() ?? result.Part("error", "detail").Text() ?? result.Part("error", "message").Text());
            throw PlatformAttempts.NotUnderstood(call, said.Length > 0 ? (MessageText)$"could not check a policy: {said}" : "could not check a policy");
        }

        return new Evaluation(
            Texts(result.Part("body", "duleLabels")),
            [.. violated.Items().Select(policy => SafeText.Of(policy.Part("name").Text() ?? policy.Part("id").Text() ?? MessageText.Say("a policy without a name")))],
            LabelsOfFields(result.Part("body")));
    }

    // What the dataset itself has is a label of each of its fields.
    private static IReadOnlyList<string> LabelsOfFields(JsonElement body)
    {
        string[] ofFields = [.. body.Part("discoveredLabels").Items().SelectMany(entity => entity.Part("dataSetLabels", "fields").Items()).SelectMany(Describe)];
        return ofFields.Length > 0 ? ofFields : Texts(body.Part("duleLabels"));
    }

    private static IEnumerable<string> Describe(JsonElement field) =>
        Texts(field.Part("labels")).Select(label => field.Part("path").Text() is { } path ? $"{label} {SafeText.Of(path)}" : label);

    private static IReadOnlyList<string> Texts(JsonElement list) => [.. list.Items().Select(item => item.Text()).OfType<string>().Select(text => SafeText.Of(text))];

    /// <summary>What one evaluation found.</summary>
    /// <param name="Labels">The labels that it looked at.</param>
    /// <param name="Violated">Names of the policies that are violated.</param>
    /// <param name="LabelsOfFields">The labels with the fields that have them, where the service tells.</param>
    private sealed record Evaluation(IReadOnlyList<string> Labels, IReadOnlyList<string> Violated, IReadOnlyList<string> LabelsOfFields);
}

/// <summary>Data usage policies that forbid emails to people of an audience.</summary>
/// <param name="Policies">Their names.</param>
/// <param name="LabelsOfAudience">The labels of the audience, where they play a part.</param>
/// <param name="LabelsOfFields">The labels of the fields that are exported, where they play a part.</param>
internal sealed record PolicyViolation(IReadOnlyList<string> Policies, IReadOnlyList<string> LabelsOfAudience, IReadOnlyList<string> LabelsOfFields)
{
    /// <summary>The labels that the policies forbid, for people.</summary>
    public MessageText Labels => (LabelsOfAudience, LabelsOfFields) switch
    {
        (_, []) => OfAudience,
        ([], _) => OfFields,
        _ => $"{OfAudience} and {OfFields}",
    };

    private MessageText OfAudience => $"labels of the audience ({string.Join(", ", LabelsOfAudience)})";

    private MessageText OfFields => $"labels of the exported fields ({string.Join(", ", LabelsOfFields)})";
}
