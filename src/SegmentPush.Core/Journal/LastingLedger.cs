namespace SegmentPush.Journal;

/// <summary>
/// A ledger that stays open until all calls that were entered into it have ended. Pushes that share a connection enter their calls into the newest of
/// their ledgers, which may be that of a push that ends before the calls of the others.
/// </summary>
/// <param name="ledger">The ledger, which it closes.</param>
internal sealed class LastingLedger(IJournalLedger ledger) : IJournalLedger
{
    private readonly Lock _lock = new();
    private int _underWay;
    private bool _isClosing;

    /// <inheritdoc/>
    public CallTurn TryEnter(CallBudget budget, DateTimeOffset now)
    {
        lock (_lock)
        {
            // The caller finds another ledger, or none, when it asks again.
            if (_isClosing) return default;
            _underWay++;
        }

        CallTurn turn = default;
        try
        {
            return turn = ledger.TryEnter(budget, now);
        }
        finally
        {
            if (turn.Call is null) Leave();
        }
    }

    /// <inheritdoc/>
    public void Ended(long call, DateTimeOffset endedAt)
    {
        try
        {
            ledger.Ended(call, endedAt);
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    public void Add(IReadOnlyList<DateTimeOffset> endedAt, DateTimeOffset now) => ledger.Add(endedAt, now);

    /// <inheritdoc/>
    public void SlowDown(DateTimeOffset grantedAt, DateTimeOffset? pausedUntil, DateTimeOffset now) => ledger.SlowDown(grantedAt, pausedUntil, now);

    /// <inheritdoc/>
    public void Learn(DateOnly day, long used) => ledger.Learn(day, used);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosing) return;
            _isClosing = true;
            if (_underWay > 0) return;
        }

        ledger.Dispose();
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_underWay > 0 || !_isClosing) return;
        }

        ledger.Dispose();
    }
}
