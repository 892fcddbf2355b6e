using System.Globalization;
using System.Management.Automation;

namespace SegmentPush.Streams;

/// <summary>Where a cmdlet writes files that have names of their own: a folder, or one file.</summary>
/// <param name="Path">The path.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
internal sealed record OutputPlace(string Path, bool IsFolder)
{
    /// <summary>The place that a path means.</summary>
    /// <exception cref="SegmentPushException">It is not in the file system, or its drive is not there.</exception>
    public static OutputPlace Of(SessionState session, string path)
    {
        string place = FilePaths.OutputPath(session, path);
        return new OutputPlace(place, OutputFile.IsFolder(place));
    }

    /// <summary>Checks that it can take as many files.</summary>
    /// <exception cref="SegmentPushException">It is one file (<c>OneFileForMany</c>).</exception>
    public void CheckTakes(int count, MessageText things)
    {
        if (IsFolder || count <= 1) return;
        throw new SegmentPushException(
            "OneFileForMany",
            $"'{Path}' is one file, and there are {count} {things}.",
            "Give a folder with -Path. A path to a new folder ends with '/', or has no extension.",
            Path);
    }

    /// <summary>The file for a thing.</summary>
    /// <param name="name">Its name in a folder.</param>
    /// <param name="kind">What is written.</param>
    public OutputFile FileFor(string name, OutputKind kind) => OutputFile.At(IsFolder ? System.IO.Path.Combine(Path, name) : Path, kind);
}
