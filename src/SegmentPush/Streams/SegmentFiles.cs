using System.Management.Automation;
using SegmentPush.Pushes;
using SegmentPush.Pushes.InStep;
using SegmentPush.Segments;

namespace SegmentPush.Streams;

/// <summary>The files of a push, found by the session's rules for paths and opened.</summary>
internal sealed class SegmentFiles : IDisposable
{
    private IReadOnlyList<PushSource> _sources = [];

    /// <summary>Opens the files that paths lead to, each once.</summary>
    /// <param name="session">The session.</param>
    /// <param name="paths">Paths with wildcards.</param>
    /// <param name="literalPaths">Paths as they are written.</param>
    /// <param name="delimiter">What stands between two cells; null to find out.</param>
    /// <param name="mayBeEmpty">Whether a file without rows is a segment without people.</param>
    /// <param name="warn">Is told of files that are left out, as they are of older exports; null where all are taken.</param>
    /// <exception cref="SegmentPushException">A file is not there, or can't be read as a segment.</exception>
    public static SegmentFiles Open(
        SessionState session, IEnumerable<string> paths, IEnumerable<string> literalPaths, char? delimiter, bool mayBeEmpty, Action<string>? warn = null)
    {
        var files = new List<string>();
        foreach (string path in paths)
        {
            var found = ExportName.InOrder(FilePaths.Resolve(session, path));
            var taken = warn is null ? found : ExportName.Newest(found);
            if (taken.Count < found.Count)
                warn!($"'{path}' has files of several exports; the newest one is the segment: {string.Join(", ", taken.Select(file => $"'{System.IO.Path.GetFileName(file)}'"))}.");
            files.AddRange(taken);
        }

        files.AddRange(literalPaths.Select(path => FilePaths.Literal(session, path)));

        var sources = new List<PushSource>();
        var opened = new SegmentFiles { _sources = sources };
        try
        {
            foreach (string file in files.Distinct(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal))
                sources.Add(PushSource.File(file, delimiter, mayBeEmpty));
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Opens the files of a plan.</summary>
    /// <exception cref="SegmentPushException">A file can't be read as a segment.</exception>
    public static SegmentFiles Open(IReadOnlyList<PlannedSource> planned)
    {
        var sources = new List<PushSource>();
        var opened = new SegmentFiles { _sources = sources };
        try
        {
            foreach (var file in planned) sources.Add(PushSource.File(file.Path, file.Delimiter, mayBeEmpty: true));
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Hands the files over to a push, which closes them.</summary>
    public IReadOnlyList<PushSource> Take()
    {
        var taken = _sources;
        _sources = [];
        return taken;
    }

    public void Dispose()
    {
        foreach (var source in _sources) source.Dispose();
        _sources = [];
    }
}
