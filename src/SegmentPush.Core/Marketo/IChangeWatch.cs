namespace SegmentPush.Marketo;

/// <summary>Is told of each attempt of a call that changes people or lists, so that it is known later which of them had no answer.</summary>
internal interface IChangeWatch
{
    /// <summary>An attempt is about to be sent.</summary>
    /// <param name="runsUntil">When Marketo can't execute it any more, by Marketo's clock.</param>
    void Sending(DateTimeOffset runsUntil);

    /// <summary>An attempt was answered, so that Marketo does not execute it any more, or it has not left.</summary>
    /// <param name="runsUntil">The moment that was told before it was sent.</param>
    void Ended(DateTimeOffset runsUntil);
}
