using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace SegmentPush.Platform;

/// <summary>The Data Landing Zone of the sandbox, into which a file destination writes.</summary>
/// <param name="transport">Sends the calls to the platform.</param>
/// <param name="options">Clock and network of the connection.</param>
internal sealed class LandingZone(PlatformTransport transport, PlatformConnectionOptions options)
{
    /// <summary>Opens the container with the signature that is valid now.</summary>
    /// <param name="report">Is told of each call; null where nobody listens.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PlatformException">The platform gives no signature, or one of another kind (<c>LandingZoneNotSupported</c>).</exception>
    public async Task<BlobCalls> OpenAsync(Action<CallReport>? report, CancellationToken cancellation)
    {
        var call = new PlatformCall(HttpMethod.Get, "/data/foundation/connectors/landingzone/credentials")
        {
            Query = new Query().Add("type", "dlz_destination").ToString(),
            Permission = "View Destinations",
        };
        string? address = await transport.CallAsync(call, answer => AddressOf(answer.Json), cancellation).ConfigureAwait(false);
        return Uri.TryCreate(address, UriKind.Absolute, out var container)
            ? new BlobCalls(container, options, report)
            : throw new PlatformException(
                new PlatformErrorRule("LandingZone", PlatformErrorClass.Refuse, "LandingZoneNotSupported", "Fetch the files with a program of the storage's maker, and push them by path."),
                call,
                "The Data Landing Zone of this sandbox is not one of Azure Blob Storage.");
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
