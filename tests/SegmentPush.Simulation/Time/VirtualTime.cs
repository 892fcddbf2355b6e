using System.Diagnostics;

namespace SegmentPush.Simulation.Time;

/// <summary>
/// The time of a simulated world. It stands still while anything runs, and jumps to the next timer once everything waits.
/// Everything runs on the only thread of the pool, in an order that depends on nothing but the scenario.
/// </summary>
internal sealed class VirtualTime
{
    /// <summary>The moment at which every world begins.</summary>
    public static readonly DateTimeOffset Start = new(2027, 3, 1, 6, 0, 0, TimeSpan.Zero);

    // How much longer than it may compute a scenario may take in all.
    private const int MostWaiting = 10;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly PriorityQueue<VirtualTimer, (long Due, long Number)> _queue = new();
    private long _elapsed;
    private long _number;

    /// <summary>Time since the start. It never goes back.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(_elapsed);

    /// <summary>The true moment, which Marketo's clock shows.</summary>
    public DateTimeOffset Now => Start + Elapsed;

    /// <summary>By how much the wall clock of the machine differs from the true moment.</summary>
    public TimeSpan WallClockError { get; set; }

    /// <summary>Makes a timer.</summary>
    /// <param name="callback">What it does; it is called on the pool's thread.</param>
    /// <param name="due">When, counted from now; infinite for a timer that does not run yet.</param>
    /// <param name="period">How often again; infinite for once.</param>
    public VirtualTimer CreateTimer(Action callback, TimeSpan due, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback);
        timer.Change(due, period);
        return timer;
    }

    /// <summary>Waits.</summary>
    public Task DelayAsync(TimeSpan time)
    {
        if (time <= TimeSpan.Zero) return Task.CompletedTask;
        var done = new TaskCompletionSource();
        CreateTimer(done.SetResult, time, Timeout.InfiniteTimeSpan);
        return done.Task;
    }

    /// <summary>Lets time pass while nothing else happens, as a blocked thread would.</summary>
    public void Pass(TimeSpan time) => _elapsed += time.Ticks;

    /// <summary>Runs a world until its work is done. The calling thread must not be one of the pool.</summary>
    /// <param name="work">The work.</param>
    /// <param name="limit">How long it may take by a real clock.</param>
    /// <exception cref="TimeoutException">Nothing goes on any more, or it took too long.</exception>
    public void Run(Func<Task> work, TimeSpan limit)
    {
        using var ended = new ManualResetEventSlim();
        Exception? fault = null;
        Task? running = null;
        bool isAbandoned = false;
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                running = work();
                Pump(null);
            },
            null);
        // By the processor's time: where other programs take the machine, the scenario only waits for its turn.
        var (started, watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        while (!ended.Wait(s_look))
        {
            if (Environment.CpuUsage.TotalTime - started < limit && watch.Elapsed < MostWaiting * limit) continue;
            isAbandoned = true;
            throw new TimeoutException($"The scenario took more than {limit.TotalSeconds:0} s of the processor, or {MostWaiting} times as long in all.");
        }

        if (fault is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        running!.GetAwaiter().GetResult();

        void Pump(object? state)
        {
            if (isAbandoned) return;
            if (running!.IsCompleted)
            {
                ended.Set();
                return;
            }

            // The pool's own thread takes what it queued itself first, so nothing else is left once the count is zero.
            if (ThreadPool.PendingWorkItemCount == 0 && !FireNext())
            {
                fault = new TimeoutException("Everything waits for something that never comes.");
                ended.Set();
                return;
            }

            ThreadPool.UnsafeQueueUserWorkItem(Pump, null);
        }
    }

    internal void Enqueue(VirtualTimer timer, TimeSpan due) =>
        _queue.Enqueue(timer, (_elapsed + Math.Max(0, due.Ticks), timer.Number = ++_number));

    private bool FireNext()
    {
        while (_queue.TryDequeue(out var timer, out var at))
        {
            if (timer.Number != at.Number) continue;
            _elapsed = Math.Max(_elapsed, at.Due);
            timer.Fire();
            return true;
        }

        return false;
    }
}
