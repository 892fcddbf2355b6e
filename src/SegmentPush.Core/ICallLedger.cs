namespace SegmentPush;

/// <summary>
/// The calls that all processes of this user make to one instance. Who wants to send one asks here first, so that together
/// they stay inside one budget.
/// </summary>
internal interface ICallLedger
{
    /// <summary>Enters a call, if it may be sent now.</summary>
    /// <param name="budget">What the caller keeps to.</param>
    /// <param name="now">The moment, UTC.</param>
    CallTurn TryEnter(CallBudget budget, DateTimeOffset now);

    /// <summary>Notes that a call has ended. It takes a place in the window that begins then.</summary>
    /// <param name="call">The call.</param>
    /// <param name="endedAt">When it was answered, UTC.</param>
    void Ended(long call, DateTimeOffset endedAt);

    /// <summary>Notes calls of this process that have ended in no ledger, because it pushed nothing then.</summary>
    /// <param name="endedAt">When each was answered, UTC.</param>
    /// <param name="now">The moment, UTC.</param>
    void Add(IReadOnlyList<DateTimeOffset> endedAt, DateTimeOffset now);

    /// <summary>Halves the pace of all for a while, because Marketo refused a call as too many.</summary>
    /// <param name="grantedAt">When the refused call was entered; one that is older than the last halving does not halve again.</param>
    /// <param name="pausedUntil">Until when Marketo asks for no calls at all; null where it does not say.</param>
    /// <param name="now">The moment, UTC.</param>
    void SlowDown(DateTimeOffset grantedAt, DateTimeOffset? pausedUntil, DateTimeOffset now);
}

/// <summary>What a caller keeps to.</summary>
/// <param name="Calls">Calls of all in <see cref="PaceRules.Window"/>.</param>
/// <param name="Concurrency">Calls of all at once.</param>
/// <param name="CallsPerDay">Calls of all on one of Marketo's days.</param>
/// <param name="Day">That day.</param>
/// <param name="Wanted">How many calls of this process wait to be sent now; 1 or more. A ledger that is far away may enter as many at once.</param>
internal readonly record struct CallBudget(int Calls, int Concurrency, long CallsPerDay, DateOnly Day, int Wanted = 1);

/// <summary>The ledger's answer.</summary>
/// <param name="Call">The call, entered; null where it may not be sent now.</param>
/// <param name="Wait">How long to wait before asking again, at most.</param>
/// <param name="UsedToday">Calls of this day as far as they are known, where they are used up; null otherwise.</param>
/// <param name="Sooner">Ends when it is worth asking before that time; null where nobody tells.</param>
internal readonly record struct CallTurn(long? Call, TimeSpan Wait, long? UsedToday = null, Task? Sooner = null);
