using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace SegmentPush.Streams;

/// <summary>Writes lists and objects of the pipeline as JSON: for the cells of a reject file that no field is filled from, and for the reading of consents.</summary>
internal static class ObjectJson
{
    private const int MaxDepth = 32;

    /// <summary>A value as JSON.</summary>
    public static string Of(object value)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text)) Write(json, value, 0);
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter json, object? value) => Write(json, value, 0);

    private static void Write(Utf8JsonWriter json, object? value, int depth)
    {
        object? plain = value is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : value;
        switch (plain)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal:
                json.WriteRawValue(((IFormattable)plain).ToString(null, CultureInfo.InvariantCulture), skipInputValidation: false);
                break;
            case string or char or Guid or Uri or Enum or ValueType:
                json.WriteStringValue(plain is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : plain.ToString());
                break;
            case IDictionary or PSObject when depth < MaxDepth:
                var item = PSObject.AsPSObject(value);
                json.WriteStartObject();
                foreach (string name in ObjectPath.NamesOf(item))
                {
                    json.WritePropertyName(name);
                    Write(json, ObjectPath.ValueOf(item, name), depth + 1);
                }

                json.WriteEndObject();
                break;
            case IEnumerable items when depth < MaxDepth:
                json.WriteStartArray();
                foreach (object? item1 in items) Write(json, item1, depth + 1);
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(plain.ToString());
                break;
        }
    }
}
