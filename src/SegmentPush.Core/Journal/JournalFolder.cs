namespace SegmentPush.Journal;

/// <summary>The folder of a user's journal and accounts.</summary>
internal static class JournalFolder
{
    /// <summary>The folder that <c>SEGMENTPUSH_HOME</c> names, or SegmentPush under the user's local application data.</summary>
    /// <exception cref="SegmentPushException">The user has no such folder (<c>HomeNotFound</c>).</exception>
    public static string Default
    {
        get
        {
            string? home = Environment.GetEnvironmentVariable("SEGMENTPUSH_HOME");
            if (!string.IsNullOrWhiteSpace(home)) return Named(Path.GetFullPath(home));
            try
            {
                string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
                return data.Length > 0 ? Path.Combine(data, "SegmentPush") : throw new DirectoryNotFoundException(MessageText.Say("This user has no home folder."));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
            {
                throw NotFound($"The folder for journal and accounts can't be had: {e.Message}", e);
            }
        }
    }

    // A file would read as a journal without pushes.
    private static string Named(string folder) => !File.Exists(folder) ? folder : throw NotFound($"The folder for journal and accounts can't be had: '{folder}' is a file.", null);

    private static SegmentPushException NotFound(MessageText message, Exception? cause) =>
        new("HomeNotFound", message, "Set the environment variable SEGMENTPUSH_HOME to a folder of this user.", "SEGMENTPUSH_HOME", cause);

    /// <summary>Makes a folder where it is not there.</summary>
    /// <exception cref="SegmentPushException">It can't be made (<c>JournalNotWritable</c>).</exception>
    public static string Ensure(string folder)
    {
        try
        {
            PrivateFile.CreateFolder(folder);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(folder, e);
        }
    }

    /// <summary>The error for a folder or file that can't be made or opened.</summary>
    public static SegmentPushException NotWritable(string path, Exception cause) => new(
        "JournalNotWritable",
        $"The journal '{path}' can't be created or opened: {cause.Message}",
        "Give this user write permission there, or set SEGMENTPUSH_HOME to another folder.",
        path,
        cause);
}
