namespace SegmentPush;

/// <summary>Finds the names that somebody may have meant.</summary>
internal static class NearestNames
{
    private const int Most = 3;

    /// <summary>Up to three names that are like the given one, the likest first.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> names)
    {
        string wanted = Letters(name);
        int farthest = Math.Max(2, wanted.Length / 3);
        return names
            .Select(candidate => (Name: candidate, Distance: Distance(wanted, Letters(candidate))))
            .Where(c => c.Distance <= farthest)
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.OrdinalIgnoreCase)
            .Take(Most).Select(c => c.Name).ToArray();
    }

    /// <summary>The letters and digits of a name, in capitals: a.firstName, a_firstName and "A First Name" differ in nothing that matters here.</summary>
    public static string Letters(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    // Levenshtein's distance, but a name inside the other counts as near.
    private static int Distance(string a, string b)
    {
        if (a.Length > 3 && b.Length > 3 && (a.Contains(b, StringComparison.Ordinal) || b.Contains(a, StringComparison.Ordinal)))
            return 1;
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
