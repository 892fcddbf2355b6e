using System.Text.RegularExpressions;

namespace SegmentPush;

/// <summary>Tells the names of columns from the first person of a file without a header, who must not come into a message.</summary>
internal static partial class HeaderWords
{
    /// <summary>Whether names have a usual word among them and no address, so that messages may show them.</summary>
    public static bool AreIn(IReadOnlyList<string> columns) => !HaveAddress(columns) && columns.Any(column => UsualWords().IsMatch(column));

    /// <summary>Whether one of the names is an address, which tells that they are none.</summary>
    public static bool HaveAddress(IReadOnlyList<string> columns) => columns.Any(column => column.Contains('@', StringComparison.Ordinal));

    // Such a word stands by itself, or at the end in camelCase. Words that occur in names of people and companies are not among them.
    [GeneratedRegex(@"(?<!\p{L})(?i:e-?mail|mail|courriel|pr[ée]nom|vorname|nachname|id|identityMap|segmentMembership)(?!\p{L})|(?<!\p{L})(?i:(first|last|full|given|family|sur)?[ ._-]?name)$|(?<=[a-z])(E-?[Mm]ail|Id|ID|Name)$")]
    private static partial Regex UsualWords();
}
