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
        try
        {
            var found = session.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            CheckProvider(provider, path);
            return found.Count > 0 ? found : throw NotFound(path, null);
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or NotSupportedException)
        {
            throw NotFound(path, e);
        }
    }

    /// <summary>The path of a file that is taken as it is written, whether it is there or not.</summary>
    /// <exception cref="SegmentPushException">It is not in the file system (<c>NotAFilePath</c>), or its drive is not there (<c>FileNotFound</c>).</exception>
    public static string Literal(SessionState session, string path)
    {
        try
        {
            string found = session.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            CheckProvider(provider, path);
            return found;
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or NotSupportedException)
        {
            throw NotFound(path, e);
        }
    }

    private static void CheckProvider(ProviderInfo provider, string path)
    {
        if (provider.Name == "FileSystem") return;
        throw new SegmentPushException(
            "NotAFilePath", $"'{path}' is not in the file system but in {provider.Name}.", "Give the path of a file.", path);
    }

    private static SegmentPushException NotFound(string path, Exception? cause) => new(
        "FileNotFound", $"There is no file '{path}'.", "Check the path and the current folder; -LiteralPath takes brackets as they are.", path, cause);
}
