namespace SegmentPush.Segments;

/// <summary>Reads rows that come once only, and keeps a copy of them in a file until it is disposed.</summary>
internal sealed class SpoolingReader : ISegmentReader
{
    private readonly ISegmentReader _rows;
    private readonly string _path;
    private readonly DelimitedFileWriter _copy;

    private SpoolingReader(ISegmentReader rows, string path)
    {
        _rows = rows;
        _path = path;
        _copy = new DelimitedFileWriter(path, DelimitedFileWriter.Comma);
        foreach (string column in rows.Columns) _copy.WriteCell(column);
        _copy.EndRow();
    }

    public IReadOnlyList<string> Columns => _rows.Columns;

    public long Row => _rows.Row;

    public RowFault? Fault => _rows.Fault;

    public double? Progress => _rows.Progress;

    /// <summary>Begins a copy, and deletes those whose process was killed.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="folder">Where the copy is kept.</param>
    /// <exception cref="SegmentPushException"><c>SpoolNotWritable</c>.</exception>
    public static SpoolingReader Create(ISegmentReader rows, string folder)
    {
        string path = Path.Combine(folder, $"spool-{Guid.NewGuid():N}.csv");
        return Guard(path, () =>
        {
            foreach (string orphan in Directory.GetFiles(folder, "spool-*.csv").Where(IsFree)) File.Delete(orphan);
            return new SpoolingReader(rows, path);
        });
    }

    public bool Read(CancellationToken cancellation = default)
    {
        if (!_rows.Read(cancellation)) return false;
        Guard(_path, () =>
        {
            for (int i = 0; i < _rows.Columns.Count; i++) _copy.WriteCell(_rows.GetValue(i));
            _copy.EndRow();
            return true;
        });
        return true;
    }

    public ReadOnlySpan<char> GetValue(int column) => _rows.GetValue(column);

    /// <summary>Ends the copy and reads it from its start; its rows have the same numbers.</summary>
    public DelimitedFileReader OpenCopy()
    {
        Guard(_path, () =>
        {
            _copy.Dispose();
            return true;
        });
        return DelimitedFileReader.Open(_path, new DelimitedFileOptions { Delimiter = DelimitedFileWriter.Comma });
    }

    public void Dispose()
    {
        _rows.Dispose();
        try
        {
            _copy.Dispose();
        }
        catch (IOException)
        {
            // What could not be written any more is deleted just the same.
        }
        finally
        {
            File.Delete(_path);
        }
    }

    private static bool IsFree(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentPushException(
                "SpoolNotWritable",
                $"The copy of the piped rows '{path}' can't be written: {e.Message}",
                "Make room there and give this user write permission, or set SEGMENTPUSH_HOME to another folder.",
                path,
                e);
        }
    }
}
