using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Faults;

/// <summary>The clocks of one process: the wall clock can jump, the other one only goes on.</summary>
internal sealed class ProcessClock(VirtualTime time, SimulatedProcess process) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        process.ThrowIfStopped();
        return time.Now + time.WallClockError;
    }

    public override long GetTimestamp()
    {
        process.ThrowIfStopped();
        return time.Elapsed.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        process.ThrowIfStopped();
        var context = ExecutionContext.Capture();
        var timer = time.CreateTimer(Call, dueTime, period);

        // Nobody waits for ever in a process that was killed.
        var forget = process.AtStop(() =>
        {
            if (!timer.IsDue) return;
            timer.Dispose();
            Call();
        });
        return new Owned(timer, forget);

        void Call()
        {
            try
            {
                if (context is null) callback(state);
                else ExecutionContext.Run(context, _ => callback(state), null);
            }
            catch (ProcessStoppedException)
            {
                // With its process a timer dies, too.
            }
        }
    }

    private sealed class Owned(VirtualTimer timer, Action forget) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            forget();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
