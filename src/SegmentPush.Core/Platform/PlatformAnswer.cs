using System.Net.Http.Headers;
using System.Text.Json;

namespace SegmentPush.Platform;

/// <summary>A successful answer of Experience Platform. Its memory is valid only while the answer is being read.</summary>
/// <param name="Json">The answer's JSON; undefined for a file and for an answer without a body.</param>
/// <param name="Bytes">The bytes of a file; empty otherwise.</param>
/// <param name="Range">The part of the file; null where it is all of it, or no file.</param>
internal readonly record struct PlatformAnswer(JsonElement Json, ReadOnlyMemory<byte> Bytes, ContentRangeHeaderValue? Range);
