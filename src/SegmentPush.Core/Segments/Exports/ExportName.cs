using System.Globalization;
using System.Text.RegularExpressions;

namespace SegmentPush.Segments.Exports;

/// <summary>
/// What the name of an exported file tells: Experience Platform puts the moment of the export into it, and a number where
/// one export is split into several files.
/// </summary>
/// <param name="Segment">The name up to the moment, in capitals.</param>
/// <param name="Moment">When the export was made, UTC.</param>
/// <param name="Part">Number of the part; 1 is the first.</param>
internal sealed partial record ExportName(string Segment, DateTime Moment, int Part)
{
    private static readonly string[] s_forms = ["yyyyMMddHHmmss", "MMddyyyy_HHmmss", "yyyyMMdd_HHmmss", "yyyyMMdd", "yyyy-MM-dd", "yyyyMMddHHmm"];

    /// <summary>Reads the name of a file.</summary>
    /// <returns>Null where the name tells no moment.</returns>
    public static ExportName? Parse(string path)
    {
        var match = Form().Match(Ending().Replace(Path.GetFileName(path), ""));
        if (!match.Success) return null;
        int part = match.Groups["part"] is { Success: true, ValueSpan: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : 1;
        string stamp = match.Groups["stamp"].Value, segment = match.Groups["segment"].Value.ToUpperInvariant();
        if (DateTime.TryParseExact(stamp, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
            return new ExportName(segment, moment, part);

        // Ten digits are seconds since 1970.
        return stamp.Length == 10 && long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            ? new ExportName(segment, DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime, part)
            : null;
    }

    /// <summary>The moment that a folder of an exported dataset tells: <c>exportTime=202611010200</c>.</summary>
    public static DateTime? MomentOfFolder(string folder) =>
        Folder().Match(Path.GetFileName(folder)) is { Success: true } match
        && DateTime.TryParseExact(match.Groups["stamp"].Value, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null;

    // One or more endings such as ".csv.gz"; one of digits only is a part of the name.
    [GeneratedRegex(@"(\.(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{1,8})+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Ending();

    [GeneratedRegex(@"\AexportTime=(?<stamp>\d{8,14})\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Folder();

    // The id of a segment may end with ten digits, which are none of a moment.
    [GeneratedRegex(@"\A(?<segment>.*?)[_-]?(?<![0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{0,11})(?<stamp>\d{14}|\d{8}_\d{6}|\d{4}-\d\d-\d\d|\d{10}|\d{8})(?:_(?<part>\d{1,4}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
