using System.Management.Automation;
using SegmentPush.Destinations;
using SegmentPush.Pushes;
using SegmentPush.Segments.Exports;
using SegmentPush.Segments;

namespace SegmentPush.Streams;

/// <summary>The files of a push, found by the session's rules for paths and opened.</summary>
internal sealed class SegmentFiles : IDisposable
{
    private IReadOnlyList<PushSource> _sources = [];

    /// <summary>Finds the exports that paths lead to.</summary>
    /// <param name="session">The session.</param>
    /// <param name="paths">Paths with wildcards.</param>
    /// <param name="literalPaths">Paths as they are written.</param>
    /// <param name="warn">Is told of folders, and of files that are still being written, that are left out.</param>
    /// <param name="pipedPaths">Paths of piped files; markers and manifests among them are left out.</param>
    /// <returns>The exports that folders and wildcards lead to, and those that are named one by one, each file once.</returns>
    /// <exception cref="SegmentPushException">A file is not there, or no file may hold people.</exception>
    public static IReadOnlyList<FoundExport> Find(
        SessionState session, IEnumerable<string> paths, IEnumerable<string> literalPaths, Action<MessageText> warn, IEnumerable<string>? pipedPaths = null)
    {
        var found = new List<(string File, bool IsNamed)>();
        var unfinished = new List<string>();
        foreach (string path in paths)
        {
            bool isPattern = WildcardPattern.ContainsWildcardCharacters(path);
            foreach (string file in FilePaths.Resolve(session, path)) Add(file, isPattern);
        }

        foreach (string path in literalPaths) Add(FilePaths.Literal(session, path), isPattern: false);
        foreach (string path in pipedPaths ?? [])
        {
            if (Directory.Exists(path) || ExportSearch.MayHoldPeople(path)) Add(path, isPattern: false);
            else if (ExportSearch.IsUnfinished(path)) unfinished.Add(path);
        }

        if (unfinished.Count > 0)
            warn($"Files whose names say that they are still being written are left out: {string.Join(", ", unfinished.Select(file => $"'{Path.GetFileName(file)}'"))}.");
        if (found.Count == 0 && (paths.FirstOrDefault() ?? pipedPaths?.FirstOrDefault()) is { } first)
            throw new SegmentPushException("FolderHasNoSegment", $"The path '{first}' leads to no file that may hold people.", "Check the path and the export.", first);

        string[] named = [.. found.Where(file => file.IsNamed).Select(file => file.File)];
        string[] others = [.. found.Where(file => !file.IsNamed).Select(file => file.File).Except(named)];
        return
        [
            .. ExportSearch.Group(others).Select(export => new FoundExport(export, IsNamed: false)),

            // In the user's order, which says whose rows count last.
            .. ExportSearch.Group(named).OrderBy(export => export.Files.Min(file => Array.IndexOf(named, file))).Select(export => new FoundExport(export, IsNamed: true)),
        ];

        void Add(string file, bool isPattern)
        {
            if (Directory.Exists(file))
            {
                found.AddRange(ExportSearch.FilesOf(file).Select(inside => (inside, false)));
                unfinished.AddRange(ExportSearch.UnfinishedOf(file));
                if (ExportSearch.OtherFoldersOf(file) is [_, ..] others)
                    warn($"The files in folders of '{file}' are left out: {string.Join(", ", others.Select(other => $"'{Path.GetFileName(other)}'"))}.");
            }
            else if (!isPattern) found.Add((file, true));
            else if (ExportSearch.MayHoldPeople(file)) found.Add((file, false));
            else if (ExportSearch.IsUnfinished(file)) unfinished.Add(file);
        }
    }

    /// <summary>The files that a destination keeps as its segment, as far as they are there.</summary>
    /// <param name="session">The session.</param>
    /// <param name="destination">The destination.</param>
    public static IEnumerable<string> KeptBy(SessionState session, SegmentDestination destination)
    {
        foreach (string path in destination.Path)
        {
            IReadOnlyList<FoundExport> exports = [];
            try
            {
                exports = Find(session, [path], [], _ => { });
            }
            catch (SegmentPushException)
            {
                // What is not there can't be lost.
            }

            foreach (string file in exports.SelectMany(found => found.Export.Files)) yield return file;
        }
    }

