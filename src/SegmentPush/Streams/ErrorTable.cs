using System.Management.Automation;
using System.Reflection;

namespace SegmentPush.Streams;

/// <summary>The one table of error ids, docs/errors.md, as far as error records need it.</summary>
internal static class ErrorTable
{
    private static readonly Lazy<IReadOnlyDictionary<string, ErrorCategory>> s_categories = new(Read);

    /// <summary>The category of an error.</summary>
    /// <param name="id">Its id.</param>
    /// <returns><see cref="ErrorCategory.NotSpecified"/> where the table lacks the id, which a test finds.</returns>
    public static ErrorCategory CategoryOf(string id) => s_categories.Value.GetValueOrDefault(id, ErrorCategory.NotSpecified);

    private static Dictionary<string, ErrorCategory> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("errors.md")!;
        using var reader = new StreamReader(stream);
        var categories = new Dictionary<string, ErrorCategory>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            // Only rows of errors have a category in their second cell.
            string[] cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length > 3 && Enum.TryParse(cells[2], out ErrorCategory category)) categories[cells[1]] = category;
        }

        return categories;
    }
}
