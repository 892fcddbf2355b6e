using System.Text.RegularExpressions;

namespace SegmentPush.HelpBuilder;

/// <summary>Takes the marks of Markdown out of a text that Get-Help shows as it is.</summary>
internal static partial class PlainText
{
    /// <summary>The text without the marks of emphasis and of code. An asterisk in code, such as that of a wildcard, stays.</summary>
    public static string WithoutMarks(string text) =>
        Marks().Replace(text, match => match.Groups["code"].Success ? match.Groups["code"].Value : match.Groups["text"].Value).Replace("`", "", StringComparison.Ordinal);

    [GeneratedRegex(@"`(?<code>[^`]*)`|(?<![\w*])\*{1,2}(?<text>[^*`\s](?:[^*`]*[^*`\s])?)\*{1,2}(?![\w*])")]
    private static partial Regex Marks();
}
