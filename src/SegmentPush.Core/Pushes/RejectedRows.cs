using SegmentPush.Segments;
using SegmentPush.Segments.Rejects;

namespace SegmentPush.Pushes;

/// <summary>Copies the rejected rows of a push out of its sources, which are read a second time for that.</summary>
internal static class RejectedRows
{
    /// <summary>Checks before a push that its rejected rows can be written.</summary>
    /// <exception cref="SegmentPushException">
    /// <c>RejectPathNotWritable</c>, <c>RejectPathIsSource</c>, <c>RejectPathExists</c>, <c>RejectHeadersDiffer</c>.
    /// </exception>
    public static void CheckPath(string path, IReadOnlyList<PushSource> sources)
    {
        var output = OutputFile.At(path, RejectFile.Kind);
        output.CheckIsNoSource(sources.Where(source => source.File is not null).Select(source => source.Name));
        foreach (var other in sources.Skip(1))
        {
            bool isSame = IsNested(other) == IsNested(sources[0])
                && (IsNested(other) || OwnColumns(other).SequenceEqual(OwnColumns(sources[0]), StringComparer.OrdinalIgnoreCase));
            if (isSame) continue;
            throw new SegmentPushException(
                "RejectHeadersDiffer",
                $"{other.Description} has other columns than {sources[0].Description}, so their rejected rows don't fit one file.",
                "Push them one by one, each with a reject file of its own.",
                other.Name);
        }

        output.CheckReplaces(mayReplace: false);
        output.CheckWritable();
    }

    /// <summary>Writes the rejected rows of a push that has ended.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sources">The push's sources.</param>
    /// <param name="rejected">Source and row number of each, in order.</param>
    /// <exception cref="SegmentPushException">A source can't be read again, or the file can't be written.</exception>
    public static void Write(
        string path, IReadOnlyList<PushSource> sources, IEnumerable<(int Source, long Row, string Code, string Reason)> rejected) =>
        Write(path, sources[0], file =>
        {
            int at = -1;
            ISegmentReader? reader = null;
            try
            {
                foreach (var (source, row, code, reason) in rejected)
                {
                    if (source != at)
                    {
                        reader?.Dispose();
                        reader = sources[source].OpenWhole();
                        at = source;
                    }

                    while (reader!.Row < row)
                    {
                        if (!reader.Read()) throw Changed(sources[source]);
                    }

                    file.Add(reader, code, reason);
                }
            }
            finally
            {
                reader?.Dispose();
            }
        });

    // Rows of nested objects have no cells.
    private static void Write(string path, PushSource first, Action<IRejectedRows> rows)
    {
        var output = OutputFile.At(path, RejectFile.Kind);
        if (IsNested(first)) RejectFile.WriteJson(output, rows);
        else RejectFile.Write(output, FormatOf(first), rows);
    }

    private static bool IsNested(PushSource source) => source.Audience is not null || source.File is { Form.Format: not FileFormat.Delimited };

    private static RejectFormat FormatOf(PushSource source) =>
        source.File is not null ? RejectFormat.Of(source.File) : RejectFormat.OfObjects(source.Reader.Columns);

    private static IEnumerable<string> OwnColumns(PushSource source)
    {
        var columns = source.Reader.Columns;
        return columns.Take(RejectColumns.CountOwn(columns));
    }

    private static SegmentPushException Changed(PushSource source) => new(
        "SourceChanged",
        $"{source.Description} was changed during the push, so its rejected rows could not be copied.",
        "See Get-PushStatus -Outcome Rejected for the rows' numbers and reasons.",
        source.Name);
}
