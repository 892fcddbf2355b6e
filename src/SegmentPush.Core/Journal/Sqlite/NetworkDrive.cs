namespace SegmentPush.Journal.Sqlite;

/// <summary>Tells folders on network drives. The locks of SQLite and of files do not hold there, so that two machines could push at once.</summary>
internal static class NetworkDrive
{
    private static readonly HashSet<string> s_formats = new(StringComparer.OrdinalIgnoreCase)
    {
        "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "afs", "ncpfs", "webdav", "davfs", "ceph", "lustre", "glusterfs", "gpfs", "beegfs", "ocfs2", "gfs2",
    };

    /// <summary>The file system of a folder that lies on a network drive; null where it lies on this machine, or nobody can tell.</summary>
    /// <param name="folder">The whole path of a folder, which need not be there yet.</param>
    public static string? FormatOf(string folder)
    {
        if (OperatingSystem.IsWindows() && folder.StartsWith(@"\\", StringComparison.Ordinal)) return MessageText.Say("a network share");
        try
        {
            string? there = folder;
            while (there is not null && !Directory.Exists(there)) there = Path.GetDirectoryName(there);
            if (there is null) return null;
            var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(there)! : there);
            if (OperatingSystem.IsWindows()) return drive.DriveType == DriveType.Network ? MessageText.Say("a network drive") : null;
            return IsNetwork(drive.DriveFormat) ? drive.DriveFormat : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Whether the folder can be used is found out when it is opened.
            return null;
        }
    }

    /// <summary>Whether a file system is one that several machines reach. A file system in user space is told by its second name: <c>fuse.sshfs</c>.</summary>
    public static bool IsNetwork(string format) =>
        s_formats.Contains(format)
        || (format.StartsWith("fuse.", StringComparison.OrdinalIgnoreCase)
            && (s_formats.Contains(format[5..]) || format[5..].ToUpperInvariant() is "SSHFS" or "S3FS" or "RCLONE" or "GCSFUSE" or "BLOBFUSE" or "BLOBFUSE2" or "SMBNETFS" or "CURLFTPFS"));

    /// <summary>The error for a journal on a network drive.</summary>
    public static SegmentPushException Refused(string folder, string format) => new(
        "JournalOnNetworkDrive",
        $"The journal's folder '{folder}' lies on a network drive ({format}), where its locks do not hold.",
        "Set SEGMENTPUSH_HOME to a folder on a disk of this machine. Several machines share a journal in PostgreSQL: Initialize-PushJournal makes it.",
        folder);
}
