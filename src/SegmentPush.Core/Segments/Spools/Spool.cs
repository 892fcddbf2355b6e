using System.Text;
using SegmentPush.Segments.Delimited;

namespace SegmentPush.Segments.Spools;

/// <summary>
/// Rows that come once only, kept in a file that its owner alone can read, as fast as they come: a push reads them from
/// there, at its own pace, and again in another process if the first one is killed.
/// </summary>
internal sealed class Spool : IDisposable
{
    private const int FlushEvery = 2_000;

    private static readonly TimeSpan s_flushAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_toDiskAfter = TimeSpan.FromSeconds(1);

    private readonly DelimitedFileWriter? _writer;
    private readonly ITimer? _timer;
    private readonly ProcessHost _host;
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _grown = new(initialState: false, spinCount: 0), _written = new(initialState: false, spinCount: 0);
    private int _unflushed;
    private long _toDiskAt;
    private bool _isOnDisk = true;
    private long _readable = long.MaxValue;
    private volatile bool _hasEnded;
    private volatile SegmentPushException? _fault;

    private Spool(string path, IReadOnlyList<string> columns, DelimitedFileWriter? writer, ProcessHost host)
    {
        _host = host;
        _toDiskAt = host.Time.GetTimestamp();
        Path = path;
        Columns = columns;
        _writer = writer;
        _hasEnded = writer is null;
        if (writer is not null) _timer = host.Time.CreateTimer(_ => FlushRest(), null, s_flushAfter, s_flushAfter);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The rows' columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Whether the file stays when this is disposed.</summary>
    public bool IsKept { get; set; }

    /// <summary>Begins a file.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="columns">The rows' columns.</param>
    /// <param name="host">The process's host; null for the machine itself.</param>
    /// <exception cref="SegmentPushException"><c>SpoolNotWritable</c>.</exception>
    public static Spool Create(string folder, IReadOnlyList<string> columns, ProcessHost? host = null)
    {
        string path = System.IO.Path.Combine(folder, $"spool-{Guid.NewGuid():N}.csv");
        return SpoolFiles.Guard(path, () =>
        {
            var writer = new DelimitedFileWriter(path, DelimitedFileWriter.Comma, DelimitedFileWriter.Utf8);
            foreach (string column in columns) writer.WriteCell(column);
            writer.WriteCell(SpoolMark.Column);
            writer.EndRow();
            writer.Flush();
            return new Spool(path, columns, writer, host ?? ProcessHost.Machine);
        });
    }

    /// <summary>Finds a file that another process has left.</summary>
    /// <exception cref="SegmentPushException">It is gone, or can't be read.</exception>
    public static Spool Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new SegmentPushException(
                "SpoolNotFound",
                $"The copy of the piped rows '{path}' is gone.",
                "Push the segment again; Remove-PushHistory takes the push out of the journal.",
                path);
        }

