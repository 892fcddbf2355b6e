using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>Static lists and who is on them.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed partial class StaticLists(MarketoTransport transport)
{
    /// <summary>Most people in one call.</summary>
    public const int MaxRecords = 300;

    private const string ListNotFound = "1013";
    private const string NothingFound = "702";
    private const string RuleViolated = "709";

    private const string AssetPath = "/rest/asset/v1/staticLists.json";
    private const int AssetPageSize = 200;
    private const int MostCreates = 3;

    /// <summary>The instance's host.</summary>
    public string Host => transport.Host;

    /// <summary>Marketo gives up making an asset after this time, so that what is not there then will not come.</summary>
    private static readonly TimeSpan s_createTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The list with an id; null where there is none that the API-only user may see.</summary>
    public async Task<StaticList?> FindAsync(long id, CancellationToken cancellation)
    {
        try
        {
            var call = new MarketoCall(HttpMethod.Get, $"/rest/v1/lists/{id}.json");
            var lists = await transport.CallAsync(call, Read, cancellation).ConfigureAwait(false);
            return lists.FirstOrDefault(list => list.Id == id);
        }
        catch (MarketoException failure) when (failure.Code is ListNotFound or NothingFound)
        {
            return null;
        }
    }

    /// <summary>All lists, or those with a name, page by page.</summary>
    /// <param name="name">Name that Marketo is asked for; it decides itself how it compares. Null for all lists.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<StaticList> GetAsync(string? name, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var paging = new Paging();
        while (true)
        {
            var call = new MarketoCall(HttpMethod.Get, "/rest/v1/lists.json")
            {
                Query = new Query().Add("name", name).Add("batchSize", Paging.PageSize).Add("nextPageToken", paging.Token).ToString(),
            };
            var (page, next, more) = await transport
                .CallAsync(call, answer => (Read(answer), answer.NextPageToken, answer.MoreResult), cancellation)
                .ConfigureAwait(false);
            foreach (var list in page) yield return list;
            if (!paging.MoveNext(call, next, more)) yield break;
        }
    }

    /// <summary>The lists with a name, compared whole and without case.</summary>
    public async Task<NamedStaticLists> FindByNameAsync(string name, CancellationToken cancellation)
    {
        var named = await FindAsync(name, GetAsync(name, cancellation)).ConfigureAwait(false);

        // Marketo compares names by rules of its own; so before there is none, all of them are looked through.
        return named.Found.Count > 0 ? named : await FindAsync(name, GetAsync(null, cancellation)).ConfigureAwait(false);
    }

    private static async Task<NamedStaticLists> FindAsync(string name, IAsyncEnumerable<StaticList> lists)
    {
        var found = new List<StaticList>();
        var others = new List<string>();
        await foreach (var list in lists.ConfigureAwait(false))
        {
            if (!string.Equals(list.Name, name, StringComparison.OrdinalIgnoreCase)) others.Add(list.Name);
            else if (found.TrueForAll(other => other.Id != list.Id)) found.Add(list);
        }

        return new NamedStaticLists(name, found, found.Count > 0 ? [] : NearestNames.Of(name, others.Distinct(StringComparer.Ordinal)));
    }

    /// <summary>Finds out, without changing anything, whether a list's name can be had in a folder.</summary>
    /// <returns>The name without blanks around it.</returns>
    /// <exception cref="SegmentPushException">The name is empty (<c>InvalidStaticList</c>) or taken (<c>StaticListExists</c>).</exception>
    public async Task<string> CheckNameAsync(string name, Folder folder, CancellationToken cancellation)
    {
        string trimmed = name.Trim();
        if (trimmed.Length == 0) throw new SegmentPushException("InvalidStaticList", "The name of the static list is empty.", "Give it a name.");
        if (await FindInAsync(folder, trimmed, cancellation).ConfigureAwait(false) is { } taken) throw Exists(taken);
        return trimmed;
    }

    /// <summary>Makes a list. A list whose making was answered too late to be heard is found by its name.</summary>
    /// <param name="name">Name, which no other list of the folder has.</param>
    /// <param name="folder">Where it will lie.</param>
    /// <param name="description">Description; null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">The name is empty (<c>InvalidStaticList</c>) or taken (<c>StaticListExists</c>).</exception>
    /// <exception cref="AnswerLostException">It may have been made, or not.</exception>
    public async Task<StaticList> CreateAsync(string name, Folder folder, string? description, CancellationToken cancellation)
    {
        string trimmed = await CheckNameAsync(name, folder, cancellation).ConfigureAwait(false);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await SendNewAsync(trimmed, folder, description, cancellation).ConfigureAwait(false);
            }
            catch (MarketoException refusal) when (refusal.Code == RuleViolated)
            {
                // Names may have to differ in more than the folder; which rule it was, Marketo tells in words alone.
                var named = await FindByNameAsync(trimmed, cancellation).ConfigureAwait(false);
                if (named.Found.Count == 0) throw;
                throw Exists(named.Found[0], refusal);
            }
            catch (AnswerLostException lost)
            {
                // There was none before, so one that is there now is this one.
                if (await FindInAsync(folder, trimmed, cancellation).ConfigureAwait(false) is { } made) return made;
                var rest = lost.SentAt + s_createTimeout - transport.Time.GetUtcNow();
                if (rest > s_createTimeout) rest = s_createTimeout;
                if (rest > TimeSpan.Zero) await Task.Delay(rest, transport.Time, cancellation).ConfigureAwait(false);
                if (await FindInAsync(folder, trimmed, cancellation).ConfigureAwait(false) is { } madeLate) return madeLate;
                if (attempt >= Math.Min(MostCreates, 1 + transport.RetryLimit)) throw;
            }
        }
    }

    private async Task<StaticList> SendNewAsync(string name, Folder folder, string? description, CancellationToken cancellation)
    {
        var call = new MarketoCall(HttpMethod.Post, AssetPath)
        {
            ContentType = "application/x-www-form-urlencoded",
            Body = [new Query().Add("name", name).Add("folder", JsonOf(folder)).Add("description", description).ToForm()],
            Repeatable = false,
        };
        return await transport.CallAsync(
            call,
            answer => ReadAssets(answer) is [var list, ..] ? Of(list, folder) : throw RecordReader.Incomplete(call, answer, "names no static list"),
            cancellation).ConfigureAwait(false);
    }

    // The list of a folder with a name; lists in folders below are others.
    private async Task<StaticList?> FindInAsync(Folder folder, string name, CancellationToken cancellation)
    {
        for (int offset = 0; ; offset += AssetPageSize)
        {
            var call = new MarketoCall(HttpMethod.Get, AssetPath)
            {
                Query = new Query().Add("folder", JsonOf(folder)).Add("maxReturn", AssetPageSize).Add("offset", offset).ToString(),
            };
            StaticListAssetAnswer[] lists;
            try
            {
                lists = await transport.CallAsync(call, ReadAssets, cancellation).ConfigureAwait(false);
            }
            catch (MarketoException failure) when (failure.Code == NothingFound)
            {
                return null;
            }

            var found = Array.Find(lists, list => folder.IsSame(list.Folder) && name.Equals(list.Name, StringComparison.OrdinalIgnoreCase));
            if (found is not null) return Of(found, folder);
            if (lists.Length < AssetPageSize) return null;
        }
    }

    /// <summary>A folder as the asset API takes it.</summary>
    internal static string JsonOf(Folder folder) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{folder.Id}},"type":"{{folder.Type}}"}""");

    private static SegmentPushException Exists(StaticList list, Exception? cause = null) => new(
        "StaticListExists",
        $"There is a static list named '{list.Name}' already: {list.Id}.",
        "Use that list by its id, or choose another name.",
        list.Id,
        cause);

    private static List<StaticList> Read(Answer answer)
    {
        if (answer.Result.IsEmpty) return [];
        var lists = JsonSerializer.Deserialize(answer.Result.Span, MarketoJson.Default.StaticListAnswerArray) ?? [];
        return [.. lists.Select(list => new StaticList
        {
            Id = list.Id,
            Name = list.Name ?? string.Empty,
            Description = list.Description,
            ProgramName = list.ProgramName,
            WorkspaceName = list.WorkspaceName,
            CreatedAt = MarketoTime.Parse(list.CreatedAt),
            UpdatedAt = MarketoTime.Parse(list.UpdatedAt),
        })];
    }

    private static StaticListAssetAnswer[] ReadAssets(Answer answer) => answer.Result.IsEmpty
        ? []
        : JsonSerializer.Deserialize(answer.Result.Span, MarketoJson.Default.StaticListAssetAnswerArray) ?? [];

    private static StaticList Of(StaticListAssetAnswer list, Folder folder) => new()
    {
        Id = list.Id,
        Name = list.Name ?? string.Empty,
        Description = string.IsNullOrEmpty(list.Description) ? null : list.Description,
        ProgramName = folder.Type == FolderType.Program ? folder.Name : null,
        WorkspaceName = list.Workspace,
        CreatedAt = MarketoTime.Parse(list.CreatedAt),
        UpdatedAt = MarketoTime.Parse(list.UpdatedAt),
    };
}
