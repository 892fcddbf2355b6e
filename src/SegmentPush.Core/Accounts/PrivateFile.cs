namespace SegmentPush.Accounts;

/// <summary>Files that are their owner's alone, and are written whole or not at all.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder where it is not there.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a file, over the one that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="isSecret">Whether it must not come into being where the file system lets others read it.</param>
    /// <exception cref="SegmentPushException">Others could read it there (<c>SecretFileExposed</c>).</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isSecret = false)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(temporary, options))
            {
                if (isSecret && IsExposed(temporary))
                {
                    throw new SegmentPushException(
                        "SecretFileExposed",
                        $"The client secret was not saved: the file system of '{path}' lets others read every file.",
                        "Set SEGMENTPUSH_HOME to a folder that can be your own, or use -Vault or -NoSecret.",
                        path);
                }

                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Whether the file's permissions let others than its owner at it. On Windows the folder's own rights decide.</summary>
    public static bool IsExposed(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;
}
