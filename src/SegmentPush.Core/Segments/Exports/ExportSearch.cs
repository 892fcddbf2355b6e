using System.Globalization;

namespace SegmentPush.Segments.Exports;

/// <summary>Finds the exports among files and folders: what belongs together, in which order, and whether it is complete.</summary>
internal static class ExportSearch
{
    // What Spark, Databricks and Parquet write beside the files of people.
    private static readonly string[] s_markers = ["_SUCCESS", "_FAILURE", "_metadata", "_common_metadata"];
    private static readonly string[] s_markerBeginnings = ["_committed_", "_started_"];
    private static readonly string[] s_otherFolders = ["_temporary", "_delta_log", "_spark_metadata"];

    // What programs add to a name while they copy or fetch the file.
    private static readonly string[] s_unfinished = [".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download"];

    private static readonly StringComparer s_paths = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The files of a folder that may hold people: no hidden ones, no markers such as <c>_SUCCESS</c>, no manifests, none that are still being written.</summary>
    /// <exception cref="SegmentPushException">There is none (<c>FolderHasNoSegment</c>), or the folder can't be read (<c>FileNotReadable</c>).</exception>
    public static IReadOnlyList<string> FilesOf(string folder)
    {
        try
        {
            string[] files = [.. AllFilesOf(folder).Where(MayHoldPeople)];
            return files.Length > 0 ? files : throw new SegmentPushException(
                "FolderHasNoSegment", $"The folder '{folder}' has no file that may hold people.", "Check the path and the export.", folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PinnedFile.NotReadable(folder, e);
        }
    }

    /// <summary>Folders inside a folder that are no part of its exports, so that their files are left out.</summary>
    public static IReadOnlyList<string> OtherFoldersOf(string folder) =>
    [
        .. Directory.EnumerateDirectories(folder).Where(inside => ExportName.MomentOfFolder(inside) is null && Path.GetFileName(inside) is not ['.', ..]
            && !s_otherFolders.Contains(Path.GetFileName(inside), StringComparer.OrdinalIgnoreCase)),
    ];

    /// <summary>Files of a folder whose names say that they are still being written, so that they are left out.</summary>
    public static IReadOnlyList<string> UnfinishedOf(string folder) => [.. AllFilesOf(folder).Where(IsUnfinished)];

    /// <summary>Whether a file may hold people: it is neither hidden nor a marker, a manifest, or still being written.</summary>
    public static bool MayHoldPeople(string path) => !IsMarker(path) && !IsUnfinished(path) && !ExportManifest.Is(path);

    /// <summary>Whether the name of a file says that it is still being written.</summary>
    public static bool IsUnfinished(string path) =>
        Path.GetFileName(path) is not ['.', ..] && s_unfinished.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    // A name that begins with an underscore is not enough: people call files so, too.
    private static bool IsMarker(string path)
    {
        string name = Path.GetFileName(path);
        return name is ['.', ..]
            || name.EndsWith(".crc", StringComparison.OrdinalIgnoreCase)
            || s_markers.Contains(name, StringComparer.OrdinalIgnoreCase)
            || (!Path.HasExtension(name) && s_markerBeginnings.Any(beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)))
            || (name is ['_', ..] && new FileInfo(path) is { Exists: true, Length: 0 });
    }

    private static IEnumerable<string> AllFilesOf(string folder) =>
        Directory.EnumerateDirectories(folder, "exportTime=*").Prepend(folder).SelectMany(Directory.EnumerateFiles);

    /// <summary>Groups files into exports, in the order in which the exports were made.</summary>
    /// <param name="files">The files; each once.</param>
    public static IReadOnlyList<Export> Group(IEnumerable<string> files)
    {
        string[] all = [.. files.Distinct(s_paths)];
        var manifests = all.Select(FolderOf).Distinct(s_paths).SelectMany(folder => ExportManifest.ReadAll(folder)).ToArray();
        return
        [
            .. all.GroupBy(file => KeyOf(file, manifests)).Select(group => Of(group.Key, [.. group], manifests))
                .OrderBy(export => export.Segment, StringComparer.OrdinalIgnoreCase).ThenBy(export => export.Moment).ThenBy(export => export.Files[0], s_paths),
        ];
    }

    /// <summary>The newest complete export of each segment.</summary>
    /// <param name="exports">The exports.</param>
    /// <param name="isAsked">Whether the user asks for the newest one, so that it must be told.</param>
    /// <exception cref="SegmentPushException">
    /// The names don't tell which export is the newest (<c>NewestUnknown</c>), or none is complete (<c>ExportIncomplete</c>).
    /// </exception>
    public static IReadOnlyList<Export> Newest(IReadOnlyList<Export> exports, bool isAsked)
    {
        if (exports.Count <= 1) return exports;
        if (exports.Any(export => export.Moment is null))
        {
            return !isAsked ? exports : throw new SegmentPushException(
                "NewestUnknown",
                $"The names of {exports.Count} files do not tell which one is the newest export: no moment stands in the name of '{Path.GetFileName(exports.First(e => e.Moment is null).Files[0])}'.",
                "Give the path of the newest export without -Newest.");
        }

        return
        [
            .. exports.GroupBy(export => export.Segment, StringComparer.OrdinalIgnoreCase)
                .Select(segment => segment.LastOrDefault(export => export.WhyIncomplete is null) ?? throw Incomplete(segment.Last())),
        ];
    }

    /// <summary>Checks that an export is complete.</summary>
    /// <exception cref="SegmentPushException">It is not (<c>ExportIncomplete</c>).</exception>
    public static void Check(Export export)
    {
        if (export.WhyIncomplete is not null) throw Incomplete(export);
    }

