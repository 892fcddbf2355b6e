using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace SegmentPush.Sandbox;

/// <summary>A call on its way through the sandbox.</summary>
internal sealed class Call(HttpListenerRequest request, byte[] body, string requestId)
{
    private readonly Dictionary<string, List<string>> _parameters = [];

    public string Method { get; } = request.HttpMethod;

    public string Path { get; } = request.Url!.AbsolutePath;

    public string Query { get; } = request.Url!.Query.TrimStart('?');

    public byte[] Body => body;

    public string? ContentType => request.ContentType;

    public string? Authorization => request.Headers["Authorization"];

    public string? Range => request.Headers["Range"];

    public bool TakesGzip => request.Headers["Accept-Encoding"]?.Contains("gzip", StringComparison.OrdinalIgnoreCase) == true;

    public string RequestId => requestId;

    /// <summary>A header of the call; null where it has none of this name.</summary>
    public string? Header(string name) => request.Headers[name];

    public bool IsBulk => Path.StartsWith("/bulk/", StringComparison.Ordinal);

    /// <summary>Whether it is a read that came as a form because it did not fit into a URI.</summary>
    public bool IsFormRead => Method == "POST" && Parameter("_method") == "GET";

    public bool HasForm => ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    public bool HasJson => ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>What stands in the path's variable place.</summary>
    public string PathVariable { get; set; } = "";

    /// <summary>The number in the path's variable place.</summary>
    public int PathId => int.Parse(PathVariable, CultureInfo.InvariantCulture);

    public IEnumerable<string> ParameterNames => _parameters.Keys;

    public void ReadParameters()
    {
        Read(Query);
        if (HasForm) Read(Encoding.UTF8.GetString(Body));
    }

    public string? Parameter(string name) => _parameters.TryGetValue(name, out var values) ? values[^1] : null;

    /// <summary>Values of a list, given as one name with commas, as several names, or both.</summary>
    public IReadOnlyList<string> ListParameter(string name) => _parameters.TryGetValue(name, out var values)
        ? [.. values.SelectMany(value => value.Split(',')).Select(value => value.Trim()).Where(value => value.Length > 0)]
        : [];

    public JsonDocument Json()
    {
        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException)
        {
            throw new Refusal("609", "Invalid JSON");
        }
    }

    private void Read(string text)
    {
        foreach (string pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int at = pair.IndexOf('=', StringComparison.Ordinal);
            string name = WebUtility.UrlDecode(at < 0 ? pair : pair[..at]);
            string value = at < 0 ? "" : WebUtility.UrlDecode(pair[(at + 1)..]);
            if (!_parameters.TryGetValue(name, out var values)) _parameters[name] = values = [];
            values.Add(value);
        }
    }
}

/// <summary>The call is refused with one of Marketo's codes, or with an HTTP status.</summary>
internal sealed class Refusal(string code, string message, int status = 200) : Exception(message)
{
    public string Code => code;

    public int Status => status;
}
