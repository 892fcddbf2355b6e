namespace SegmentPush;

/// <summary>Files and folders that are their owner's alone. Files are written whole or not at all.</summary>
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
        if (OperatingSystem.IsWindows()) WindowsRights.CreateFolder(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file for writing, and makes it where it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it may be there.</param>
    /// <param name="share">What others may do with it meanwhile.</param>
    public static FileStream Open(string path, FileMode mode, FileShare share = FileShare.None)
    {
        if (OperatingSystem.IsWindows()) return WindowsRights.Open(path, mode, share);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = mode,
            Access = mode == FileMode.CreateNew ? FileAccess.Write : FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
            UnixCreateMode = OwnerOnly,
        });
    }

    /// <summary>Writes a file, over the one that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="isSecret">Whether it must not come into being where the file system lets others read it.</param>
    /// <exception cref="SegmentPushException">Others could read it there (<c>SecretFileExposed</c>).</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isSecret = false)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = Open(temporary, FileMode.CreateNew))
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

    /// <summary>Deletes a file, or a folder with all that is in it; nothing where it is not there.</summary>
    public static void Delete(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else File.Delete(path);
    }

    /// <summary>Whether the rights of a file or folder let others than its owner at it.</summary>
    public static bool IsExposed(string path) =>
        OperatingSystem.IsWindows() ? WindowsRights.AreExposed(path) : (File.GetUnixFileMode(path) & Others) != 0;

    /// <summary>How a user takes the rights of others away again.</summary>
    public static MessageText HowToClose(string path) => OperatingSystem.IsWindows()
        ? (MessageText)$"Run: icacls '{path}' /inheritance:r /grant:r \"$($env:USERNAME):F\""
        : $"Run: chmod {(Directory.Exists(path) ? "700" : "600")} '{path}'";
}
