using System.Text;
using System.Text.RegularExpressions;

namespace SegmentPush.Calls;

/// <summary>Makes text from the network fit to be shown: short, on one line, without addresses of people.</summary>
internal static partial class SafeText
{
    private const int MaxLength = 300;

    public static string Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return string.Empty;
        }

        var shown = text.Length > 4 * MaxLength ? text[..(4 * MaxLength)] : text;
        var line = new StringBuilder(shown.Length);
        foreach (var rune in shown.EnumerateRunes())
        {
            // Control and format characters could move a terminal's cursor or turn the reading direction.
            var category = Rune.GetUnicodeCategory(rune);
            var hidden = category is System.Globalization.UnicodeCategory.Control
                or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator;
            line.Append(hidden ? " " : rune.ToString());
        }

        var safe = Address().Replace(line.ToString().Trim(), "(address)");
        return safe.Length > MaxLength ? string.Concat(safe.AsSpan(0, MaxLength), "...") : safe;
    }

    [GeneratedRegex(@"[^\s'""<>,;:=\[\]()]+(?:@|%40)[^\s'""<>,;\[\]()]+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