    /// <summary>Which exports are pushed where there are several. A mirror is of one whole export: those of other days would keep people who have left since.</summary>
    /// <param name="said">Whether the user wants the newest one only; null where the user says nothing.</param>
    /// <param name="destination">The destination; null for none.</param>
    public static NewestExport NewestOf(bool? said, SegmentDestination? destination) =>
        said ?? destination?.Newest ?? false ? NewestExport.Asked
        : destination?.Mode.TakesOffAbsent == true ? NewestExport.WhereTold
        : NewestExport.NotAsked;

    /// <summary>Chooses the exports of a push.</summary>
    /// <param name="exports">The exports that were found.</param>
    /// <param name="newest">Which exports are taken where there are several.</param>
    /// <param name="warn">Is told of exports that are left out.</param>
    /// <exception cref="SegmentPushException">They are of several segments, or an export is not complete.</exception>
    public static IReadOnlyList<Export> Choose(IReadOnlyList<FoundExport> exports, NewestExport newest, Action<MessageText> warn)
    {
        ExportSearch.CheckSegment(exports.Where(found => !found.IsNamed).Select(found => found.Export));
        var all = exports.Select(found => found.Export).ToArray();
        var taken = newest == NewestExport.NotAsked ? all : ExportSearch.Newest(all, isAsked: newest == NewestExport.Asked);
        if (taken.Count < all.Length)
        {
            string names = string.Join(", ", taken.SelectMany(export => export.Files).Select(file => $"'{Path.GetFileName(file)}'"));
            warn($"There are files of {all.Length} exports; the newest complete one is the segment: {names}.");
        }

        else if (taken.Count > 1 && taken.GroupBy(export => export.Segment, StringComparer.OrdinalIgnoreCase).Any(segment => segment.Count(export => export.Moment is not null) > 1))
        {
            warn($"There are files of {taken.Count} exports, and all of them are pushed, the oldest one first. -Newest takes the newest complete one only.");
        }

        foreach (var found in exports.Where(found => taken.Contains(found.Export)))
        {
            if (found.IsNamed) ExportSearch.CheckSizes(found.Export);
            else ExportSearch.Check(found.Export);
        }

        return taken;
    }

    /// <summary>Opens the files of a push.</summary>
    /// <param name="exports">The exports that were found.</param>
    /// <param name="options">What the user says about the form of the files.</param>
    /// <param name="newest">Which exports are taken where there are several.</param>
    /// <param name="warn">Is told of exports that are left out.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SegmentPushException">A file can't be read as a segment, or an export is not complete.</exception>
    public static SegmentFiles Open(
        IReadOnlyList<FoundExport> exports, FormOptions options, NewestExport newest, Action<MessageText> warn, CancellationToken cancellation)
    {
        string[] files = [.. Choose(exports, newest, warn).SelectMany(export => export.Files)];

        // Spark writes parts without rows; the segment has people all the same.
        var opened = OpenAll(files, file => PushSource.Of(FileSource.Open(file, options with { MayBeEmpty = options.MayBeEmpty || files.Length > 1 }, cancellation)));
        if (options.MayBeEmpty || opened.Sources.Any(source => source.File!.Form.Rows > 0)) return opened;
        opened.Dispose();
        return OpenAll(files[..1], file => PushSource.Of(FileSource.Open(file, options, cancellation)));
    }

    /// <summary>Opens the files of a plan.</summary>
    /// <exception cref="SegmentPushException">A file can't be read as a segment, or has changed.</exception>
    public static SegmentFiles Open(IReadOnlyList<PlannedSource> planned) => OpenAll(planned, file => file.Open());

    /// <summary>The open files.</summary>
    public IReadOnlyList<PushSource> Sources => _sources;

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

    private static SegmentFiles OpenAll<T>(IEnumerable<T> files, Func<T, PushSource> open)
    {
        var sources = new List<PushSource>();
        var opened = new SegmentFiles { _sources = sources };
        try
        {
            foreach (var file in files) sources.Add(open(file));
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}

/// <summary>An export, and how it was found.</summary>
/// <param name="Export">The export.</param>
/// <param name="IsNamed">Whether the user named its files one by one, which are then taken as they are.</param>
internal sealed record FoundExport(Export Export, bool IsNamed);

/// <summary>Which exports of a segment a push takes.</summary>
internal enum NewestExport
{
    /// <summary>All of them.</summary>
    NotAsked,

    /// <summary>The newest where their names tell it, else all: a mirror is of one export.</summary>
    WhereTold,

    /// <summary>The newest.</summary>
    Asked,
}
