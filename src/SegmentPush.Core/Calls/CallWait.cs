namespace SegmentPush.Calls;

/// <summary>What a call waits for.</summary>
internal enum CallWaitKind
{
    /// <summary>For its turn: the permitted calls of the last 20 seconds, or at once, are used up.</summary>
    Pace = 0,

    /// <summary>For the server's answer.</summary>
    Answer = 1,

    /// <summary>Until it is sent again, after a fault that passes.</summary>
    Retry = 2,
}

/// <summary>What all calls of a connection wait for, while none of them moves.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Since">How long already.</param>
/// <param name="ErrorId">Stable name of the fault, such as <c>ConnectionFailed</c>; null where there was none.</param>
internal sealed record CallWait(CallWaitKind Kind, TimeSpan Since, string? ErrorId);
