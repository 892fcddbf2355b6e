namespace SegmentPush.Pushes;

/// <summary>
/// Tells how long the rest of some work takes: at the speed at which it last came further, and at least as long as the permitted pace makes its calls wait.
/// While nothing moves, the time runs down; where it has run out and the work has not, no time is told.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="before">Share that was done before this process began, 0 to 1. It says nothing about the speed.</param>
/// <param name="callsPerWindow">Calls that the pace permits in a window; null where the work makes none.</param>
internal sealed class RemainingTime(TimeProvider time, double before, int? callsPerWindow = null)
{
    // Less than this says too little about the speed.
    private const double LeastShare = 0.01;

    // A push that makes this share of the calls that it may make is as fast as the pace.
    private const double NearlyAll = 0.9;

    private readonly long _began = time.GetTimestamp();
    private readonly Lock _lock = new();
    private (double Share, TimeSpan Elapsed) _moved = (before, TimeSpan.Zero);

    // Calls that this process makes in all. Those under way have done nothing yet, so of several estimates the least is the best.
    private double _allCalls = double.PositiveInfinity;

    /// <summary>The time from now on.</summary>
    /// <param name="share">Share that is done, 0 to 1.</param>
    /// <param name="calls">Calls that this process has made for the work.</param>
    /// <returns>Null where it can't be told.</returns>
    public TimeSpan? Of(double share, long calls = 0)
    {
        var elapsed = time.GetElapsedTime(_began);
        (double Share, TimeSpan Elapsed) moved;
        double done, allCalls;
        lock (_lock)
        {
            if (share > _moved.Share) _moved = (share, elapsed);
            moved = _moved;
            done = moved.Share - before;
            if (done <= LeastShare) return null;
            allCalls = _allCalls = Math.Min(_allCalls, calls / done * (1 - before));
        }

        var left = WaitOfPace(allCalls) - elapsed;
        var bySpeed = (moved.Elapsed / done * (1 - moved.Share)) - (elapsed - moved.Elapsed);
        if (!IsAtPace(calls, elapsed) && bySpeed > left) left = bySpeed;
        return left > TimeSpan.Zero ? left : null;
    }

    // The calls of a window go at its beginning, so that the speed between two windows says nothing of the rest.
    private bool IsAtPace(long calls, TimeSpan elapsed) =>
        callsPerWindow is { } most && calls >= NearlyAll * most * Math.Max(1, Math.Floor(elapsed / PaceRules.Window));

    // A window's calls may go at once; those of the next one wait for it.
    private TimeSpan WaitOfPace(double calls) =>
        callsPerWindow is { } most ? PaceRules.Window * Math.Floor(Math.Max(0, Math.Ceiling(calls) - 1) / most) : TimeSpan.Zero;
}
