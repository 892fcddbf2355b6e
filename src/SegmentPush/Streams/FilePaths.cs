using System.Collections.ObjectModel;
using System.Management.Automation;

namespace SegmentPush.Streams;

/// <summary>Where paths lead by the session's rules.</summary>
internal static class FilePaths
{
    /// <summary>The paths of the files that a path with wildcards leads to.</summary>
    /// <exception cref="SegmentPushException">There is none (<c>FileNotFound</c>), or it is elsewhere (<c>NotAFilePath</c>).</exception>
    public static Collection<string> Resolve(SessionState session, string path)
    {
        // A file may have a name that would be a pattern.
        if (WildcardPattern.ContainsWildcardCharacters(path) && TryLiteral(session, path) is { } literal && Path.Exists(literal)) return [literal];
        return Map(path, () =>
        {
            var found = session.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            CheckProvider(provider, path);
            return found.Count > 0 ? found : throw NotFound(path, null);
        });
    }

    /// <summary>The path of a file that is taken as it is written, whether it is there or not.</summary>
    /// <exception cref="SegmentPushException">It is not in the file system (<c>NotAFilePath</c>), or its drive is not there (<c>FileNotFound</c>).</exception>
    public static string Literal(SessionState session, string path) => Map(path, () =>
    {
        string found = session.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        CheckProvider(provider, path);
        return !found.Contains('\0') ? found : throw NotFound(path, null);
    });

    /// <summary>The path of a folder that is taken as it is written, whether it is there or not.</summary>
    /// <exception cref="SegmentPushException">As <see cref="Literal"/>, or it is a file (<c>NotAFolder</c>).</exception>
    public static string Folder(SessionState session, string path)
    {
        string folder = Literal(session, path);
        return !File.Exists(folder) ? folder : throw new SegmentPushException(
            "NotAFolder", $"'{path}' is a file, and a folder is needed.", "Give the path of a folder.", path);
    }

    /// <summary>A file that is going to be written.</summary>
    /// <param name="session">The session.</param>
    /// <param name="path">Its path, taken as it is written.</param>
    /// <param name="kind">What is written.</param>
    /// <exception cref="SegmentPushException">As <see cref="Literal"/>, or it is a folder.</exception>
    public static OutputFile Output(SessionState session, string path, OutputKind kind) => OutputFile.At(OutputPath(session, path), kind);

    /// <summary>The path of a file or folder that is going to be written; a separator at its end stays, because it says that a folder is meant.</summary>
    /// <exception cref="SegmentPushException">As <see cref="Literal"/>.</exception>
    public static string OutputPath(SessionState session, string path)
    {
        string found = Literal(session, path);
        bool isFolder = path.EndsWith('/') || path.EndsWith(Path.DirectorySeparatorChar);
        return isFolder && !Path.EndsInDirectorySeparator(found) ? found + Path.DirectorySeparatorChar : found;
    }

    private static string? TryLiteral(SessionState session, string path)
    {
        try
        {
            return Literal(session, path);
        }
        catch (SegmentPushException)
        {
            return null;
        }
    }

    private static T Map<T>(string path, Func<T> find)
    {
        try
        {
            return find();
        }
        catch (Exception e) when (e is ItemNotFoundException or WildcardPatternException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw NotFound(path, e);
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw new SegmentPushException("FileNotFound", $"'{path}' leads nowhere: this session has no such drive.", "Check the path and the drive; Get-PSDrive lists the drives.", path, e);
        }
    }

    private static void CheckProvider(ProviderInfo provider, string path)
    {
        if (provider.Name == "FileSystem") return;
        throw new SegmentPushException(
            "NotAFilePath", $"'{path}' is not in the file system but in {provider.Name}.", "Give the path of a file or folder.", path);
    }

    private static SegmentPushException NotFound(string path, Exception? cause) => new(
        "FileNotFound",
        $"There is no file '{VisibleText.Of(path)}'.",
        path.Contains('[') ? (MessageText)"Check the path and the current folder; -LiteralPath takes brackets as they are."
        : WildcardPattern.ContainsWildcardCharacters(path) ? (MessageText)"Look at what writes the files, and check the pattern and the current folder."
        : "Check the path and the current folder.",
        path,
        cause);
}
