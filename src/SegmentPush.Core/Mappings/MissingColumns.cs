namespace SegmentPush.Mappings;

/// <summary>Describes columns of a mapping that a source does not have, without showing what may be a person.</summary>
internal static class MissingColumns
{
    private const int MostNamed = 50;

    /// <summary>Adds the columns of a mapping that a source does not have to the mistakes of the mapping.</summary>
    /// <param name="names">The names of the columns that the mapping reads.</param>
    /// <param name="columns">The source's column names.</param>
    /// <param name="find">Gives the number of a column by its name, or -1.</param>
    /// <param name="sourceName">How messages name the source, such as its path.</param>
    /// <param name="isPiped">Whether the source is the objects of a pipeline, whose columns are their properties.</param>
    /// <param name="mistakes">Takes a mistake for each missing column; one for all of them where the source seems to have no header.</param>
    public static void Find(
        IReadOnlyList<string> names, IReadOnlyList<string> columns, Func<string, int> find, MessageText sourceName, bool isPiped, MappingMistakes mistakes)
    {
        var missing = new List<string>();
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            mistakes.Try(() =>
            {
                if (find(name) < 0) missing.Add(name);
            });
        }

        if (missing.Count == 0) return;
        bool isHeader = IsHeader(columns, hasFound: missing.Count < names.Count);
        if (!isHeader) mistakes.Add(isPiped ? NotAmongProperties(missing) : NoHeader(missing, sourceName));
        else foreach (string name in missing) mistakes.Add(Missing(name, columns, sourceName));
    }

    // The first row of a file without a header is a person, who must not come into an error. A column that the mapping knows, or a name
    // with a usual word in it, tells that it is a header; an address tells that it is none.
    private static bool IsHeader(IReadOnlyList<string> columns, bool hasFound) =>
        hasFound ? !HeaderWords.HaveAddress(columns) : HeaderWords.AreIn(columns);

    private static SegmentPushException NoHeader(List<string> missing, MessageText sourceName) => new(
        "SourceColumnNotFound",
        missing.Count == 1
            ? (MessageText)$"The source column {Quote(missing)} is not in {sourceName}, which seems to have no header. What its first row holds is not shown, because it may be a person."
            : $"The source columns {Quote(missing)} are not in {sourceName}, which seems to have no header. What its first row holds is not shown, because it may be a person.",
        "Export it with a header row, or add one. If it has one, write its names in the mapping; Get-SegmentFile shows them.",
        missing[0]);

    // Import-Csv makes names of properties out of the first row, also where that is a person.
    private static SegmentPushException NotAmongProperties(List<string> missing) => new(
        "SourceColumnNotFound",
        missing.Count == 1
            ? (MessageText)$"The source column {Quote(missing)} is not in the piped objects. The names of their properties are not shown, because they may be a person."
            : $"The source columns {Quote(missing)} are not in the piped objects. The names of their properties are not shown, because they may be a person.",
        "Check the command before Invoke-SegmentPush: Import-Csv needs the file's -Delimiter and a header row. Or push the file by its path.",
        missing[0]);

    private static SegmentPushException Missing(string name, IReadOnlyList<string> columns, MessageText sourceName)
    {
        MessageText lacks = $"The source column '{VisibleText.Of(name)}' is not in {sourceName}.";
        string shown = Quote(columns.Take(MostNamed)) + (columns.Count > MostNamed ? ", ..." : "");
        return new SegmentPushException(
            "SourceColumnNotFound",
            NearestNames.Of(name, columns) is [_, ..] near ? $"{lacks} Nearest: {Quote(near)}." : lacks,
            columns.Count == 1
                ? (MessageText)$"It has 1 column: {shown}. If that is a whole row, name the character between its cells with -Delimiter."
                : $"It has {columns.Count:N0} columns: {shown}.",
            name);
    }

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{VisibleText.Of(name)}'"));
}
