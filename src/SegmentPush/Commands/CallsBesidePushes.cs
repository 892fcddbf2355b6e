using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Commands;

/// <summary>
/// The calls of a cmdlet to Marketo, entered into the ledger of the journal that machines share, so that they and the pushes of other machines keep one pace.
/// </summary>
internal sealed class CallsBesidePushes : IDisposable
{
    private MarketoConnection? _connection;
    private LastingLedger? _ledger;
    private IDisposable? _sharing;

    /// <summary>Enters the calls of a connection from now on. Where a push or a plan uses it, its ledger has them.</summary>
    public void Use(MarketoConnection connection)
    {
        if (connection == _connection || connection.SharesCalls) return;
        Dispose();
        _connection = connection;
        if (Open(connection.Instance) is not { } ledger) return;
        _ledger = new LastingLedger(new LenientLedger(ledger));
        _sharing = connection.ShareBesidePushes(_ledger);
    }

    public void Dispose()
    {
        _sharing?.Dispose();
        _ledger?.Dispose();
        (_connection, _sharing, _ledger) = (null, null, null);
    }

    // Who may only read the journal, or has none yet, makes calls without it.
    private static IJournalLedger? Open(string instance)
    {
        try
        {
            return JournalAddress.Default.OpenLedgerBesidePushes(instance);
        }
        catch (SegmentPushException)
        {
            return null;
        }
    }
}
