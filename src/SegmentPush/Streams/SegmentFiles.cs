using System.Management.Automation;
using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>The files of a push, found by the session's rules for paths and opened.</summary>
internal sealed class SegmentFiles : IDisposable
{
    private IReadOnlyList<PushSource> _sources = [];

    /// <summary>Opens the files that paths lead to, each once.</summary>
    /// <exception cref="SegmentPushException">A file is not there, or can't be read as a segment.</exception>
    public static SegmentFiles Open(SessionState session, IEnumerable<string> paths, IEnumerable<string> literalPaths, char? delimiter)
    {
        var files = new List<string>();
        foreach (string path in paths) files.AddRange(FilePaths.Resolve(session, path));
        files.AddRange(literalPaths.Select(path => FilePaths.Literal(session, path)));

        var sources = new List<PushSource>();
        var opened = new SegmentFiles { _sources = sources };
        try
        {
            foreach (string file in files.Distinct(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal))
                sources.Add(PushSource.File(file, delimiter));
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
