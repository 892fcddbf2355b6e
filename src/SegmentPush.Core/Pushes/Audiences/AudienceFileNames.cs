using System.Globalization;
using SegmentPush.Platform;

namespace SegmentPush.Pushes.Audiences;

/// <summary>Names on this machine for the files of a batch: those of the platform, as far as a file may have them.</summary>
internal static class AudienceFileNames
{
    private const int MaxLength = 150;

    /// <summary>A name for each file, all different, and none that leads to another folder.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<BatchFile> files)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new List<string>();
        foreach (var file in files)
        {
            string name = Plain(file.Name);
            for (int copy = 2; !taken.Add(name); copy++) name = string.Create(CultureInfo.InvariantCulture, $"{copy}-{Plain(file.Name)}");
            names.Add(name);
        }

        return names;
    }

    private static string Plain(string name)
    {
        string last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        string plain = string.Concat(last.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).TrimStart('.');
        if (plain.Length > MaxLength) plain = plain[^MaxLength..];
        return plain.Contains('.', StringComparison.Ordinal) ? plain : plain + ".parquet";
    }
}
