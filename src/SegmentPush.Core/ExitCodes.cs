namespace SegmentPush;

/// <summary>What a scheduled task may end with: one table for the status of a push and for errors.</summary>
internal static class ExitCodes
{
    /// <summary>All was done, or nothing was due.</summary>
    public const int Done = 0;

    /// <summary>An error that somebody has to do something about.</summary>
    public const int Error = 1;

    /// <summary>Stopped by something that passes by itself, or by the user: the push can be resumed as it is.</summary>
    public const int Interrupted = 2;

    /// <summary>The guard stopped the push.</summary>
    public const int GuardStopped = 3;

    /// <summary>Nobody arrived, or too many rows were rejected.</summary>
    public const int NobodyArrived = 4;

    // The worst comes first: what needs somebody at once, before what passes by itself.
    private static readonly int[] s_worstFirst = [Error, GuardStopped, NobodyArrived, Interrupted, Done];

    /// <summary>The worst of several exit codes.</summary>
    /// <returns>0 where there are none.</returns>
    public static int Worst(IEnumerable<int> codes) => codes.DefaultIfEmpty(Done).MinBy(code => Array.IndexOf(s_worstFirst, code));

    /// <summary>The exit code of a push.</summary>
    /// <param name="state">How it ended.</param>
    /// <param name="errorId">The error that ended it; null where none did.</param>
    public static int Of(PushState state, string? errorId) => state switch
    {
        PushState.Interrupted => Interrupted,
        PushState.Completed or PushState.Failed when errorId is not null => OfErrorId(errorId),
        PushState.Failed or PushState.Abandoned or PushState.Superseded => Error,
        _ => Done,
    };

    /// <summary>The exit code of an error that came without a push, or before the push could say how it ended.</summary>
    public static int Of(SegmentPushException error) => error.PassesByItself ? Interrupted : OfErrorId(error.ErrorId);

    private static int OfErrorId(string errorId) => errorId switch
    {
        SegmentPushException.GuardStopped => GuardStopped,
        SegmentPushException.NobodyArrived or SegmentPushException.TooManyRejected => NobodyArrived,
        _ => Error,
    };
}
