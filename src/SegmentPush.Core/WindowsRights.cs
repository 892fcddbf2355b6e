using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace SegmentPush;

/// <summary>
/// Rights of files and folders on Windows. Outside the user's profile a new file takes the rights of its folder, which are often everybody's;
/// so each gets rights of its own: the user, and the system, which makes backups.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class WindowsRights
{
    private static readonly SecurityIdentifier s_system = new(WellKnownSidType.LocalSystemSid, null);

    // Who may be named beside the user: these can take every file anyway, or stand for its owner.
    private static readonly HashSet<SecurityIdentifier> s_trusted =
    [
        s_system,
        new(WellKnownSidType.BuiltinAdministratorsSid, null),
        new(WellKnownSidType.CreatorOwnerSid, null),
        new("S-1-3-4"),
    ];

    /// <summary>Makes a folder for the user alone; what is made in it later takes its rights.</summary>
    public static void CreateFolder(string folder)
    {
        var rights = new DirectorySecurity();
        rights.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (var who in new[] { User, s_system })
        {
            rights.AddAccessRule(new FileSystemAccessRule(
                who, FileSystemRights.FullControl, InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit, PropagationFlags.None, AccessControlType.Allow));
        }

        rights.CreateDirectory(folder);
    }

    /// <summary>Opens a file for writing, and makes it for the user alone where it is not there.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var rights = new FileSecurity();
        rights.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        foreach (var who in new[] { User, s_system }) rights.AddAccessRule(new FileSystemAccessRule(who, FileSystemRights.FullControl, AccessControlType.Allow));
        return new FileInfo(path).Create(mode, FileSystemRights.Read | FileSystemRights.Write, share, bufferSize: 1, FileOptions.None, rights);
    }

    /// <summary>Whether somebody else than the user, the system and the administrators may do anything with it.</summary>
    public static bool AreExposed(string path)
    {
        FileSystemSecurity rights = Directory.Exists(path) ? new DirectoryInfo(path).GetAccessControl() : new FileInfo(path).GetAccessControl();
        var user = User;
        return rights.GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier))
            .Cast<FileSystemAccessRule>()
            .Any(rule => rule.AccessControlType == AccessControlType.Allow
                && rule.IdentityReference is SecurityIdentifier who && who != user && !s_trusted.Contains(who));
    }

    private static SecurityIdentifier User
    {
        get
        {
            using var identity = WindowsIdentity.GetCurrent();
            return identity.User ?? throw new UnauthorizedAccessException(MessageText.Say("Windows does not tell who the user is."));
        }
    }
}
