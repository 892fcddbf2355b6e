using SegmentPush.Segments;

namespace SegmentPush.Completion;

/// <summary>What completers offer of the files that the line names, as Get-SegmentFile sees them.</summary>
internal static class FileCompletion
{
    private const int MostFiles = 3;

    private static readonly SlowAnswers s_answers = new();

    /// <summary>The columns of the files, each once.</summary>
    public static IEnumerable<string> Columns(CompletionLine line) =>
        line.Files().Where(File.Exists).Take(MostFiles).SelectMany(ColumnsOf).Where(column => column.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase);

    private static IReadOnlyList<string> ColumnsOf(string path)
    {
        var file = new FileInfo(path);
        return s_answers.Get<string>($"{path}|{file.Length}|{file.LastWriteTimeUtc.Ticks}", stop =>
        {
            using var source = FileSource.Open(path, new FormOptions { MayBeEmpty = true }, stop);

            // The first row of a file without a header is a person.
            return Task.FromResult(source.Form.Columns.Any(column => column.Contains('@', StringComparison.Ordinal)) ? [] : source.Form.Columns);
        });
    }
}
