using System.Globalization;
using System.Text;

namespace SegmentPush;

/// <summary>Writes names from a source into messages so that people see each character.</summary>
internal static class VisibleText
{
    /// <summary>A name with characters that nobody sees written as <c>[U+00A0]</c>.</summary>
    public static string Of(string name)
    {
        var shown = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            bool isVisible = c == ' ' || !(char.IsWhiteSpace(c) || char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format);
            if (isVisible) shown.Append(c);
            else shown.Append(CultureInfo.InvariantCulture, $"[U+{(int)c:X4}]");
        }

        return shown.ToString();
    }
}
