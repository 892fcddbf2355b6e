namespace SegmentPush.Core.Tests;

/// <summary>The system's clock, on which nobody waits long: for calls of a killed process, which the sandbox has answered long before 90 seconds.</summary>
internal sealed class ShortWaits : TimeProvider
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(100);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > s_longest && dueTime < TimeSpan.FromMinutes(5) ? s_longest : dueTime, period);
}
