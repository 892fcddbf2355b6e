using System.Collections.Concurrent;

namespace SegmentPush.Calls;

/// <summary>The calls that are under way, and what they wait for. For any thread.</summary>
internal sealed class CallWaits
{
    private readonly ConcurrentDictionary<CallRun, bool> _runs = new();

    /// <summary>What all calls wait for: what the call that moved last waits for. Null where no call is under way.</summary>
    public CallWait? Current => _runs.Keys.Select(run => run.Wait).MinBy(wait => wait.Since);

    /// <summary>A call begins.</summary>
    public void Add(CallRun run) => _runs[run] = true;

    /// <summary>A call has ended.</summary>
    public void Remove(CallRun run) => _runs.TryRemove(run, out _);
}
