using System.Text;
using System.Text.Json;

namespace SegmentPush.Segments.Json;

/// <summary>Gives the names of properties as they are meant, without escapes.</summary>
internal static class JsonNames
{
    /// <summary>The name on which a reader stands; empty where it is no text.</summary>
    public static ReadOnlySpan<byte> Read(ref Utf8JsonReader reader) => reader.ValueIsEscaped ? Unescape(ref reader) : reader.ValueSpan;

    private static byte[] Unescape(ref Utf8JsonReader reader)
    {
        try
        {
            return Encoding.UTF8.GetBytes(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return [];
        }
    }
}
