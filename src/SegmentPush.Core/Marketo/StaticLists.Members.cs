using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SegmentPush.Marketo;

/// <content>Who is on a static list.</content>
internal sealed partial class StaticLists
{
    /// <summary>The largest id that Marketo's form of ids can hold; no instance has come near.</summary>
    private const long Nobody = int.MaxValue;

    private static readonly string[] s_memberFields = ["id", "email", "firstName", "lastName", "updatedAt"];

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

    /// <summary>
    /// Puts people on a list. Doing it twice does what doing it once does; where the first answer was lost, the second may say of the people that the
    /// first added that they are members: see <see cref="RecordResult.MayBeDoneBefore"/>.
    /// </summary>
    /// <param name="listId">The list.</param>
    /// <param name="ids">At most 300 people, each once.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="sending">Is called before each attempt is sent, after the call has waited for its turn; null where nobody wants to know.</param>
    /// <param name="notRun">Is called after an attempt that Marketo has not executed, where none before it may have been either; null where nobody wants to know.</param>
    /// <returns>One result for each person, in the order of the ids.</returns>
    public async Task<IReadOnlyList<RecordResult>> AddAsync(
        long listId, IReadOnlyList<long> ids, CancellationToken cancellation, Action? sending = null, Action? notRun = null)
    {
        var results = await ChangeAsync(HttpMethod.Post, listId, ids, ChangedInOrder, cancellation, sending, notRun).ConfigureAwait(false);
        return await ExplainAsync(listId, ids, results, RecordStatus.MemberOf, result => result with { Status = RecordStatus.MemberOf }, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes people off a list. Doing it twice does what doing it once does; where the first answer was lost, the second
    /// says <see cref="RecordCodes.NotOnList"/> of the people that the first took off: see <see cref="RecordResult.MayBeDoneBefore"/>.
    /// </summary>
    /// <param name="listId">The list.</param>
    /// <param name="ids">At most 300 people, each once.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="sending">Is called before each attempt is sent, after the call has waited for its turn; null where nobody wants to know.</param>
    /// <param name="notRun">Is called after an attempt that Marketo has not executed, where none before it may have been either; null where nobody wants to know.</param>
    /// <returns>One result for each person, in the order of the ids.</returns>
    public async Task<IReadOnlyList<RecordResult>> RemoveAsync(
        long listId, IReadOnlyList<long> ids, CancellationToken cancellation, Action? sending = null, Action? notRun = null)
    {
        var results = await ChangeAsync(HttpMethod.Delete, listId, ids, ChangedInOrder, cancellation, sending, notRun).ConfigureAwait(false);
        return await ExplainAsync(listId, ids, results, RecordStatus.NotMemberOf, result => result with { Code = RecordCodes.NotOnList }, cancellation).ConfigureAwait(false);
    }

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

    /// <summary>Finds those of some people who are on a list, 300 a call.</summary>
    /// <param name="listId">The list.</param>
    /// <param name="ids">The people, each once.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IReadOnlySet<long>> FindMembersAsync(long listId, IEnumerable<long> ids, CancellationToken cancellation)
    {
        var members = new HashSet<long>();
        foreach (long[] batch in ids.Chunk(MaxRecords))
        {
            var results = await AreMembersAsync(listId, batch, cancellation).ConfigureAwait(false);
            members.UnionWith(batch.Where((_, i) => results[i].Status == RecordStatus.MemberOf));
        }

        return members;
    }

    /// <summary>Finds out, without changing anything, whether the API-only user may change who is on a list.</summary>
    /// <param name="listId">The list; null for one that is yet to be made.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MarketoException">It may not (<c>AccessDenied</c>), or there is no such list (<c>StaticListNotFound</c>).</exception>
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

    // Marketo may skip a person without a reason where there is nothing to do. Only a second question tells that from a refusal.
    private async Task<IReadOnlyList<RecordResult>> ExplainAsync(
        long listId,
        IReadOnlyList<long> ids,
        IReadOnlyList<RecordResult> results,
        RecordStatus doneBefore,
        Func<RecordResult, RecordResult> explain,
        CancellationToken cancellation)
    {
        int[] places = [.. Enumerable.Range(0, results.Count).Where(i => results[i] is { Status: RecordStatus.Skipped, Code: null })];
        if (places.Length == 0) return results;
        var answers = await AskAfterChangeAsync(listId, [.. places.Select(i => ids[i])], cancellation).ConfigureAwait(false);
        var explained = results.ToArray();
        for (int i = 0; i < places.Length; i++)
        {
            if (answers[i].Status == doneBefore) explained[places[i]] = explain(results[places[i]]);
        }

        return explained;
    }

    // The change has run, also where this call fails.
    private async Task<IReadOnlyList<RecordResult>> AskAfterChangeAsync(long listId, IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        try
        {
            return await AreMembersAsync(listId, ids, cancellation).ConfigureAwait(false);
        }
        catch (MarketoException failure)
        {
            throw failure.OfCallThatMayHaveRun();
        }
    }

    private async Task<IReadOnlyList<RecordResult>> ChangeAsync(
        HttpMethod method,
        long listId,
        IReadOnlyList<long> ids,
        Func<MarketoCall, Answer, IReadOnlyList<long>, List<RecordResult>> read,
        CancellationToken cancellation,
        Action? sending = null,
        Action? notRun = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxRecords, nameof(ids));
        using var body = new PooledBytes(ids.Count * 20);
        WriteIds(body, ids);
        var call = new MarketoCall(method, $"/rest/v1/lists/{listId}/leads.json")
        {
            ContentType = "application/json",
            Body = [body.Written],
            Records = ids.Count,
            Sending = sending,
            NotRun = notRun,
            RunsFor = TimeLimits.OfLists,
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

    private static List<RecordResult> ChangedInOrder(MarketoCall call, Answer answer, IReadOnlyList<long> ids)
    {
        var results = InOrder(call, answer, ids);
        return answer.MayHaveRunBefore
            ? [.. results.Select(result => result with { MayBeDoneBefore = true })]
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
