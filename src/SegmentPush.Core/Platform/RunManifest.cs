using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>The manifest that a run of a destination writes into the Data Landing Zone beside its files. It says which files are the run's.</summary>
/// <param name="blobs">The Data Landing Zone.</param>
/// <param name="listed">The files that lie there, by their names.</param>
/// <param name="name">Name of the manifest.</param>
internal sealed class RunManifest(BlobCalls blobs, IReadOnlyDictionary<string, long> listed, string name)
{
    /// <summary>Looks for the manifest of a run.</summary>
    /// <returns>Null where it is not there (yet).</returns>
    /// <exception cref="PlatformException">The Data Landing Zone can't be read.</exception>
    public static async Task<RunManifest?> FindAsync(BlobCalls blobs, string runId, CancellationToken cancellation)
    {
        var listed = await LandingZone.ListAsync(blobs, cancellation).ConfigureAwait(false);
        return listed.Keys.FirstOrDefault(name => IsOf(name, runId)) is { } found ? new RunManifest(blobs, listed, found) : null;
    }

    /// <summary>The manifest itself and the files that it names.</summary>
    /// <exception cref="PlatformException">The Data Landing Zone lacks a file (<c>PlatformFileIncomplete</c>).</exception>
    public async Task<IReadOnlyList<BatchFile>> ReadAsync(CancellationToken cancellation)
    {
        var named = await ReadNamesAsync(cancellation).ConfigureAwait(false);
        return [FileOf(name), .. named.Select(Find)];
    }

    /// <summary>Names of the run's files.</summary>
    /// <exception cref="PlatformException">The manifest can't be read.</exception>
    public async Task<IReadOnlyList<string>> GetNamesAsync(CancellationToken cancellation) =>
        [.. (await ReadNamesAsync(cancellation).ConfigureAwait(false)).Select(file => file.Name)];

    private PlatformCall Call => LandingZone.CallOf(blobs, FileOf(name)) with { AnswersFile = true };

    private static bool IsOf(string name, string runId)
    {
        string last = name[(name.LastIndexOf('/') + 1)..];
        return last.StartsWith("manifest", StringComparison.OrdinalIgnoreCase)
            && last.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            && last.Contains(runId, StringComparison.OrdinalIgnoreCase);
    }

    private Task<IReadOnlyList<NamedFile>> ReadNamesAsync(CancellationToken cancellation) =>
        blobs.CallAsync(Call, answer => Read(Call, answer.Bytes), cancellation);

    private static IReadOnlyList<NamedFile> Read(PlatformCall call, ReadOnlyMemory<byte> bytes)
    {
        using var json = JsonDocument.Parse(bytes);
        var results = json.RootElement.Part("exportResults");
        if (results.ValueKind != JsonValueKind.Array) throw PlatformAttempts.NotUnderstood(call, "brought a manifest without files");
        return [.. results.Items().Select(result => new NamedFile(
            result.Part("sinkPath").Text() ?? "",
            result.Part("name").Text() ?? throw PlatformAttempts.NotUnderstood(call, "brought a manifest with a file without a name"),
            result.Part("size").Number() ?? -1))];
    }

    // Where the folder of the manifest begins, Adobe's pages leave open: the file's name and size find it, and the folder where several have them.
    private BatchFile Find(NamedFile file)
    {
        string[] found = [.. listed
            .Where(blob => blob.Key == file.Name || blob.Key.EndsWith("/" + file.Name, StringComparison.Ordinal))
            .Where(blob => file.Size < 0 || blob.Value == file.Size)
            .Select(blob => blob.Key)];
        if (found.Length > 1) found = [.. found.Where(other => ("/" + file.Folder.Trim('/')).EndsWith("/" + FolderOf(other), StringComparison.Ordinal))];
        if (found is [var only]) return FileOf(only);
        throw new PlatformException(PlatformErrors.Of("FileIncomplete"), Call, found.Length == 0
            ? (MessageText)"The manifest names a file that the Data Landing Zone lacks, or has in another size."
            : "The manifest names a file that the Data Landing Zone has more than once.");
    }

    private static string FolderOf(string name) => name.LastIndexOf('/') is >= 0 and var at ? name[..at] : "";

    private BatchFile FileOf(string blob) => new(blob, blob, listed[blob]);

    private readonly record struct NamedFile(string Folder, string Name, long Size);
}
