using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>Static lists and who is on them.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class StaticLists(MarketoTransport transport)
{
    /// <summary>Most people in one call.</summary>
    public const int MaxRecords = 300;

    private const string ListNotFound = "1013";
    private const string NothingFound = "702";
    private const string RuleViolated = "709";

    private const string AssetPath = "/rest/asset/v1/staticLists.json";
    private const int AssetPageSize = 200;
    private const int MostCreates = 3;

    /// <summary>The largest id that Marketo's form of ids can hold; no instance has come near.</summary>
    private const long Nobody = int.MaxValue;

    /// <summary>Marketo gives up making an asset after this time, so that what is not there then will not come.</summary>
    private static readonly TimeSpan s_createTimeout = TimeSpan.FromSeconds(30);

    private static readonly string[] s_memberFields = ["id", "email", "firstName", "lastName", "updatedAt"];

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
    public async Task<IReadOnlyList<StaticList>> FindByNameAsync(string name, CancellationToken cancellation)
    {
        var named = await NamedAsync(GetAsync(name, cancellation)).ConfigureAwait(false);

        // Marketo compares names by rules of its own; so before there is none, all of them are looked through.
        return named.Count > 0 ? named : await NamedAsync(GetAsync(null, cancellation)).ConfigureAwait(false);

        async Task<List<StaticList>> NamedAsync(IAsyncEnumerable<StaticList> lists)
        {
            var found = new List<StaticList>();
            await foreach (var list in lists.ConfigureAwait(false))
            {
                if (string.Equals(list.Name, name, StringComparison.OrdinalIgnoreCase) && found.TrueForAll(other => other.Id != list.Id))
                    found.Add(list);
            }

            return found;
        }
    }

    /// <summary>The people on a list, page by page.</summary>
    /// <param name="listId">The list.</param>
    /// <param name="moreFields">Further fields to read, by REST API name.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<StaticListMember> GetMembersAsync(
        long listId, IReadOnlyList<string> moreFields, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var fields = s_memberFields.Concat(moreFields).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        var pages = PagesAsync(listId, fields, answer => ReadMembers(listId, moreFields, answer), cancellation);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var member in page) yield return member;
        }
    }

    /// <summary>Who is on a list, with nothing but id and identity, a page of at most 300 people at a time.</summary>
    /// <param name="listId">The list.</param>
    /// <param name="identityField">Field that the identity is read from, by REST API name.</param>
    /// <param name="cancellation">Ends it.</param>
    public IAsyncEnumerable<IReadOnlyList<ListedPerson>> ReadAsync(
        long listId, string identityField, CancellationToken cancellation)
    {
        string[] fields = [.. new[] { "id", identityField }.Distinct(StringComparer.OrdinalIgnoreCase)];
        return PagesAsync(listId, fields, answer => ReadListed(identityField, answer), cancellation);
    }

    /// <summary>Puts people on a list. Doing it twice does what doing it once does.</summary>
    /// <param name="listId">The list.</param>
    /// <param name="ids">At most 300 people, each once.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>One result for each person, in the order of the ids.</returns>
    public Task<IReadOnlyList<RecordResult>> AddAsync(long listId, IReadOnlyList<long> ids, CancellationToken cancellation) =>
        ChangeAsync(HttpMethod.Post, listId, ids, InOrder, cancellation);

    /// <summary>
    /// Takes people off a list. Doing it twice does what doing it once does; where the first answer was lost, the second
    /// says <see cref="RecordCodes.NotOnList"/> of those whom the first took off. Those are told as removed, and with them,
    /// as the answer does not tell them apart, whoever was not on the list before: people are taken off who are believed to be on it.
    /// </summary>
    /// <param name="listId">The list.</param>
    /// <param name="ids">At most 300 people, each once.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>One result for each person, in the order of the ids.</returns>
    public Task<IReadOnlyList<RecordResult>> RemoveAsync(long listId, IReadOnlyList<long> ids, CancellationToken cancellation) =>
        ChangeAsync(HttpMethod.Delete, listId, ids, RemovedInOrder, cancellation);

    /// <summary>Which of some people are on a list.</summary>
    /// <param name="listId">The list.</param>
    /// <param name="ids">At most 300 people, each once.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>One result for each person, in the order of the ids; of status skipped for somebody who does not exist.</returns>
    public async Task<IReadOnlyList<RecordResult>> AreMembersAsync(long listId, IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxRecords, nameof(ids));
        var call = new MarketoCall(HttpMethod.Get, $"/rest/v1/lists/{listId}/leads/ismember.json")
        {
            Query = ids.Aggregate(new Query(), (query, id) => query.Add("id", id.ToString(CultureInfo.InvariantCulture))).ToString(),
            Records = ids.Count,
        };
        return await transport.CallAsync(call, answer => InOrder(call, answer, ids), cancellation).ConfigureAwait(false);
    }

    /// <summary>Finds out, without changing anything, whether the API-only user may change who is on a list.</summary>
    /// <param name="listId">The list; null for one that is yet to be made.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MarketoException">It may not (<c>AccessDenied</c>), or there is no such list (<c>ListNotFound</c>).</exception>
    public async Task CheckWriteAccessAsync(long? listId, CancellationToken cancellation)
    {
        try
        {
            await RemoveAsync(listId ?? Nobody, [Nobody], cancellation).ConfigureAwait(false);
        }
        catch (MarketoException failure) when (
            failure.Code is RecordCodes.NotFound or RecordCodes.NotOnList || (failure.Code == ListNotFound && listId is null))
        {
            // Refused for the person's or the list's sake, and so only after the user's role was looked at.
        }
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
                if (named.Count == 0) throw;
                throw Exists(named[0], refusal);
            }
            catch (AnswerLostException lost)
            {
                // There was none before, so one that is there now is this one.
                if (await FindInAsync(folder, trimmed, cancellation).ConfigureAwait(false) is { } made) return made;
                var rest = lost.SentAt + s_createTimeout - transport.Time.GetUtcNow();
                if (rest > TimeSpan.Zero) await Task.Delay(rest, transport.Time, cancellation).ConfigureAwait(false);
                if (await FindInAsync(folder, trimmed, cancellation).ConfigureAwait(false) is { } madeLate) return madeLate;
                if (attempt == MostCreates) throw;
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

    private static string JsonOf(Folder folder) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{folder.Id}},"type":"{{folder.Type}}"}""");

    private static SegmentPushException Exists(StaticList list, Exception? cause = null) => new(
        "StaticListExists",
        string.Create(CultureInfo.InvariantCulture, $"There is a static list named '{list.Name}' already: {list.Id}."),
        "Use that list by its id, or choose another name.",
        list.Id,
        cause);

    private async Task<IReadOnlyList<RecordResult>> ChangeAsync(
        HttpMethod method,
        long listId,
        IReadOnlyList<long> ids,
        Func<MarketoCall, Answer, IReadOnlyList<long>, List<RecordResult>> read,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxRecords, nameof(ids));
        using var body = new PooledBytes(ids.Count * 20);
        WriteIds(body, ids);
        var call = new MarketoCall(method, $"/rest/v1/lists/{listId}/leads.json")
        {
            ContentType = "application/json",
            Body = [body.Written],
            Records = ids.Count,
        };
        return await transport.CallAsync(call, answer => read(call, answer, ids), cancellation).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<IReadOnlyList<T>> PagesAsync<T>(
        long listId, IReadOnlyList<string> fields, Func<Answer, List<T>> read, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var paging = new Paging();
        while (true)
        {
            var call = new MarketoCall(HttpMethod.Get, $"/rest/v1/lists/{listId}/leads.json")
            {
                Query = new Query().AddList("fields", fields).Add("batchSize", Paging.PageSize)
                    .Add("nextPageToken", paging.Token).ToString(),
            };
            var (page, next, more) = await transport
                .CallAsync(call, answer => (read(answer), answer.NextPageToken, answer.MoreResult), cancellation)
                .ConfigureAwait(false);
            if (page.Count > 0) yield return page;
            if (!paging.MoveNext(call, next, more)) yield break;
        }
    }

    // Results are matched by the id they name: this call's answers carry one, and a wrong place would blame a stranger.
    private static List<RecordResult> InOrder(MarketoCall call, Answer answer, IReadOnlyList<long> ids)
    {
        var results = RecordReader.Read(call, answer);
        bool inOrder = true;
        for (int i = 0; i < ids.Count && inOrder; i++) inOrder = results[i].Id is null || results[i].Id == ids[i];
        if (inOrder) return results;

        var byId = new Dictionary<long, RecordResult>(results.Count);
        foreach (var result in results)
        {
            if (result.Id is { } id) byId[id] = result;
        }

        return [.. ids.Select(id => byId.TryGetValue(id, out var result)
            ? result
            : throw RecordReader.Incomplete(call, answer, "left out a person in its answer"))];
    }

    private static List<RecordResult> RemovedInOrder(MarketoCall call, Answer answer, IReadOnlyList<long> ids)
    {
        var results = InOrder(call, answer, ids);
        return answer.MayHaveRunBefore
            ? [.. results.Select(result => result.Code == RecordCodes.NotOnList ? new RecordResult(result.Id, RecordStatus.Removed) : result)]
            : results;
    }

    private static void WriteIds(PooledBytes body, IReadOnlyList<long> ids)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteStartArray("input");
        foreach (long id in ids)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

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

    private static List<StaticListMember> ReadMembers(long listId, IReadOnlyList<string> moreFields, Answer answer)
    {
        var members = new List<StaticListMember>();
        if (answer.Result.IsEmpty) return members;
        var reader = new Utf8JsonReader(answer.Result.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                values[name] = RecordReader.Scalar(ref reader);
            }

            members.Add(new StaticListMember
            {
                StaticListId = listId,
                Id = RecordReader.Id(values.GetValueOrDefault("id")) ?? throw new FormatException("A person without an id."),
                Email = values.GetValueOrDefault("email"),
                FirstName = values.GetValueOrDefault("firstName"),
                LastName = values.GetValueOrDefault("lastName"),
                UpdatedAt = MarketoTime.Parse(values.GetValueOrDefault("updatedAt")),
                MoreFields = moreFields.ToDictionary(field => field, field => values.GetValueOrDefault(field)),
            });
        }

        return members;
    }

    private static List<ListedPerson> ReadListed(string identityField, Answer answer)
    {
        var people = new List<ListedPerson>(Paging.PageSize);
        bool isAlsoId = identityField.Equals("id", StringComparison.OrdinalIgnoreCase);
        if (answer.Result.IsEmpty) return people;
        var reader = new Utf8JsonReader(answer.Result.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            string? id = null, identity = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isId = reader.ValueTextEquals("id"u8);
                bool isIdentity = isId ? isAlsoId
                    : reader.ValueTextEquals(identityField) || identityField.Equals(reader.GetString(), StringComparison.OrdinalIgnoreCase);
                reader.Read();
                string? value = RecordReader.Scalar(ref reader);
                if (isId) id = value;
                if (isIdentity) identity = value;
            }

            people.Add(new ListedPerson(RecordReader.Id(id) ?? throw new FormatException("A person without an id."), identity));
        }

        return people;
    }
}
