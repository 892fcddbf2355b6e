using System.Globalization;
using System.Text;

namespace SegmentPush.Segments;

/// <summary>
/// Compares names of columns as people mean them: without case, outer blanks, byte order marks, kinds of blanks and Unicode form.
/// A dot and an underscore are equal where that leads to one column only, because Experience Platform writes
/// <c>person_name_firstName</c> for <c>person.name.firstName</c>.
/// </summary>
internal static class ColumnNames
{
    /// <summary>Finds a column.</summary>
    /// <param name="columns">The source's columns.</param>
    /// <param name="name">The name to look for.</param>
    /// <returns>Its number, or -1 where no column has the name.</returns>
    /// <exception cref="SegmentPushException">Several columns have the name (<c>SourceColumnAmbiguous</c>).</exception>
    public static int Find(IReadOnlyList<string> columns, string name)
    {
        if (ConsentNames.IsConsent(name)) return IndexOf(columns, name, FoldPath(name), FoldPath);
        int exact = IndexOf(columns, name, name, column => column);
        if (exact >= 0) return exact;
        int folded = IndexOf(columns, name, Fold(name), Fold);
        return folded >= 0 ? folded : IndexOf(columns, name, FoldPath(name), FoldPath);
    }

    /// <summary>The form of a name that is equal for names that mean the same column.</summary>
    public static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        bool isAfterBlank = false;
        foreach (char c in name.Normalize(NormalizationForm.FormC))
        {
            if (IsIgnored(c)) continue;
            if (char.IsWhiteSpace(c))
            {
                isAfterBlank = folded.Length > 0;
                continue;
            }

            if (isAfterBlank) folded.Append(' ');
            isAfterBlank = false;
            folded.Append(char.ToUpperInvariant(c));
        }

        return folded.ToString();
    }

    /// <summary>The form of a name in which a dot and an underscore are equal, too.</summary>
    public static string FoldPath(string name) => Fold(name).Replace('.', '_');

    private static int IndexOf(IReadOnlyList<string> columns, string name, string folded, Func<string, string> fold)
    {
        int found = -1;
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Length == 0 || fold(columns[i]) != folded) continue;
            if (found >= 0 && columns[found] == columns[i])
            {
                // Objects can have both: a property with dots in its name, and nested ones.
                throw new SegmentPushException(
                    "SourceColumnAmbiguous",
                    $"'{VisibleText.Of(columns[i])}' stands in the source twice.",
                    "Leave one of the two out of the export. One name with dots, and names within each other, are the same column.",
                    columns[i]);
            }

            if (found >= 0 && ConsentNames.IsConsent(name))
            {
                throw new SegmentPushException(
                    "SourceColumnAmbiguous",
                    $"The columns '{VisibleText.Of(columns[found])}' and '{VisibleText.Of(columns[i])}' both hold the consent '{VisibleText.Of(name)}'.",
                    "Leave one of the two out of the export.",
                    columns[i]);
            }

            if (found >= 0)
            {
                throw new SegmentPushException(
                    "SourceColumnAmbiguous",
                    $"The columns '{VisibleText.Of(columns[found])}' and '{VisibleText.Of(columns[i])}' both match the name '{VisibleText.Of(name)}'.",
                    "Write the name in the mapping exactly as the source spells the column.",
                    columns[i]);
            }

            found = i;
        }

        return found;
    }

    // Byte order marks and the characters of width zero that programs leave in names.
    private static bool IsIgnored(char c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
