using System.Text.RegularExpressions;

namespace SegmentPush.Segments.Json;

/// <summary>Tells JSON from delimited text by how a text begins.</summary>
internal static partial class JsonBeginning
{
    /// <summary>
    /// Whether a text begins like JSON, right or not: with an object or a list, which comments may come before. The header of a delimited file may begin
    /// with a bracket, but not in these ways.
    /// </summary>
    public static bool Is(string head) => Form().IsMatch(head);

    // Objects with names in single quotes or in none, and lists of texts or lists, are no JSON of people; the reader of JSON says so.
    [GeneratedRegex("""\A\uFEFF?(\s|//[^\r\n]*[\r\n]|/\*.*?\*/)*(\{\s*(["'}]|[\w$]+\s*:|/[/*])|\[\s*([\[{\]"']|/[/*]))""", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Form();
}
