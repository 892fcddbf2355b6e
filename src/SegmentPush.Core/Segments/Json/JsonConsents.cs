using System.Text.Json;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Json;

/// <summary>
/// Reads the consents to marketing by email that hold for one address each: an object of addresses, each with <c>marketing.email.val</c>.
/// It takes every consent of an address, also where there are several. The push decides which of them counts.
/// </summary>
/// <param name="cells">Take addresses in turn with their consents, as <see cref="PairedValues"/> says.</param>
internal sealed class JsonConsents(RowCells cells)
{
    private static readonly KeyName[] s_steps = [new("marketing", isExact: false), new("email", isExact: false), new("val", isExact: false)];

    private byte[] _lines = new byte[256];
    private int _length;

    // No consent of Experience Platform.
    private static ReadOnlySpan<byte> NotUnderstood => "?"u8;

    /// <summary>Reads them.</summary>
    /// <param name="reader">Stands on the object of addresses.</param>
    /// <param name="cell">The cell that takes them.</param>
    /// <returns>False where the bytes end before the value does.</returns>
    public bool TryTake(ref Utf8JsonReader reader, int cell)
    {
        _length = 0;
        if (!TryTakeAddresses(ref reader, cell)) return false;
        cells.SetUtf8(cell, _lines.AsSpan(0, _length), isTyped: false);
        return true;
    }

    private bool TryTakeAddresses(ref Utf8JsonReader reader, int cell)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read())
                {
                    if (reader.TokenType == JsonTokenType.EndObject) return true;
                    var address = JsonNames.Read(ref reader);
                    bool isAddress = address.IsEmpty || address.Contains((byte)'@');
                    if (!reader.Read()) return false;
                    if (!isAddress && (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray || JsonScalar.IsFilled(ref reader))) cells.Reject(cells.FaultsOf(cell).IsSingle);
                    if (!TryTakeValue(ref reader, 0, address)) return false;
                }

                return false;
            case JsonTokenType.StartArray:
                while (reader.Read())
                {
                    if (reader.TokenType == JsonTokenType.EndArray) return true;
                    if (!TryTakeAddresses(ref reader, cell)) return false;
                }

                return false;
            default:
                if (JsonScalar.IsFilled(ref reader)) cells.Reject(cells.FaultsOf(cell).IsSingle);
                return true;
        }
    }

    private bool TryTakeValue(ref Utf8JsonReader reader, int step, scoped ReadOnlySpan<byte> address)
    {
        bool isAtEnd = step == s_steps.Length;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when isAtEnd:
                Add(address, NotUnderstood);
                return reader.TrySkip();
            case JsonTokenType.StartObject:
                while (reader.Read())
                {
                    if (reader.TokenType == JsonTokenType.EndObject) return true;
                    var name = JsonNames.Read(ref reader);
                    bool isStep = s_steps[step].Matches(name, KeyName.IsPlain(name));
                    if (!reader.Read()) return false;
                    if (!(isStep ? TryTakeValue(ref reader, step + 1, address) : reader.TrySkip())) return false;
                }

                return false;
            case JsonTokenType.StartArray:
                while (reader.Read())
                {
                    if (reader.TokenType == JsonTokenType.EndArray) return true;
                    if (!TryTakeValue(ref reader, step, address)) return false;
                }

                return false;
            default:
                if (!JsonScalar.IsFilled(ref reader)) return true;
                var value = isAtEnd ? JsonNames.Read(ref reader) : default;
                Add(address, value.IsEmpty ? NotUnderstood : value);
                return true;
        }
    }

    // An address without text is nobody's.
    private void Add(scoped ReadOnlySpan<byte> address, scoped ReadOnlySpan<byte> value)
    {
        if (address.IsEmpty) return;
        Add(address);
        Add(value);
    }

    // A value that has several lines would pass for more values.
    private void Add(scoped ReadOnlySpan<byte> value)
    {
        int needed = _length + value.Length + 1;
        if (needed > _lines.Length) Array.Resize(ref _lines, Math.Max(needed, 2 * _lines.Length));
        if (_length > 0) _lines[_length++] = (byte)PairedValues.Separator;
        var line = _lines.AsSpan(_length, value.Length);
        value.CopyTo(line);
        line.Replace((byte)PairedValues.Separator, (byte)' ');
        _length += value.Length;
    }
}
