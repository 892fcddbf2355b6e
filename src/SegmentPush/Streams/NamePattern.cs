using System.Management.Automation;

namespace SegmentPush.Streams;

/// <summary>Names that a user gives with or without wildcards. A name may hold what would be a wildcard elsewhere, so it is first taken as it is written.</summary>
internal static class NamePattern
{
    /// <summary>The names that are meant.</summary>
    /// <param name="pattern">What the user gave.</param>
    /// <param name="names">All names.</param>
    /// <returns>The name that is written so, else those that the wildcards match; null where there are no wildcards and no such name.</returns>
    public static IReadOnlyList<string>? Match(string pattern, IReadOnlyList<string> names)
    {
        string wanted = pattern.Trim();
        if (names.FirstOrDefault(name => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase)) is { } literal) return [literal];
        if (!WildcardPattern.ContainsWildcardCharacters(pattern))
        {
            // A name whose wildcards are written with a backtick has none.
            string plain = WildcardPattern.Unescape(wanted);
            return names.FirstOrDefault(name => string.Equals(name, plain, StringComparison.OrdinalIgnoreCase)) is { } unescaped ? [unescaped] : null;
        }

        var matcher = WildcardPattern.Get(wanted, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return [.. names.Where(matcher.IsMatch)];
    }
}
