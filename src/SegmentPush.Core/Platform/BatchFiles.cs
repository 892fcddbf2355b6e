using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>A file of a batch.</summary>
/// <param name="FileId">Id of the dataset file that holds it.</param>
/// <param name="Name">Its name within the dataset file.</param>
/// <param name="Length">Its size in bytes.</param>
internal sealed record BatchFile(string FileId, string Name, long Length);

/// <summary>Lists the files of batches.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class BatchFiles(PlatformTransport transport)
{
    private const string Root = "/data/foundation/export";
    private const int PageSize = 100, MostLevels = 4;

    /// <summary>The files of a batch that hold profiles, in the order of their ids and names; null where Data Access does not know the batch (yet).</summary>
    /// <exception cref="PlatformException">They can't be listed, or the pages never end (<c>PagingStuck</c>).</exception>
    public async Task<IReadOnlyList<BatchFile>?> FindAsync(string batchId, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(batchId, cancellation).ConfigureAwait(false);
        }
        catch (PlatformException missing) when (missing.HttpStatus == 404 && missing.ErrorId == "PlatformNotFound")
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<BatchFile>> GetAsync(string batchId, CancellationToken cancellation)
    {
        var files = new List<BatchFile>();
        foreach (string id in await IdsAsync($"{Root}/batches/{Uri.EscapeDataString(batchId)}/files", cancellation).ConfigureAwait(false))
        {
            await AddAsync(id, files, 1, cancellation).ConfigureAwait(false);
        }

        return [.. files.DistinctBy(file => (file.FileId, file.Name)).OrderBy(file => file.FileId, StringComparer.Ordinal).ThenBy(file => file.Name, StringComparer.Ordinal)];
    }

    /// <summary>The call that brings a file.</summary>
    public static PlatformCall CallOf(BatchFile file) => new(HttpMethod.Get, PathOf(file.FileId))
    {
        Query = new Query().Add("path", file.Name).ToString(),
        Permission = "View Datasets",
    };

    private static string PathOf(string fileId) => $"{Root}/files/{Uri.EscapeDataString(fileId)}";

    private async Task AddAsync(string id, List<BatchFile> files, int level, CancellationToken cancellation)
    {
        var entries = await EntriesAsync(PathOf(id), cancellation).ConfigureAwait(false);
        foreach (var entry in entries)
        {
            // Markers such as _SUCCESS and checksum files hold nobody.
            if (entry.Name is { } name)
            {
                string last = name[(name.LastIndexOf('/') + 1)..];
                if (entry.Length > 0 && last is [not ('_' or '.'), ..]) files.Add(new BatchFile(id, name, entry.Length));
            }
            else if (entry.FileId is { } inner && inner != id && level < MostLevels)
            {
                await AddAsync(inner, files, level + 1, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<IReadOnlyList<string>> IdsAsync(string path, CancellationToken cancellation) =>
        [.. (await EntriesAsync(path, cancellation).ConfigureAwait(false)).Select(entry => entry.FileId).OfType<string>().Distinct(StringComparer.Ordinal)];

    private async Task<IReadOnlyList<Entry>> EntriesAsync(string path, CancellationToken cancellation)
    {
        var entries = new List<Entry>();
        var starts = new HashSet<string>(StringComparer.Ordinal);
        string? start = null;
        do
        {
            var call = new PlatformCall(HttpMethod.Get, path)
            {
                Query = new Query().Add("limit", PageSize).Add("start", start).ToString(),
                Permission = "View Datasets",
            };
            int before = entries.Count;
            string? next = await transport.CallAsync(call, answer => Read(call, answer.Json, entries), cancellation).ConfigureAwait(false);
            if (next is not null && !starts.Add(next)) throw new PlatformException(PlatformErrors.Of("PagingStuck"), call, $"{call.Name} leads from page to page in a circle.");
            start = entries.Count == before ? null : next;
        }
        while (start is not null);
        return entries;
    }

    // Returns where the next page starts. The address of the link is not used: a token goes to one host only.
    private static string? Read(PlatformCall call, JsonElement json, List<Entry> entries)
    {
        if (json.Part("data").ValueKind != JsonValueKind.Array) throw PlatformAttempts.NotUnderstood(call, "was answered without a list of files");
        int count = 0;
        foreach (var item in json.Part("data").Items())
        {
            count++;
            string? name = item.Part("name").Text();
            long? length = item.Part("length").Number();
            if (name is not null && length is null) throw PlatformAttempts.NotUnderstood(call, "was answered with a file without its length");
            entries.Add(new Entry(item.Part("dataSetFileId").Text(), name, length ?? 0));
        }

        if (count == 0 || json.Part("_links", "next", "href").Text() is not { } href) return null;
        return LinkParts.StartOf(href) ?? entries.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private readonly record struct Entry(string? FileId, string? Name, long Length);
}
