namespace SegmentPush.Segments;

/// <summary>
/// A file of rejected rows as their segment had them, with number, code and reason: to be mended and pushed again. A row
/// whose form is at fault keeps it, so that it is not taken for mended when it is pushed again as it is.
/// </summary>
internal sealed class RejectFile : IDisposable
{
    private readonly DelimitedFileWriter _writer;
    private readonly string _path;
    private readonly string _temporary;
    private readonly int _ownColumns;

    private RejectFile(string path, IReadOnlyList<string> columns, char delimiter)
    {
        _path = path;
        _temporary = TemporaryName(path);
        _ownColumns = RejectColumns.CountOwn(columns);
        _writer = new DelimitedFileWriter(_temporary, delimiter);
        foreach (string column in columns.Take(_ownColumns).Concat(RejectColumns.Names)) _writer.WriteCell(column);
        _writer.EndRow();
    }

    /// <summary>Checks that a file can be written.</summary>
    /// <exception cref="SegmentPushException"><c>RejectPathNotWritable</c>.</exception>
    public static void Check(string path)
    {
        if (Directory.Exists(path)) throw NotWritable(path, "it is a folder", null);
        Guard(path, () =>
        {
            string trial = TemporaryName(path);
            new DelimitedFileWriter(trial, DelimitedFileWriter.Comma).Dispose();
            File.Delete(trial);
            return true;
        });
    }

    /// <summary>Writes a file, and puts it in the place of one that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The segment's header.</param>
    /// <param name="delimiter">The segment's delimiter.</param>
    /// <param name="rows">Adds the rows.</param>
    /// <exception cref="SegmentPushException"><c>RejectPathNotWritable</c>.</exception>
    public static void Write(string path, IReadOnlyList<string> columns, char delimiter, Action<RejectFile> rows) => Guard(path, () =>
    {
        using var file = new RejectFile(path, columns, delimiter);
        rows(file);
        file._writer.Dispose();
        File.Move(file._temporary, path, overwrite: true);
        return true;
    });

    /// <summary>Adds a row.</summary>
    /// <param name="row">A reader that stands on it.</param>
    /// <param name="code">Why it was rejected.</param>
    /// <param name="reason">The same in a sentence.</param>
    public void Add(ISegmentReader row, string code, string reason)
    {
        var file = row.Fault is null ? null : row as DelimitedFileReader;
        if (file?.Fault is { HasCells: false }) WriteCell(file.Raw);
        else
        {
            bool isMarked = RejectColumns.AreIn(row.Columns);
            int cells = file is null || file.CellCount == row.Columns.Count ? _ownColumns : file.CellCount;
            for (int i = 0; i < cells; i++)
            {
                var cell = row.GetValue(i);
                WriteCell(isMarked ? RejectColumns.TakeMarkOff(cell) : cell);
            }
        }

        _writer.WriteCell(row.Row.ToString(System.Globalization.CultureInfo.InvariantCulture));
        WriteCell(code);
        WriteCell(reason);
        _writer.EndRow();
    }

    public void Dispose()
    {
        _writer.Dispose();
        File.Delete(_temporary);
    }

    private void WriteCell(ReadOnlySpan<char> cell) => _writer.WriteCell(cell, RejectColumns.NeedsMark(cell) ? "'" : "");

    private static string TemporaryName(string path) => $"{path}.{Guid.NewGuid():N}.tmp";

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, e.Message, e);
        }
    }

    private static SegmentPushException NotWritable(string path, string why, Exception? cause) => new(
        "RejectPathNotWritable",
        $"The reject file '{path}' can't be written: {why}",
        "Give a file in a folder that is there and that this user may write to.",
        path,
        cause);
}
