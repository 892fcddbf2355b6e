using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>The dataset that all exports of SegmentPush go into, made once in a sandbox and found again by its name.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class ExportDatasets(PlatformTransport transport)
{
    /// <summary>Name of the dataset.</summary>
    public const string Name = "SegmentPush export";

    private const string Path = "/data/foundation/catalog/dataSets";
    private const string UnionSchema = "https://ns.adobe.com/xdm/context/profile__union";
    private const string Permission = "Manage Datasets";
    private const int PageSize = 100, MostTries = 3;

    /// <summary>The id of the dataset; null where it does not exist yet.</summary>
    public async Task<string?> FindAsync(CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Get, Path)
        {
            Query = new Query().Add("name", Name).Add("properties", "name,schemaRef,created").Add("limit", PageSize).ToString(),
            Permission = "View Datasets",
        };
        return await transport.CallAsync(call, answer => Oldest(call, answer.Json), cancellation).ConfigureAwait(false);
    }

    /// <summary>The id of the dataset, which is made where it does not exist.</summary>
    /// <exception cref="PlatformException">It can't be made.</exception>
    public async Task<string> GetOrCreateAsync(CancellationToken cancellation)
    {
        for (int tried = 1; ; tried++)
        {
            if (await FindAsync(cancellation).ConfigureAwait(false) is { } existing) return existing;
            try
            {
                string made = await CreateAsync(cancellation).ConfigureAwait(false);

                // Another push may have made one at the same moment: all use the oldest.
                return await FindAsync(cancellation).ConfigureAwait(false) ?? made;
            }
            catch (PlatformException lost) when (lost.Class == PlatformErrorClass.AnswerLost && tried < MostTries)
            {
                await Task.Delay(TimeSpan.FromSeconds(2 * tried), transport.Time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private Task<string> CreateAsync(CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("name", Name);
            json.WriteString("description", "Audiences that SegmentPush exported. Each batch is one export; SegmentPush deletes older ones where it may.");
            json.WriteStartObject("schemaRef");
            json.WriteString("id", UnionSchema);
            json.WriteString("contentType", "application/vnd.adobe.xed+json;version=1");
            json.WriteEndObject();
            json.WriteStartObject("fileDescription");
            json.WriteBoolean("persisted", true);
            json.WriteString("containerFormat", "parquet");
            json.WriteString("format", "parquet");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        var call = new PlatformCall(HttpMethod.Post, Path) { Body = body.ToArray(), Permission = Permission, Repeatable = false };
        return transport.CallAsync(
            call,
            answer => IdOf(answer.Json.Items().FirstOrDefault().Text()) ?? throw PlatformAttempts.NotUnderstood(call, "was answered without the id of the dataset"),
            cancellation);
    }

    // "@/dataSets/5b02…", in either case.
    private static string? IdOf(string? reference) => reference?[(reference.LastIndexOf('/') + 1)..] is { Length: > 0 } id ? id : null;

    private static string? Oldest(PlatformCall call, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw PlatformAttempts.NotUnderstood(call, "was answered without datasets");

        // The filter may find names that only hold this one.
        return json.Members()
            .Where(member => member.Value.Part("name").Text() == Name)
            .Where(member => member.Value.Part("schemaRef", "id").Text() is null or UnionSchema)
            .OrderBy(member => member.Value.Part("created").Number() ?? long.MaxValue)
            .ThenBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => member.Name)
            .FirstOrDefault();
    }
}
