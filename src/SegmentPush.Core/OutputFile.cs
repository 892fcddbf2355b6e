using System.Text;

namespace SegmentPush;

/// <summary>
/// A file that is going to be written. Everything that writes a file for the user goes through here: one rule says what may be replaced,
/// missing folders are made, and the file appears whole or not at all.
/// </summary>
internal sealed class OutputFile
{
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    private readonly OutputKind _kind;

    private OutputFile(string path, OutputKind kind)
    {
        Path = path;
        _kind = kind;
    }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>A file at a path.</summary>
    /// <param name="path">The path, with or without a folder.</param>
    /// <param name="kind">What is written.</param>
    /// <exception cref="SegmentPushException">The path leads to a folder.</exception>
    public static OutputFile At(string path, OutputKind kind)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(full) || System.IO.Path.EndsInDirectorySeparator(full)) throw kind.NotWritable(path, "it is a folder.", null);
        return new OutputFile(full, kind);
    }

    /// <summary>Whether a path can only mean a folder, or leads to one.</summary>
    /// <remarks>A path to nothing means a folder where its last name has no extension or a separator follows it.</remarks>
    public static bool IsFolder(string path) =>
        Directory.Exists(path) || (!File.Exists(path) && (System.IO.Path.EndsInDirectorySeparator(path) || !System.IO.Path.HasExtension(path)));

    /// <summary>Checks that it is none of some files.</summary>
    /// <param name="sources">Paths of files that are read.</param>
    /// <exception cref="SegmentPushException">It is one of them.</exception>
    public void CheckIsNoSource(IEnumerable<string> sources)
    {
        string target = Canonical(Path);
        if (sources.Any(source => IsSamePath(Canonical(source), target))) throw _kind.IsSource(Path);
    }

    /// <summary>Checks that no file would be lost.</summary>
    /// <param name="mayReplace">Whether the user lets a file be replaced.</param>
    /// <exception cref="SegmentPushException">A file would be lost.</exception>
    public void CheckReplaces(bool mayReplace)
    {
        if (!mayReplace && File.Exists(Path) && !_kind.IsReplaceable(Path)) throw _kind.Exists(Path);
    }

    /// <summary>Checks that this user may write there. Folders that are missing stay missing.</summary>
    /// <exception cref="SegmentPushException">This user may not.</exception>
    public void CheckWritable() => MapFaults(() =>
    {
        string? folder = System.IO.Path.GetDirectoryName(Path);
        while (folder is not null && !Directory.Exists(folder))
        {
            if (File.Exists(folder)) throw new IOException($"'{folder}' is a file.");
            folder = System.IO.Path.GetDirectoryName(folder);
        }

        string trial = TemporaryIn(folder ?? throw new DirectoryNotFoundException(MessageText.Say("its drive is not there.")));
        using (new FileStream(trial, FileMode.CreateNew, FileAccess.Write)) File.Delete(trial);
    });

    /// <summary>Writes it under another name, and moves it to its place.</summary>
    /// <param name="mayReplace">Whether the user lets a file be replaced.</param>
    /// <param name="write">Writes a new file at the path that it is given.</param>
    /// <exception cref="SegmentPushException">It can't be written, or a file would be lost.</exception>
    public void Write(bool mayReplace, Action<string> write) => MapFaults(() =>
    {
        // A link stays a link: what it leads to is replaced.
        string target = new FileInfo(Path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : Path;
        string folder = System.IO.Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        string temporary = TemporaryIn(folder);
        try
        {
            write(temporary);
            CheckReplaces(mayReplace);
            bool replaces = File.Exists(target);
            if (mayReplace && replaces && !OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            File.Move(temporary, target, overwrite: replaces);
        }
        finally
        {
            File.Delete(temporary);
        }
    });

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <param name="mayReplace">Whether the user lets a file be replaced.</param>
    /// <param name="text">All of it.</param>
    /// <exception cref="SegmentPushException">It can't be written, or a file would be lost.</exception>
    public void WriteText(bool mayReplace, string text) => Write(mayReplace, path => File.WriteAllText(path, text, s_encoding));

    /// <summary>Deletes a file of the same kind that is in its place; another one stays.</summary>
    /// <exception cref="SegmentPushException">It can't be deleted.</exception>
    public void DeleteOlder()
    {
        if (File.Exists(Path) && _kind.IsReplaceable(Path)) MapFaults(() => File.Delete(Path));
    }

    // Two names of one file, by way of linked folders, are the same path afterwards.
    private static string Canonical(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        string walked = System.IO.Path.GetPathRoot(full) ?? "";
        foreach (string name in full[walked.Length..].Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            walked = System.IO.Path.Combine(walked, name);
            try
            {
                if (new FileInfo(walked) is { LinkTarget: not null } link) walked = link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What can't be looked at is compared by its name.
            }
        }

        return walked;
    }

    // Windows and macOS do not tell upper and lower case apart.
    private static bool IsSamePath(string one, string other) => string.Equals(
        one, other, OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private string TemporaryIn(string folder) => System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(Path)}.{Guid.NewGuid():N}.tmp");

    private void MapFaults(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _kind.NotWritable(Path, MessageText.AsIs(e.Message), e);
        }
    }
}