    /// <summary>Checks that files which the user names one by one are whole. The other files of their export are left out on purpose.</summary>
    /// <exception cref="SegmentPushException">A file has another size than its manifest says (<c>ExportIncomplete</c>).</exception>
    public static void CheckSizes(Export export)
    {
        if (export.Manifest is not { } manifest || export.Files.Select(file => WhyNotWhole(manifest, file)).FirstOrDefault(why => why is not null) is not { } why) return;
        throw new SegmentPushException(
            "ExportIncomplete",
            $"The file is not complete: {why}.",
            $"Wait until the export has ended, or copy the file again. If the file is right as it is, move the manifest '{Path.GetFileName(manifest.Path)}' elsewhere.",
            export.Files[0]);
    }

    /// <summary>Checks that the exports of folders and wildcards are those of one segment, as far as their names tell.</summary>
    /// <exception cref="SegmentPushException">They are of several (<c>SegmentAmbiguous</c>).</exception>
    public static void CheckSegment(IEnumerable<Export> exports)
    {
        var bySegment = exports.SelectMany(export => export.Files).Where(PlatformExport.HasName)
            .GroupBy(file => PlatformExport.FindSegmentId(file)!, StringComparer.OrdinalIgnoreCase).Select(segment => segment.First()).ToArray();
        if (bySegment.Length < 2) return;
        throw new SegmentPushException(
            "SegmentAmbiguous",
            $"There are exports of {bySegment.Length} segments, among them '{Path.GetFileName(bySegment[0])}' and '{Path.GetFileName(bySegment[1])}': their names hold different ids of segments.",
            "Give a path with wildcards that leads to one segment only. To push the people of all of them, name the files one by one.",
            bySegment[1]);
    }

    private static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";

    private static Key KeyOf(string file, IReadOnlyList<ExportManifest> manifests)
    {
        string folder = FolderOf(file);
        string name = Path.GetFileName(file);
        var manifest = manifests.FirstOrDefault(m => s_paths.Equals(FolderOf(m.Path), folder) && m.Files.Any(entry => s_paths.Equals(entry.Name, name)));
        var parsed = ExportName.Parse(file);
        var moment = parsed?.Moment ?? manifest?.Moment ?? ExportName.MomentOfFolder(folder);
        string? dataset = ExportName.MomentOfFolder(folder) is null ? null : Path.GetDirectoryName(folder);
        string segment = dataset ?? (parsed is not null ? Path.Combine(folder, parsed.Segment) : manifest is not null || name.StartsWith("part-", StringComparison.Ordinal) ? folder : file);
        return new Key(segment, moment, manifest);
    }

    private static Export Of(Key key, string[] files, IReadOnlyList<ExportManifest> manifests)
    {
        var broken = manifests.FirstOrDefault(manifest => manifest.IsBroken && s_paths.Equals(FolderOf(manifest.Path), FolderOf(files[0])));
        string[] ordered = [.. files.OrderBy(file => ExportName.Parse(file)?.Part).ThenBy(file => file, StringComparer.OrdinalIgnoreCase)];
        return new Export(key.Segment, key.Moment, ordered) { Manifest = key.Manifest, WhyIncomplete = broken is null ? WhyIncomplete(key, ordered) : (MessageText)$"its manifest '{Path.GetFileName(broken.Path)}' can't be read" };
    }

    private static MessageText? WhyIncomplete(Key key, string[] files)
    {
        if (key.Manifest is { } manifest) return WhyIncomplete(manifest, files);
        if (Directory.Exists(Path.Combine(FolderOf(files[0]), "_temporary"))) return "its folder has a folder '_temporary', so Spark is still writing it";
        int[] parts = [.. files.Select(file => ExportName.Parse(file)?.Part ?? 0)];
        int missing = parts[0] == 0 ? 0 : Enumerable.Range(1, parts[^1]).Except(parts).FirstOrDefault();
        return missing == 0 ? null : (MessageText)$"part {missing} of '{Path.GetFileName(files[0])}' is missing";
    }

    private static MessageText? WhyIncomplete(ExportManifest manifest, string[] files)
    {
        foreach (var (name, length) in manifest.Files)
        {
            string? file = files.FirstOrDefault(file => s_paths.Equals(Path.GetFileName(file), name));
            if (file is null) return $"its manifest '{Path.GetFileName(manifest.Path)}' names the file '{name}', which is missing";
            if (WhyNotWhole(name, length, file) is { } why) return why;
        }

        return null;
    }

    private static MessageText? WhyNotWhole(ExportManifest manifest, string file)
    {
        string name = Path.GetFileName(file);
        return manifest.Files.Where(entry => s_paths.Equals(entry.Name, name)).Select(entry => WhyNotWhole(name, entry.Length, file)).FirstOrDefault();
    }

    private static MessageText? WhyNotWhole(string name, long? said, string file)
    {
        var info = new FileInfo(file);
        long length = info.Exists ? info.Length : 0;
        return said is null || length == said ? null : (MessageText)$"'{name}' has {Counted.Bytes(length)}, and its manifest says {said}";
    }

    private static SegmentPushException Incomplete(Export export) => new(
        "ExportIncomplete",
        $"The export is not complete: {export.WhyIncomplete}.",
        "Wait until the export has ended, or copy all of its files. To push files as they are, give their paths without wildcards.",
        export.Files[0]);

    private sealed record Key(string Segment, DateTime? Moment, ExportManifest? Manifest);
}
