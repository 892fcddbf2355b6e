namespace SegmentPush.Marketo;

/// <summary>What kind of failure a call to Marketo met, and so what can be done about it.</summary>
public enum MarketoErrorClass
{
    /// <summary>Marketo refuses the call as it stands; the same call would be refused again.</summary>
    RefusePush = 0,

    /// <summary>The access token was not accepted, even after it was renewed.</summary>
    Reauthenticate = 1,

    /// <summary>More calls than Marketo allows in a short time.</summary>
    SlowDown = 2,

    /// <summary>A passing fault: the network, a proxy, or Marketo itself.</summary>
    Wait = 3,

    /// <summary>The calls of the day are used up.</summary>
    StopForToday = 4,

    /// <summary>Marketo's import queue is full, or the list is being imported into.</summary>
    QueueFull = 5,

    /// <summary>The call may or may not have been executed: its answer never came, and it must not be repeated blindly.</summary>
    AnswerLost = 6,
}
