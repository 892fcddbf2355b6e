namespace SegmentPush.Platform;

/// <summary>What kind of failure a call to Experience Platform met, and so what can be done about it.</summary>
public enum PlatformErrorClass
{
    /// <summary>The call is refused as it stands; the same call would be refused again.</summary>
    Refuse = 0,

    /// <summary>The access token was not accepted, even after it was renewed.</summary>
    Reauthenticate = 1,

    /// <summary>More calls than the platform allows in a short time.</summary>
    SlowDown = 2,

    /// <summary>A passing fault: the network, a proxy, or the platform itself.</summary>
    Wait = 3,

    /// <summary>The call may or may not have been executed: its answer never came, and it must not be repeated blindly.</summary>
    AnswerLost = 4,
}
