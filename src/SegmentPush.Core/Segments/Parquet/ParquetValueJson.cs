using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SegmentPush.Segments.Parquet;

/// <summary>Writes values as JSON.</summary>
internal static class ParquetValueJson
{
    /// <summary>Name of the property that holds the bytes of a value without text. A value that is an object is never taken for a text.</summary>
    private const string Unreadable = "base64";

    /// <summary>Writes a value so that its text is the same when it is read.</summary>
    public static void Write(Utf8JsonWriter writer, ParquetLeaf leaf, ReadOnlySpan<byte> value)
    {
        bool isText = leaf.Meaning.Kind == ValueKind.Text;
        if (isText && Utf8.IsValid(value))
        {
            writer.WriteStringValue(value);
            return;
        }

        Span<char> text = stackalloc char[ValueText.LengthMost];
        int length = isText ? -1 : ValueText.Write(leaf, value, text);
        if (length < 0)
        {
            writer.WriteStartObject();
            writer.WriteBase64String(Unreadable, value);
            writer.WriteEndObject();
            return;
        }

        if (leaf.Meaning.Kind == ValueKind.Float && ValueText.IsMissing(text[..length])) writer.WriteNullValue();
        else if (IsBare(leaf.Meaning.Kind, text[..length])) writer.WriteRawValue(text[..length]);
        else writer.WriteStringValue(text[..length]);
    }

    // A number that is written as text would be read in the user's culture. JSON has no number for infinity.
    private static bool IsBare(ValueKind kind, ReadOnlySpan<char> text) => kind switch
    {
        ValueKind.Boolean or ValueKind.Integer or ValueKind.Unsigned or ValueKind.Decimal => true,
        ValueKind.Float => char.IsAsciiDigit(text[^1]),
        _ => false,
    };

    /// <summary>A map's key as the name of a property.</summary>
    public static string ToText(ParquetLeaf leaf, ReadOnlySpan<byte> key)
    {
        if (leaf.Meaning.Kind == ValueKind.Text) return Encoding.UTF8.GetString(key);
        Span<char> text = stackalloc char[ValueText.LengthMost];
        return text[..Math.Max(0, ValueText.Write(leaf, key, text))].ToString();
    }
}
