using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using SegmentPush.Marketo;

namespace SegmentPush.Commands;

/// <summary>The default connection of each runspace. Runspaces of one process do not share it.</summary>
internal static class SessionConnection
{
    private static readonly ConditionalWeakTable<Runspace, Holder> s_connections = [];

    /// <summary>The current runspace's default; null where it is not connected.</summary>
    public static MarketoConnection? Default
    {
        get => s_connections.TryGetValue(Runspace.DefaultRunspace, out var holder) ? holder.Connection as MarketoConnection : null;
        set => s_connections.GetOrCreateValue(Runspace.DefaultRunspace).Connection = value;
    }

    private sealed class Holder
    {
        public object? Connection { get; set; }
    }
}
