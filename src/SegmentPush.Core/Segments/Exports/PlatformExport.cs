using System.Text.RegularExpressions;

namespace SegmentPush.Segments.Exports;

/// <summary>Tells files that Experience Platform exports from others: by their names and by their columns.</summary>
internal static partial class PlatformExport
{
    /// <summary>The null text that Experience Platform writes unless the destination says otherwise.</summary>
    public const string NullText = "null";

    // Beginnings of XDM paths that no other program uses for its columns.
    private static readonly string[] s_beginnings =
    [
        "PERSON_NAME_", "PERSON_BIRTHDATE", "PERSON_GENDER", "PERSONALEMAIL_", "WORKEMAIL_", "MOBILEPHONE_NUMBER", "HOMEPHONE_NUMBER",
        "WORKPHONE_NUMBER", "FAXPHONE_NUMBER", "HOMEADDRESS_", "WORKADDRESS_", "MAILINGADDRESS_", "PERSONCOMPONENTS_", "EXTENDEDWORKDETAILS_",
        "IDENTITYMAP", "SEGMENTMEMBERSHIP", "CONSENTS_", "XDM:", "B2B_COMPANY", "B2B_PERSON",
    ];

    /// <summary>Whether columns have names of XDM.</summary>
    public static bool HasColumns(IReadOnlyList<string> columns)
    {
        foreach (string column in columns)
        {
            string path = ColumnNames.Fold(column).Replace('.', '_');
            if (s_beginnings.Any(beginning => path.StartsWith(beginning, StringComparison.Ordinal))) return true;
        }

        return false;
    }

    /// <summary>Whether a file's name is one that Experience Platform gives: it holds <c>segment</c> and the segment's id.</summary>
    public static bool HasName(string path) => FindSegmentId(path) is not null;

    /// <summary>The id of the segment that the name of a file tells; null where it tells none.</summary>
    public static string? FindSegmentId(string path) =>
        SegmentId().Match(Path.GetFileName(path)) is { Success: true } match ? match.Groups["id"].Value : null;

    [GeneratedRegex("(?:segment|_)(?<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SegmentId();
}
