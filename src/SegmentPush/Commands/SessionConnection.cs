using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using SegmentPush.Marketo;
using SegmentPush.Platform;

namespace SegmentPush.Commands;

/// <summary>The default connections of each runspace. Runspaces of one process do not share them.</summary>
internal static class SessionConnection
{
    private static readonly ConditionalWeakTable<Runspace, Holder> s_connections = [];

    /// <summary>The current runspace's default connection to Marketo; null where it is not connected.</summary>
    public static MarketoConnection? Default
    {
        get => Find()?.Marketo as MarketoConnection;
        set => Make().Marketo = value;
    }

    /// <summary>The current runspace's default connection to Experience Platform; null where it is not connected.</summary>
    public static PlatformConnection? Platform
    {
        get => Find()?.Platform as PlatformConnection;
        set => Make().Platform = value;
    }

    private static Holder? Find() => s_connections.TryGetValue(Runspace.DefaultRunspace, out var holder) ? holder : null;

    private static Holder Make() => s_connections.GetOrCreateValue(Runspace.DefaultRunspace);

    private sealed class Holder
    {
        public object? Marketo { get; set; }

        public object? Platform { get; set; }
    }
}
