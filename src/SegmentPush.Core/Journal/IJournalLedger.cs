namespace SegmentPush.Journal;

/// <summary>The journal's ledger of the calls that one push or plan makes to an instance.</summary>
internal interface IJournalLedger : ICallLedger, IDisposable
{
    /// <summary>Learns how many calls all integrations together have made today.</summary>
    void Learn(DateOnly day, long used);
}
