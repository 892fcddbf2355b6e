using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>Finds people by the values of one field.</summary>
/// <param name="transport">Sends the calls.</param>
internal sealed class LeadLookup(MarketoTransport transport)
{
    private const string TooMany = "1003";
    private static readonly Dictionary<string, string?> s_nothing = [];

    /// <summary>Whether Marketo can be asked for a value at all.</summary>
    public static bool CanLookUp(string value) => !string.IsNullOrWhiteSpace(value) && !value.Contains(',', StringComparison.Ordinal);

    public async Task<IReadOnlyList<LeadMatch>> FindAsync(
        string filterType, IReadOnlyList<string> values, IReadOnlyList<string>? moreFields, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Count, Paging.PageSize, nameof(values));
        if (values.Count == 0)
        {
            return [];
        }

        var search = new Search(filterType, moreFields ?? []);
        if (!values.All(CanLookUp))
        {
            throw new MarketoException(
                ErrorClasses.Of("ValueNotSearchable"),
                Search.Name,
                $"A value of the field '{filterType}' is empty or holds a comma; Marketo cannot look it up.");
        }

        var matches = new List<LeadMatch>(values.Count);
        await FindIntoAsync(matches, search, values, cancellation).ConfigureAwait(false);
        return matches;
    }

    // One lookup answers for 1,000 people at most; values that many people share need calls of their own.
    private async Task FindIntoAsync(
        List<LeadMatch> matches, Search search, IReadOnlyList<string> values, CancellationToken cancellation)
    {
        var before = matches.Count;
        try
        {
            await ReadPagesAsync(matches, search, values, cancellation).ConfigureAwait(false);
            return;
        }
        catch (MarketoException failure) when (failure.Code == TooMany)
        {
            if (values.Count == 1)
            {
                throw new TooManyMatchesException(failure.Call, search.FilterType, values[0], failure);
            }
        }

        matches.RemoveRange(before, matches.Count - before);
        var half = values.Count / 2;
        await FindIntoAsync(matches, search, [.. values.Take(half)], cancellation).ConfigureAwait(false);
        await FindIntoAsync(matches, search, [.. values.Skip(half)], cancellation).ConfigureAwait(false);
    }

    private async Task ReadPagesAsync(
        List<LeadMatch> matches, Search search, IReadOnlyList<string> values, CancellationToken cancellation)
    {
        var paging = new Paging();
        while (true)
        {
            var call = search.ToCall(values, paging.Token);
            var (page, next, more) = await transport
                .CallAsync(call, answer => (Read(search, answer), answer.NextPageToken, answer.MoreResult), cancellation)
                .ConfigureAwait(false);
            matches.AddRange(page);
            if (!paging.MoveNext(call, next, more))
            {
                return;
            }
        }
    }

    private static List<LeadMatch> Read(Search search, Answer answer)
    {
        var matches = new List<LeadMatch>();
        if (answer.Result.IsEmpty)
        {
            return matches;
        }

        var reader = new Utf8JsonReader(answer.Result.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            matches.Add(ReadOne(search, ref reader));
        }

        return matches;
    }

    private static LeadMatch ReadOne(Search search, ref Utf8JsonReader reader)
    {
        string? id = null, found = null, updated = null;
        Dictionary<string, string?>? more = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var value = RecordReader.Scalar(ref reader);
            id = name == "id" ? value : id;
            updated = name == "updatedAt" ? value : updated;
            found = name.Equals(search.FilterType, StringComparison.OrdinalIgnoreCase) ? value : found;
            if (search.MoreFields.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                more ??= new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
                more[name] = value;
            }
        }

        return new LeadMatch(
            RecordReader.Id(id) ?? throw new FormatException("A person without an id."),
            found ?? string.Empty,
            MarketoTime.Parse(updated),
            more ?? s_nothing);
    }

    private sealed record Search(string FilterType, IReadOnlyList<string> MoreFields)
    {
        private const string Path = "/rest/v1/leads.json";

        public static string Name => $"POST {Path}";

        // 300 addresses do not fit into a URI, so the query travels as a form.
        public MarketoCall ToCall(IReadOnlyList<string> values, string? page) => new(HttpMethod.Post, Path)
        {
            Query = "_method=GET",
            ContentType = "application/x-www-form-urlencoded",
            Body =
            [
                new Query()
                    .Add("filterType", FilterType)
                    .AddList("filterValues", values)
                    .AddList("fields", new[] { "id", FilterType, "updatedAt" }
                        .Concat(MoreFields)
                        .Distinct(StringComparer.OrdinalIgnoreCase))
                    .Add("batchSize", Paging.PageSize)
                    .Add("nextPageToken", page)
                    .ToForm(),
            ],
            Records = values.Count,
        };
    }
}
