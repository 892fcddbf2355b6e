using System.Text.Json;
using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Json;

/// <summary>Reads the consents to marketing by email that hold for one address each: an object of addresses, each with <c>marketing.email.val</c>.</summary>
/// <param name="cells">Take addresses in turn with their consents, as <see cref="PairedValues"/> says.</param>
internal sealed class JsonConsents(RowCells cells)
{
    private static readonly KeyName[] s_steps = [new("marketing", isExact: false), new("email", isExact: false), new("val", isExact: false)];

    private byte[] _lines = new byte[256];
    private int _length;

    /// <summary>Reads them.</summary>
    /// <param name="reader">Stands on the object of addresses.</param>
    /// <param name="cell">The cell that takes them.</param>
    /// <returns>False where the bytes end before the value does.</returns>
    public bool TryTake(ref Utf8JsonReader reader, int cell)
    {
        _length = 0;
        if (reader.TokenType != JsonTokenType.StartObject) return reader.TrySkip();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                cells.SetUtf8(cell, _lines.AsSpan(0, _length), isTyped: false);
                return true;
            }

            int before = _length;
            Add(JsonNames.Read(ref reader));
            bool isTaken = false;
            if (!reader.Read() || !TryTakeValue(ref reader, 0, ref isTaken)) return false;
            if (!isTaken) _length = before;
        }

        return false;
    }

    private bool TryTakeValue(ref Utf8JsonReader reader, int step, ref bool isTaken)
    {
        if (step == s_steps.Length)
        {
            bool isValue = !isTaken && reader.TokenType is JsonTokenType.String or JsonTokenType.Number;
            if (isValue) Add(JsonNames.Read(ref reader));
            isTaken |= isValue;
            return reader.TrySkip();
        }

        if (reader.TokenType != JsonTokenType.StartObject) return reader.TrySkip();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject) return true;
            var name = JsonNames.Read(ref reader);
            bool isStep = s_steps[step].Matches(name, KeyName.IsPlain(name));
            if (!reader.Read()) return false;
            if (!(isStep ? TryTakeValue(ref reader, step + 1, ref isTaken) : reader.TrySkip())) return false;
        }

        return false;
    }

    // A value that has several lines would pass for more values.
    private void Add(ReadOnlySpan<byte> value)
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
