namespace SegmentPush;

/// <summary>What a push does with a value that is not right for its field.</summary>
public enum BadField
{
    /// <summary>The person is rejected.</summary>
    Reject = 0,

    /// <summary>The value is left out, so that the field stays as it is in Marketo. The person is pushed without it.</summary>
    LeaveOut = 1,
}
