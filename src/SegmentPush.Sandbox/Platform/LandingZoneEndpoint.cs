using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace SegmentPush.Sandbox.Platform;

/// <summary>The Data Landing Zone: a container that is read over a shared access signature, and never with a token.</summary>
internal sealed class LandingZoneEndpoint(PlatformSandboxOptions options, Func<Uri> endpoint, Action<string> violation)
{
    public const string Container = "/dlz-destination";

    private readonly Dictionary<string, int> _signatures = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Blobs on a page.</summary>
    public int PageSize { get; set; } = 5000;

    public void Add(string name, byte[] bytes)
    {
        lock (_lock) _blobs[name] = bytes;
    }

    public Reply Credentials(Call call)
    {
        if (call.Parameter("type") != "dlz_destination") violation("Credentials of another landing zone");
        string signature = Sign();
        return PlatformReply.Json(new JsonObject
        {
            ["containerName"] = Container[1..],
            ["SASToken"] = signature,
            ["storageAccountName"] = "sandbox",
            ["SASUri"] = $"{endpoint().GetLeftPart(UriPartial.Authority)}{Container}?{signature}",
        });
    }

    public Reply Answer(Call call)
    {
        if (call.Authorization is not null || call.Header("x-api-key") is not null) violation("A token of the platform at another host");
        call.ReadParameters();
        if (!IsSigned(call)) return Reply.Text(403, "application/xml", "<Error><Code>AuthenticationFailed</Code></Error>");
        if (call.Path == Container && call.Parameter("comp") == "list" && call.Parameter("restype") == "container") return List(call);
        lock (_lock)
        {
            string name = Uri.UnescapeDataString(call.Path[(Container.Length + 1)..]);
            return _blobs.TryGetValue(name, out byte[]? bytes) ? Content(call, bytes) : Reply.Text(404, "application/xml", "<Error><Code>BlobNotFound</Code></Error>");
        }
    }

    private string Sign()
    {
        string signature = $"{Guid.NewGuid():N}==";
        lock (_lock) _signatures[signature] = options.CallsPerSignature ?? int.MaxValue;
        return $"sv=2021-08-06&sr=c&sp=rl&sig={Uri.EscapeDataString(signature)}";
    }

    private bool IsSigned(Call call)
    {
        lock (_lock) return call.Parameter("sig") is { } signature && _signatures.TryGetValue(signature, out int left) && (_signatures[signature] = left - 1) >= 0;
    }

    private Reply List(Call call)
    {
        lock (_lock)
        {
            int from = call.Parameter("marker") is { Length: > 0 } marker ? int.Parse(marker, CultureInfo.InvariantCulture) : 0;
            var page = _blobs.Skip(from).Take(PageSize).Select(blob => new XElement(
                "Blob", new XElement("Name", blob.Key), new XElement("Properties", new XElement("Content-Length", blob.Value.Length))));
            int next = from + PageSize;
            var list = new XDocument(new XElement(
                "EnumerationResults", new XElement("Blobs", page), new XElement("NextMarker", next < _blobs.Count ? next.ToString(CultureInfo.InvariantCulture) : "")));
            return Reply.Text(200, "application/xml", list.ToString());
        }
    }

    private static Reply Content(Call call, byte[] bytes)
    {
        if (!RangeHeaderValue.TryParse(call.Range, out var range)) return new Reply(200, "application/octet-stream", bytes);
        var asked = range.Ranges.First();
        long start = asked.From ?? 0, end = Math.Min((asked.To ?? bytes.Length - 1) + 1, bytes.Length);
        return new Reply(206, "application/octet-stream", bytes.AsMemory((int)start, (int)(end - start)))
        {
            Headers = new Dictionary<string, string> { ["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {start}-{end - 1}/{bytes.Length}") },
        };
    }
}