        using var rows = OpenRows(Follow(path, null), out string[] columns);
        return new Spool(path, columns, null, ProcessHost.Machine) { IsKept = true };
    }

    /// <summary>Begins to read the rows of a spool's file, after the header.</summary>
    public static RowParser Parse(SpoolStream file) => OpenRows(file, out _);

    private static RowParser OpenRows(SpoolStream file, out string[] columns)
    {
        file.ReadExactly(stackalloc byte[Encoding.UTF8.Preamble.Length]);
        var rows = new RowParser(file, TextEncodings.Utf8, Dialect.Rfc4180, int.MaxValue / 4);
        rows.Read();
        columns = new string[Math.Max(0, rows.CellCount - 1)];
        for (int i = 0; i < columns.Length; i++) columns[i] = rows.GetCell(i).ToString();
        return rows;
    }

    /// <summary>Adds a row. A fault of the disk goes to who reads.</summary>
    /// <param name="cells">A text for each column; null and empty are the same.</param>
    /// <param name="mark">What is wrong with the row, in a sentence; or what <see cref="SpoolMark.OfTyped"/> says of it; empty for a row of texts.</param>
    public void Add(ReadOnlySpan<string?> cells, string mark)
    {
        lock (_lock)
        {
            if (_hasEnded) return;
            try
            {
                foreach (string? cell in cells) _writer!.WriteCell(cell);
                _writer!.WriteCell(mark);
                _writer.EndRow();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Fail(e);
            }

            if (++_unflushed >= FlushEvery) Flush();
        }
    }

    /// <summary>Says that all rows have come.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            Add(new string?[Columns.Count], SpoolMark.End);
            Flush();
            FlushToDisk();
            End();
        }
    }

    /// <summary>Whether nothing more comes.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Opens the file for reading; reading waits for what is still to come.</summary>
    public SpoolStream Follow() => Follow(Path, this);

    /// <summary>Opens the file for a copy of it. From now on reading waits for what has been copied, too: a row that is pushed is in the copy.</summary>
    /// <param name="copied">How many bytes are copied already.</param>
    public SpoolStream FollowToCopy(long copied)
    {
        Interlocked.Exchange(ref _readable, copied);
        var file = Follow(Path, this, isCopying: true);
        file.Skip(copied);
        return file;
    }

    /// <summary>Notes how many bytes are copied.</summary>
    public void NoteCopied(long length)
    {
        Interlocked.Exchange(ref _readable, length);
        _grown.Set();
    }

    /// <summary>Gives readers the error that ended the copying.</summary>
    public void EndCopying(SegmentPushException error)
    {
        _fault = error;
        _grown.Set();
    }

    /// <summary>How many bytes may be read.</summary>
    public long Readable => Interlocked.Read(ref _readable);

    /// <summary>Notes that what comes from now on has not been read.</summary>
    /// <param name="isCopying">Whether the copy is meant, and not a reader.</param>
    public void Reset(bool isCopying) => (isCopying ? _written : _grown).Reset();

    /// <summary>Waits until more has come, or nothing more will.</summary>
    /// <param name="isCopying">Whether the copy is meant, and not a reader.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public void WaitForMore(bool isCopying, CancellationToken cancellation)
    {
        if (!isCopying) _host.Disk?.Invoke(DiskStep.WaitForRows);
        (isCopying ? _written : _grown).Wait(cancellation);
    }

    /// <summary>Throws where rows could not be written.</summary>
    /// <exception cref="SegmentPushException"><c>SpoolNotWritable</c>.</exception>
    public void ThrowIfFailed()
    {
        if (_fault is { } fault) throw fault;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            End();
            try
            {
                _writer?.Dispose();
            }
            catch (IOException)
            {
                // Who reads has been told before.
            }

            if (IsKept) return;
            IsKept = true;
            _host.Disk?.Invoke(DiskStep.BeforeDelete);
            File.Delete(Path);
        }
    }

    private static SpoolStream Follow(string path, Spool? spool, bool isCopying = false) =>
        SpoolFiles.Guard(path, () => new SpoolStream(
            new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan }),
            spool,
            isCopying));

    // The disk may take its time, for which no row waits.
    private void FlushRest()
    {
        lock (_lock)
        {
            if (_unflushed > 0) Flush();
            if (_isOnDisk || _hasEnded || _host.Time.GetElapsedTime(_toDiskAt) < s_toDiskAfter) return;
            _isOnDisk = true;
            _toDiskAt = _host.Time.GetTimestamp();
        }

        FlushToDisk();
    }

    private void Flush()
    {
        if (_hasEnded) return;
        _unflushed = 0;
        _isOnDisk = false;
        try
        {
            _writer!.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }

        Tell();
    }

    private void FlushToDisk()
    {
        try
        {
            _writer!.FlushToDisk();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lock (_lock) Fail(e);
        }
        catch (ObjectDisposedException)
        {
            // The rows have ended meanwhile.
        }
    }

    private void Fail(Exception e)
    {
        _fault = SpoolFiles.NotWritable(Path, e);
        End();
    }

    private void End()
    {
        _hasEnded = true;
        _timer?.Dispose();
        Tell();
    }

    private void Tell()
    {
        _written.Set();
        _grown.Set();
    }
}
