using System.Net.Http.Headers;

namespace SegmentPush.Marketo;

/// <summary>A successful answer of Marketo's. Its memory is valid only while the answer is being read.</summary>
/// <param name="RequestId">Marketo's id of the request.</param>
/// <param name="Result">The bytes of <c>result</c>, or the whole file; empty where there is none.</param>
/// <param name="NextPageToken">Where the next page starts; null on the last page.</param>
/// <param name="MoreResult">What Marketo says about further pages; null where it says nothing.</param>
internal sealed record Answer(
    string? RequestId, ReadOnlyMemory<byte> Result, string? NextPageToken, bool? MoreResult)
{
    /// <summary>Which part of the file it is; null where it is all of it, or no file.</summary>
    public ContentRangeHeaderValue? Range { get; init; }

    /// <summary>Whether an earlier attempt of the call may have been executed, so that this one may have found its work done.</summary>
    public bool MayHaveRunBefore { get; init; }
}
