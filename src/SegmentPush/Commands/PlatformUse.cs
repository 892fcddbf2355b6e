using System.Management.Automation;
using SegmentPush.Destinations;
using SegmentPush.Platform;

namespace SegmentPush.Commands;

/// <summary>The connection to Experience Platform that a cmdlet works with: one that it was given, that of an account, or the session's default.</summary>
internal sealed class PlatformUse : IDisposable
{
    private readonly bool _isOwn;

    /// <summary>Takes or opens the connection.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="given">The connection that the user gave; null for none.</param>
    /// <param name="account">Name of the saved account; null for none.</param>
    /// <param name="stop">Ends the opening.</param>
    /// <exception cref="SegmentPushException">There is none, or it can't be had.</exception>
    public PlatformUse(PSCmdlet cmdlet, PlatformConnection? given, string? account, CancellationToken stop)
    {
        _isOwn = given is null && account is not null;
        Connection = given
            ?? (account is not null ? PlatformAccountConnection.Open(cmdlet, account, stop) : SessionConnection.Platform)
            ?? throw new SegmentPushException(
                "PlatformNotConnected",
                "There is no connection to Experience Platform in this session.",
                "Run Connect-ExperiencePlatform first, or give a connection with -PlatformConnection.");
        Connection.ThrowIfClosed();
    }

    /// <summary>The connection.</summary>
    public PlatformConnection Connection { get; }

    /// <summary>Checks that it leads to the sandbox of a destination's audience.</summary>
    /// <exception cref="SegmentPushException">It leads elsewhere (<c>OtherSandbox</c>).</exception>
    public void CheckLeadsTo(SegmentDestination destination)
    {
        bool isThere = (destination.OrganizationId is not { } organization || organization == Connection.OrganizationId)
            && (destination.SandboxName is not { } sandbox || sandbox == Connection.SandboxName);
        if (isThere) return;
        throw new SegmentPushException(
            "OtherSandbox",
            $"The audience of the destination '{destination.Name}' is in the sandbox {destination.SandboxName} of {destination.OrganizationId}, and the connection is to {Connection}.",
            "Connect to that sandbox, or name the audience anew with Set-SegmentDestination -Audience.",
            destination.Name);
    }

    public void Dispose()
    {
        if (_isOwn) Connection.Dispose();
    }
}
