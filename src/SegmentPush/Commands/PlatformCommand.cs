using SegmentPush.Platform;

namespace SegmentPush.Commands;

/// <summary>What the cmdlets that talk to Experience Platform have in common: a connection.</summary>
public abstract class PlatformCommand : ModuleCommand
{
    /// <summary>The connection to use: the one given, or the session's default.</summary>
    /// <exception cref="SegmentPushException">There is none, or it was disconnected (<c>PlatformNotConnected</c>).</exception>
    private protected static PlatformConnection ConnectionOr(PlatformConnection? given)
    {
        var connection = given ?? SessionConnection.Platform ?? throw new SegmentPushException(
            "PlatformNotConnected",
            "There is no connection to Experience Platform in this session.",
            "Run Connect-ExperiencePlatform first, or give a connection with -Connection.");
        connection.ThrowIfClosed();
        return connection;
    }
}
