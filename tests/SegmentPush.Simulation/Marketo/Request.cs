using System.Text;

namespace SegmentPush.Simulation.Marketo;

/// <summary>A request as the instance reads it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path without query.</param>
/// <param name="Query">Parameters of the query, and of the form where the body is one.</param>
/// <param name="Body">The body; empty for none.</param>
/// <param name="ContentType">Its type; null for none.</param>
/// <param name="Range">First and last byte that are wanted of a file; null for all.</param>
internal sealed record Request(
    string Method, string Path, ILookup<string, string> Query, byte[] Body, string? ContentType, (long From, long? To)? Range)
{
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly char[] s_signs = ['{', '}', '[', ']', '"', ':', ',', ';', '\r', '\n'];

    /// <summary>Reads a message, as its sender would send it.</summary>
    public static async Task<Request> ReadAsync(HttpRequestMessage message)
    {
        byte[] body = [];
        if (message.Content is { } content)
        {
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes).ConfigureAwait(false);
            body = bytes.ToArray();
        }

        string? type = message.Content?.Headers.ContentType?.ToString();
        var query = Parse(message.RequestUri!.Query.TrimStart('?'));
        if (type?.StartsWith(Form, StringComparison.Ordinal) == true) query = query.Concat(Parse(Encoding.UTF8.GetString(body)));
        var range = message.Headers.Range?.Ranges.FirstOrDefault();
        return new Request(
            message.Method.Method,
            message.RequestUri.AbsolutePath,
            query.ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
            body,
            type,
            range is null ? null : (range.From ?? 0, range.To));
    }

    /// <summary>A parameter; null where it is not given.</summary>
    public string? this[string name] => Query[name].FirstOrDefault();

    /// <summary>The values of a parameter, given several times or with commas.</summary>
    public IReadOnlyList<string> List(string name) =>
        [.. Query[name].SelectMany(value => value.Split(',')).Where(value => value.Length > 0)];

    /// <summary>Whether a value stands in the parameters or in the body, between two signs that part values.</summary>
    public bool Names(string value) => Values.Contains(value);

    private IReadOnlySet<string> Values => field ??= Query.SelectMany(values => values).Append(Encoding.UTF8.GetString(Body))
        .SelectMany(text => text.Split(s_signs, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The number in a path between two texts; null where the path is another one.</summary>
    public long? NumberIn(string before, string after) =>
        Path.StartsWith(before, StringComparison.Ordinal) && Path.EndsWith(after, StringComparison.Ordinal)
        && long.TryParse(Path[before.Length..^after.Length], out long number)
            ? number
            : null;

    private static IEnumerable<KeyValuePair<string, string>> Parse(string text) => text
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => KeyValuePair.Create(Decode(pair[0]), pair.Length > 1 ? Decode(pair[1]) : string.Empty));

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
