using SegmentPush.Segments.Nested;

namespace SegmentPush.Segments.Json;

/// <summary>What a JSON file holds.</summary>
/// <param name="Paths">Its columns, and where their values lie.</param>
/// <param name="Rows">Number of its rows.</param>
/// <param name="IsArray">Whether the rows are the elements of one array; otherwise they come one after the other.</param>
internal sealed record JsonLook(NestedColumns Paths, long Rows, bool IsArray)
{
    /// <summary>Names of the columns: dotted paths to the values that occur.</summary>
    public IReadOnlyList<string> Columns => Paths.Names;
}

/// <summary>
/// Reads people from JSON in UTF-8: objects on lines (NDJSON), objects one after the other in any layout, or one array of
/// objects. Each object is a person.
/// </summary>
internal static class JsonFile
{
    private const int RowsBetweenChecks = 1_000;

    /// <summary>Looks at a whole file: checks that it is valid JSON, and finds its columns.</summary>
    /// <param name="utf8">The file's text, to be read once, from its start. It is disposed.</param>
    /// <param name="path">How messages name the file.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <exception cref="SegmentPushException">
    /// <c>SourceUnreadable</c>: it is malformed or cut off, holds something else than objects, or a row of more than 16 MB.
    /// </exception>
    public static JsonLook Look(Stream utf8, string path, CancellationToken cancellation = default)
    {
        using var rows = new JsonRows(utf8, path);
        var learner = new JsonLearner();
        long count = 0;
        while (rows.Next(learner))
        {
            if (++count % RowsBetweenChecks == 0) cancellation.ThrowIfCancellationRequested();
        }

        return new JsonLook(new NestedColumns(learner.Root.ToShape()), count, rows.IsArray);
    }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="utf8">The same text as for the look, from its start. The reader disposes it.</param>
    /// <param name="look">What the look has found.</param>
    /// <param name="path">How messages name the file.</param>
    public static JsonRowReader Open(Stream utf8, JsonLook look, string path) => new(new JsonRows(utf8, path), look);
}
