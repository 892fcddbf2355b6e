using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace SegmentPush.Platform;

/// <summary>The Data Landing Zone of the sandbox, into which a file destination writes.</summary>
/// <param name="transport">Sends the calls to the platform.</param>
/// <param name="options">Clock and network of the connection.</param>
internal sealed class LandingZone(PlatformTransport transport, PlatformConnectionOptions options)
{
    private static readonly PlatformCall s_credentials = new(HttpMethod.Get, "/data/foundation/connectors/landingzone/credentials")
    {
        Query = new Query().Add("type", "dlz_destination").ToString(),
        Permission = "View Destinations",
    };

    /// <summary>Opens the container. Where its signature is refused, the one that is valid then is fetched.</summary>
    /// <param name="report">Is told of each call; null where nobody listens.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PlatformException">The platform gives no signature, or one of another kind (<c>LandingZoneNotSupported</c>).</exception>
    public async Task<BlobCalls> OpenAsync(Action<CallReport>? report, CancellationToken cancellation)
    {
        var container = await FindAsync(cancellation).ConfigureAwait(false);
        var first = container;
        return new BlobCalls(container, async stop => SignatureOf(Interlocked.Exchange(ref first, null) ?? await FindAsync(stop).ConfigureAwait(false), container), options, report);
    }

    /// <summary>The files of a container, by their names.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> ListAsync(BlobCalls blobs, CancellationToken cancellation)
    {
        var files = new Dictionary<string, long>(StringComparer.Ordinal);
        string? marker = null;
        do
        {
            var call = new PlatformCall(HttpMethod.Get, blobs.Path)
            {
                Query = new Query().Add("restype", "container").Add("comp", "list").Add("marker", marker).ToString(),
                AnswersFile = true,
            };
            string? next = await blobs.CallAsync(call, answer => Read(call, answer.Bytes, files), cancellation).ConfigureAwait(false);
            marker = next == marker ? null : next;
        }
        while (marker is not null);
        return files;
    }

    /// <summary>The call that brings a file of a container.</summary>
    public static PlatformCall CallOf(BlobCalls blobs, BatchFile file) =>
        new(HttpMethod.Get, $"{blobs.Path}/{string.Join('/', file.FileId.Split('/').Select(Uri.EscapeDataString))}");

    private async Task<Uri> FindAsync(CancellationToken cancellation)
    {
        string? address = await transport.CallAsync(s_credentials, answer => AddressOf(answer.Json), cancellation).ConfigureAwait(false);
        return Uri.TryCreate(address, UriKind.Absolute, out var container) ? container : throw NotSupported("The Data Landing Zone of this sandbox is not one of Azure Blob Storage.");
    }

    // The files that are listed lie in the container that was opened, and no other host gets the calls.
    private static AccessToken SignatureOf(Uri signed, Uri container) => Uri.Compare(signed, container, UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped, StringComparison.Ordinal) == 0
        ? new AccessToken(signed.Query.TrimStart('?'), string.Empty, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue)
        : throw NotSupported("The Data Landing Zone of this sandbox has moved to another storage account or container meanwhile.");

    private static PlatformException NotSupported(MessageText message) => new(
        new PlatformErrorRule("LandingZone", PlatformErrorClass.Refuse, "LandingZoneNotSupported", "Fetch the files with a program of the storage's maker, and push them by path."),
        s_credentials,
        message);

    private static string? AddressOf(JsonElement json) => (json.Part("SASUri").Text() ?? json.Part("sasUri").Text());

    private static string? Read(PlatformCall call, ReadOnlyMemory<byte> bytes, Dictionary<string, long> files)
    {
        try
        {
            using var stream = new MemoryStream(bytes.ToArray());
            var list = XDocument.Load(stream);
            foreach (var blob in list.Descendants("Blob"))
            {
                if (blob.Element("Name")?.Value is { Length: > 0 } name && long.TryParse(blob.Element("Properties")?.Element("Content-Length")?.Value, out long length)) files[name] = length;
            }

            return list.Root?.Element("NextMarker")?.Value is { Length: > 0 } next ? next : null;
        }
        catch (XmlException fault)
        {
            throw PlatformAttempts.NotUnderstood(call, "was answered with no list of files", fault);
        }
    }
}
