using System.Collections.Concurrent;
using System.Management.Automation;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>What the cmdlets that talk to Marketo have in common: a connection, and the streams of calls.</summary>
public abstract class MarketoCommand : ModuleCommand
{
    private readonly CallsBesidePushes _calls = new();
    private MarketoConnection? _ofAccount;
    private string? _account;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _calls.Dispose();
        _ofAccount?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The address of a journal whose database is waited for.</summary>
    /// <param name="text">The folder or address; null for the user's own.</param>
    /// <param name="limit">How long the database is waited for where it can't be reached; null for two minutes.</param>
    private protected JournalAddress? JournalOf(string? text, TimeSpan? limit) =>
        limit is { } time ? (JournalOf(text) ?? JournalAddress.Default).WaitingFor(time) : JournalOf(text);

    /// <summary>The connection to use: the one given, or the session's default.</summary>
    /// <exception cref="SegmentPushException">There is none, or it was disconnected (<c>NotConnected</c>).</exception>
    private protected static MarketoConnection ConnectionOr(MarketoConnection? given)
    {
        var connection = given ?? SessionConnection.Default ?? throw new SegmentPushException(
            "NotConnected",
            "There is no connection to Marketo in this session.",
            "Run Connect-MarketoLaunchpoint first, or give a connection with -Connection.");
        connection.ThrowIfClosed();
        return connection;
    }

    /// <summary>The connection for a destination: the one given, else that of the destination's account, else the session's default.</summary>
    /// <exception cref="SegmentPushException">It is to another instance (<c>OtherInstance</c>).</exception>
    private protected MarketoConnection ConnectionFor(SegmentDestination destination, MarketoConnection? given)
    {
        var connection = given is null && OfAccount(destination) is { } ofAccount ? ofAccount : ConnectionOr(given);
        if (connection.Instance == destination.Instance) return connection;
        throw new SegmentPushException(
            "OtherInstance",
            $"The destination '{destination.Name}' is in {destination.Instance}, and the connection is to {connection.Instance}.",
            $"Connect to {destination.Instance}, or give its account to the destination with Set-SegmentDestination -Account.",
            destination.Name);
    }

    /// <summary>The connection for a push of the journal, which goes on as it began: with the account of its destination.</summary>
    private protected MarketoConnection ConnectionFor(PushStatus push, MarketoConnection? given, JournalAddress? journalAddress)
    {
        if (given is not null || push.Destination is not { } name) return ConnectionOr(given);
        using var journal = PushJournal.OpenToRead(journalAddress);
        return journal.Destinations.Find(name) is null ? ConnectionOr(null) : ConnectionFor(SavedDestinations.GetUncounted(journal, name), null);
    }

    private MarketoConnection? OfAccount(SegmentDestination destination)
    {
        if (destination.Account is not { } account) return null;
        if (_ofAccount is not null && string.Equals(_account, account, StringComparison.OrdinalIgnoreCase)) return _ofAccount;
        _ofAccount?.Dispose();
        _ofAccount = null;
        _ofAccount = AccountConnection.Open(this, account, StopToken);
        _account = account;
        return _ofAccount;
    }

    /// <summary>Whether the cmdlet pushes: the ledger of its push takes its calls, also those of the moments before.</summary>
    private protected virtual bool HasOwnLedger => false;

    /// <summary>Waits for a call and writes its attempts as verbose text.</summary>
    private protected T Await<T>(MarketoConnection connection, Func<CancellationToken, Task<T>> call)
    {
        if (!HasOwnLedger) _calls.Use(connection);
        var calls = new ConcurrentQueue<CallReport>();
        connection.CallFinished += calls.Enqueue;
        try
        {
            var task = call(StopToken);
            if (!task.IsCompleted) WaitFor(connection, task);
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            connection.CallFinished -= calls.Enqueue;
            foreach (var report in calls) WriteVerbose(CallText.Of(report));
        }
    }

    // Shows what is waited for where that takes more than a second.
    private void WaitFor(MarketoConnection connection, Task task)
    {
        const int ActivityId = 3;
        WaitText? wait = null;
        bool isShown = false;
        while (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(1)))
        {
            wait ??= new WaitText(this, connection);
            if (wait.Tell() is not { } text) continue;
            isShown = true;
            WriteProgress(CmdletTexts.Progress(ActivityId, MessageText.AsIs(MyInvocation.MyCommand.Name), text));
        }

        if (!isShown) return;
        var ended = CmdletTexts.Progress(ActivityId, MessageText.AsIs(MyInvocation.MyCommand.Name), "Ended");
        ended.RecordType = ProgressRecordType.Completed;
        WriteProgress(ended);
    }

    /// <summary>Walks items as they come from Marketo.</summary>
    private protected IEnumerable<T> Stream<T>(MarketoConnection connection, IAsyncEnumerable<T> items) =>
        PulledItems.Of(items, next => Await(connection, _ => next), StopToken);
}
