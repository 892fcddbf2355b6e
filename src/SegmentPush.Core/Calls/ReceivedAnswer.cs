using System.Net.Http.Headers;

namespace SegmentPush.Calls;

/// <summary>What came back over HTTP, before anyone has made sense of it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="MediaType">Content type without its parameters; null where there was none.</param>
/// <param name="Bytes">The body, decompressed.</param>
/// <param name="RetryAfter">How long the server asks to wait, bounded.</param>
/// <param name="RedirectHost">Host that a redirect points to.</param>
internal sealed record ReceivedAnswer(
    int Status, string? MediaType, ReadOnlyMemory<byte> Bytes, TimeSpan? RetryAfter, string? RedirectHost)
{
    /// <summary>Which part of a file it says to be.</summary>
    public ContentRangeHeaderValue? Range { get; init; }

    /// <summary>The server's id of the request, as its headers tell it; null where they don't.</summary>
    public string? RequestId { get; init; }

    /// <summary>Whether the answer claims to be JSON, or claims nothing.</summary>
    public bool SaysJson => MediaType is null
        || MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        || MediaType.Equals("text/json", StringComparison.OrdinalIgnoreCase)
        || MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
}
