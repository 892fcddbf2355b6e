namespace SegmentPush.Calls;

/// <summary>A connection whose calls can be watched.</summary>
internal interface ICallSource
{
    /// <summary>Raised after each attempt of each call, from any thread.</summary>
    event Action<CallReport>? CallFinished;
}
