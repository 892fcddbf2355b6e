using System.Globalization;
using System.Text;

namespace SegmentPush;

/// <summary>Writes names from a source into messages so that people see each character.</summary>
internal static class VisibleText
{
    private const char NoBreakSpace = '\u00A0', NarrowNoBreakSpace = '\u202F';

    /// <summary>A name with characters that nobody sees written as <c>[U+00A0]</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="keepsSpaces">Whether no-break spaces stay as they are, as in sentences of languages that have them.</param>
    public static string Of(string name, bool keepsSpaces = false)
    {
        var shown = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            bool isVisible = c == ' ' || (keepsSpaces && c is (NoBreakSpace or NarrowNoBreakSpace)) || !(char.IsWhiteSpace(c) || char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format);
            if (isVisible) shown.Append(c);
            else shown.Append(CultureInfo.InvariantCulture, $"[U+{(int)c:X4}]");
        }

        return shown.ToString();
    }
}
