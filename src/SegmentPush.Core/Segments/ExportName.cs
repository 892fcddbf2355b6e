using System.Globalization;
using System.Text.RegularExpressions;

namespace SegmentPush.Segments;

/// <summary>
/// What the name of an exported file tells: Experience Platform puts the moment of the export into it, and a number where
/// one export is split into several files.
/// </summary>
internal static partial class ExportName
{
    private static readonly string[] s_forms = ["yyyyMMddHHmmss", "MMddyyyy_HHmmss", "yyyyMMdd_HHmmss", "yyyyMMdd", "yyyy-MM-dd"];

    /// <summary>The files of the newest export among some.</summary>
    /// <param name="paths">The files.</param>
    /// <returns>All of them where their names don't tell several exports of one segment apart.</returns>
    public static IReadOnlyList<string> Newest(IReadOnlyList<string> paths)
    {
        var exports = paths.Select(path => (Path: path, Export: Parse(Path.GetFileNameWithoutExtension(path)))).ToArray();
        if (exports.Any(file => file.Export is null) || exports.DistinctBy(file => file.Export!.Value.Segment).Count() != 1) return paths;
        var newest = exports.Max(file => file.Export!.Value.Moment);
        return [.. exports.Where(file => file.Export!.Value.Moment == newest).Select(file => file.Path)];
    }

    /// <summary>Files in the order of their exports, and of the parts of each; by name where the names don't tell.</summary>
    public static IReadOnlyList<string> InOrder(IEnumerable<string> paths) =>
    [
        .. paths.Select(path => (Path: path, Export: Parse(Path.GetFileNameWithoutExtension(path))))
            .OrderBy(file => Path.GetDirectoryName(file.Path), StringComparer.OrdinalIgnoreCase)
            .ThenBy(file => file.Export?.Segment ?? Path.GetFileName(file.Path), StringComparer.OrdinalIgnoreCase)
            .ThenBy(file => file.Export?.Moment)
            .ThenBy(file => file.Export?.Part)
            .ThenBy(file => file.Path, StringComparer.OrdinalIgnoreCase)
            .Select(file => file.Path),
    ];

    private static (string Segment, DateTime Moment, int Part)? Parse(string name)
    {
        var match = Form().Match(name);
        if (!match.Success) return null;
        int part = match.Groups["part"] is { Success: true, ValueSpan: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : 1;
        string stamp = match.Groups["stamp"].Value, segment = match.Groups["segment"].Value.ToUpperInvariant();
        if (DateTime.TryParseExact(stamp, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)) return (segment, moment, part);

        // Ten digits are seconds since 1970.
        return stamp.Length == 10 && long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            ? (segment, DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime, part)
            : null;
    }

    [GeneratedRegex(@"\A(?<segment>.*?)[_-]?(?<stamp>\d{14}|\d{8}_\d{6}|\d{4}-\d\d-\d\d|\d{10}|\d{8})(?:_(?<part>\d{1,4}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
