using System.Management.Automation;
using SegmentPush.Marketo;

namespace SegmentPush.Streams;

/// <summary>Says what the calls of a connection wait for: in the progress after a second, and once as a warning after ten.</summary>
/// <param name="cmdlet">The cmdlet that warns.</param>
/// <param name="connection">The connection.</param>
internal sealed class WaitText(Cmdlet cmdlet, MarketoConnection connection)
{
    private static readonly TimeSpan s_shown = TimeSpan.FromSeconds(1), s_warned = TimeSpan.FromSeconds(10);

    private readonly HashSet<CallWaitKind> _warned = [];

    /// <summary>What is waited for, in at most 50 characters; null where it is for less than a second. Warns where it is for long.</summary>
    public MessageText? Tell()
    {
        if (connection.Wait is not { } wait || wait.Since < s_shown) return null;
        var (shown, warning) = Of(wait);
        if (wait.Since >= s_warned && _warned.Add(wait.Kind)) cmdlet.Warn(warning);
        return $"{shown}, {wait.Since.TotalSeconds:0} s";
    }

    private static MessageText FaultOf(CallWait wait, MessageText unnamed) => wait.ErrorId is { } id ? MessageText.AsIs(id) : unnamed;

    private (MessageText Shown, MessageText Warning) Of(CallWait wait) => wait.Kind switch
    {
        CallWaitKind.Pace => (
            (MessageText)"Waiting for the permitted pace",
            (MessageText)$"Calls have waited for {wait.Since.TotalSeconds:0} s: the pace permits {Counted.Calls(connection.CallsPer20Seconds)} in 20 seconds, which all pushes to {connection.Instance} share. They go on by themselves."),
        CallWaitKind.Retry => (
            $"Waiting to try again ({FaultOf(wait, "fault")})",
            $"Calls to {connection.Instance} fail ({FaultOf(wait, "a fault that passes")}), and have waited for {wait.Since.TotalSeconds:0} s. They are tried again by themselves."),
        _ => (
            "Waiting for Marketo's answer",
            $"Marketo has not answered for {wait.Since.TotalSeconds:0} s. The cmdlet goes on waiting; a call that gets no answer in time is tried again where that is safe."),
    };
}
