namespace SegmentPush.Pushes.Audiences;

/// <summary>The folders beside the journal into which audiences are fetched. They hold data of people.</summary>
internal static class AudienceSpool
{
    private const string Prefix = "audience-";

    private static readonly TimeSpan s_sweptAfter = TimeSpan.FromHours(1);

    /// <summary>Path of a folder for a new export; the folder is not made yet.</summary>
    public static string NewIn(string journalFolder) => Path.Combine(journalFolder, $"{Prefix}{Guid.NewGuid():N}");

    /// <summary>Whether the name of a spool is that of such a folder.</summary>
    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Deletes a folder with its files.</summary>
    public static void Delete(string path)
    {
        try
        {
            PrivateFile.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another program holds a file for a moment. The next push sweeps the folder.
        }
    }

    /// <summary>Deletes folders that no push needs: their process was killed before its push had begun, or just after it had ended.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="spools">Names of those that pushes refer to, and whether they are needed.</param>
    /// <param name="now">The moment by this machine's clock.</param>
    public static void Sweep(string folder, IReadOnlyDictionary<string, bool> spools, DateTimeOffset now)
    {
        var old = now.UtcDateTime - s_sweptAfter;
        foreach (string path in Directory.EnumerateDirectories(folder, Prefix + "*"))
        {
            bool isNeeded = spools.TryGetValue(Path.GetFileName(path), out bool needed) ? needed : Directory.GetLastWriteTimeUtc(path) >= old;
            if (!isNeeded) Delete(path);
        }
    }
}
