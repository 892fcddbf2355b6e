using System.Globalization;

namespace SegmentPush.Mappings.Values;

/// <summary>Booleans: true/false, t/f, 1/0, yes/no and y/n in any case, and the words of a culture where one is named.</summary>
internal sealed class BooleanReader : IValueReader
{
    private static readonly string[] s_true = ["true", "1", "t", "yes", "y"];
    private static readonly string[] s_false = ["false", "0", "f", "no", "n"];

    private readonly string[] _true = s_true;
    private readonly string[] _false = s_false;
    private readonly ValueFault _fault;

    /// <summary>Makes a reader.</summary>
    /// <param name="field">Name of the field, for the fault.</param>
    /// <param name="culture">The culture whose words are read too; null for none.</param>
    public BooleanReader(string field, CultureInfo? culture)
    {
        _fault = new ValueFault("NotABoolean", $"Field '{field}' is a boolean; write true or false.");
        if (culture is null || !BooleanWords.Of(culture, out var yes, out var no)) return;
        _true = [.. s_true, .. yes];
        _false = [.. s_false, .. no];
    }

    public ValueFault? Read(ReadOnlySpan<char> text, Span<char> scratch, out ReadOnlySpan<char> value)
    {
        value = default;
        var word = text.Trim();
        if (word.IsEmpty) return null;
        if (IsOneOf(word, _true)) value = "true";
        else if (IsOneOf(word, _false)) value = "false";
        else return _fault;
        return null;
    }

    private static bool IsOneOf(ReadOnlySpan<char> word, string[] words)
    {
        foreach (string one in words)
        {
            if (word.Equals(one, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
