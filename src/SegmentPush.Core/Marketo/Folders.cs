using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>Folders and programs, in which assets lie.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class Folders(MarketoTransport transport)
{
    private const string NothingFound = "702";

    // The most that Marketo returns at once, and deeper than anybody files things.
    private const int PageSize = 200, Depth = 20;

    /// <summary>The folder or program with an id; null where there is none that the API-only user may see.</summary>
    public async Task<Folder?> FindAsync(long id, FolderType type, CancellationToken cancellation)
    {
        var call = new MarketoCall(HttpMethod.Get, $"/rest/asset/v1/folder/{id}.json")
        {
            Query = new Query().Add("type", type.ToString()).ToString(),
        };
        var found = await FindAsync(call, cancellation).ConfigureAwait(false);
        return found.FirstOrDefault(folder => folder.Id == id && folder.Type == type);
    }

    /// <summary>The folders with a name, as Marketo compares it, but whole. Marketo knows no programs by it.</summary>
    public async Task<IReadOnlyList<Folder>> FindByNameAsync(string name, CancellationToken cancellation)
    {
        var call = new MarketoCall(HttpMethod.Get, "/rest/asset/v1/folder/byName.json")
        {
            Query = new Query().Add("name", name).ToString(),
        };
        var found = await FindAsync(call, cancellation).ConfigureAwait(false);
        return [.. found.Where(folder => folder.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).DistinctBy(folder => (folder.Id, folder.Type))];
    }

    /// <summary>The folders and programs that the API-only user may see, in Marketo's order.</summary>
    /// <param name="root">Where they lie, at any depth; null for everywhere.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<Folder> GetAsync(Folder? root, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int offset = 0; ; offset += PageSize)
        {
            var query = new Query().Add("root", root is null ? null : StaticLists.JsonOf(root)).Add("maxDepth", Depth).Add("maxReturn", PageSize).Add("offset", offset);
            var page = await FindAsync(new MarketoCall(HttpMethod.Get, "/rest/asset/v1/folders.json") { Query = query.ToString() }, cancellation).ConfigureAwait(false);
            foreach (var folder in page) yield return folder;
            if (page.Count < PageSize) yield break;
        }
    }

    private async Task<List<Folder>> FindAsync(MarketoCall call, CancellationToken cancellation)
    {
        try
        {
            return await transport.CallAsync(call, Read, cancellation).ConfigureAwait(false);
        }
        catch (MarketoException failure) when (failure.Code is NothingFound or "710")
        {
            return [];
        }
    }

    private static List<Folder> Read(Answer answer)
    {
        if (answer.Result.IsEmpty) return [];
        var folders = JsonSerializer.Deserialize(answer.Result.Span, MarketoJson.Default.FolderAnswerArray) ?? [];
        return [.. folders.Select(folder => new Folder(
            folder.FolderId?.Id ?? folder.Id,
            folder.FolderId is { } id ? id.ToType() : FolderType.Folder,
            folder.Name ?? string.Empty,
            folder.Path,
            folder.Workspace))];
    }
}
