namespace SegmentPush.Journal;

/// <summary>
/// A ledger for calls that belong to no push. They are few, and somebody may make them to find out what is wrong, so they are made without the ledger
/// once it has failed. No push may use it.
/// </summary>
/// <param name="ledger">The ledger, which it closes.</param>
internal sealed class LenientLedger(IJournalLedger ledger) : IJournalLedger
{
    // The number of a call that was not entered.
    private const long NotEntered = -1;

    private volatile bool _hasFailed;

    /// <inheritdoc/>
    public CallTurn TryEnter(CallBudget budget, DateTimeOffset now) => Try(() => ledger.TryEnter(budget, now), new CallTurn(NotEntered, TimeSpan.Zero));

    /// <inheritdoc/>
    public void Ended(long call, DateTimeOffset endedAt)
    {
        if (call != NotEntered) Try(() => ledger.Ended(call, endedAt));
    }

    /// <inheritdoc/>
    public void Add(IReadOnlyList<DateTimeOffset> endedAt, DateTimeOffset now) => Try(() => ledger.Add(endedAt, now));

    /// <inheritdoc/>
    public void SlowDown(DateTimeOffset grantedAt, DateTimeOffset? pausedUntil, DateTimeOffset now) => Try(() => ledger.SlowDown(grantedAt, pausedUntil, now));

    /// <inheritdoc/>
    public void Learn(DateOnly day, long used) => Try(() => ledger.Learn(day, used));

    public void Dispose() => ledger.Dispose();

    private void Try(Action work) => Try(
        () =>
        {
            work();
            return true;
        },
        false);

    private T Try<T>(Func<T> work, T otherwise)
    {
        if (_hasFailed) return otherwise;
        try
        {
            return work();
        }
        catch (SegmentPushException)
        {
            _hasFailed = true;
            return otherwise;
        }
    }
}
