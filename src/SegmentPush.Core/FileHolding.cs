namespace SegmentPush;

/// <summary>What the system says of a file that another process holds.</summary>
internal static class FileHolding
{
    /// <summary>Whether a file could not be opened because somebody else has it open: EWOULDBLOCK of Linux and of macOS, and the sharing violation of Windows.</summary>
    public static bool IsHeldByAnother(IOException fault) => fault.HResult is 11 or 35 or unchecked((int)0x80070020);
}
