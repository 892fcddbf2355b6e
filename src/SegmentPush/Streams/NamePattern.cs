using System.Management.Automation;

namespace SegmentPush.Streams;

/// <summary>Names that a user gives with or without wildcards. A name may hold what would be a wildcard elsewhere, so it is first taken as it is written.</summary>
internal static class NamePattern
{
    private const WildcardOptions Options = WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant;

    /// <summary>The names that are meant.</summary>
    /// <param name="pattern">What the user gave.</param>
    /// <param name="names">All names.</param>
    /// <returns>The name that is written so, else those that the wildcards match; null where there are no wildcards and no such name.</returns>
    public static IReadOnlyList<string>? Match(string pattern, IReadOnlyList<string> names)
    {
        string wanted = pattern.Trim();
        if (names.FirstOrDefault(name => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase)) is { } literal) return [literal];
        if (IsPattern(wanted)) return [.. names.Where(Matcher(wanted))];

        // A name whose wildcards are written with a backtick has none.
        string plain = Plain(wanted);
        return names.FirstOrDefault(name => string.Equals(name, plain, StringComparison.OrdinalIgnoreCase)) is { } unescaped ? [unescaped] : null;
    }

    /// <summary>Whether a text has wildcards. One with a bracket that is not closed has none: it can match nothing but itself.</summary>
    public static bool IsPattern(string text)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(text)) return false;
        try
        {
            _ = WildcardPattern.Get(text, Options).IsMatch(string.Empty);
            return true;
        }
        catch (WildcardPatternException)
        {
            return false;
        }
    }

    /// <summary>A text without wildcards as the name that it means: a backtick before a wildcard goes.</summary>
    public static string Plain(string text) => WildcardPattern.ContainsWildcardCharacters(text) ? text : WildcardPattern.Unescape(text);

    /// <summary>Tells of a name whether a text means it: it is written so, or the wildcards match it.</summary>
    public static Func<string, bool> Matcher(string text)
    {
        string plain = Plain(text);
        var pattern = IsPattern(text) ? WildcardPattern.Get(text, Options) : null;
        return name => string.Equals(name, plain, StringComparison.OrdinalIgnoreCase) || pattern?.IsMatch(name) == true;
    }
}
