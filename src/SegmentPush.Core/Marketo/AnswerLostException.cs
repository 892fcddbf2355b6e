namespace SegmentPush.Marketo;

/// <summary>
/// A call that can create people, or a list, was sent and its answer never came, so that it is open whether Marketo executed it.
/// The client does not repeat it. Before it is sent again, what it creates must be looked up, or Marketo's own time-out for
/// Sync Leads (90 s after <see cref="SentAt"/>) must have passed.
/// </summary>
public sealed class AnswerLostException : MarketoException
{
    internal AnswerLostException(MarketoException cause, DateTimeOffset sentAt)
        : base(cause.Rule with { Class = MarketoErrorClass.AnswerLost }, cause.Call, cause.Text, cause.Facts, cause)
    {
        (SentAt, MayHaveRun) = (sentAt, true);
    }

    /// <summary>When the call was sent, by the clock of the connection.</summary>
    public DateTimeOffset SentAt { get; }
}
