using System.Collections.Concurrent;
using System.Management.Automation;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Streams;

namespace SegmentPush.Commands;

/// <summary>What the cmdlets that talk to Marketo have in common: a connection, an end on Ctrl+C, and errors of one form.</summary>
public abstract class MarketoCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private MarketoConnection? _ofAccount;

    /// <summary>Ends when the user stops the pipeline, or the cmdlet is disposed.</summary>
    private protected CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_stop.IsCancellationRequested) _stop.Cancel();
        Dispose(true);
        _ofAccount?.Dispose();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Gives back what a cmdlet holds; <see cref="StopToken"/> has ended by then.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>The connection to use: the one given, or the session's default.</summary>
    private protected static MarketoConnection ConnectionOr(MarketoConnection? given) =>
        given ?? SessionConnection.Default ?? throw new SegmentPushException(
            "NotConnected",
            "There is no connection to Marketo in this session.",
            "Run Connect-MarketoLaunchpoint first, or give a connection with -Connection.");

    /// <summary>The connection for a destination: the one given, else that of the destination's account, else the session's default.</summary>
    /// <exception cref="SegmentPushException">It is to another instance (<c>OtherInstance</c>).</exception>
    private protected MarketoConnection ConnectionFor(SegmentDestination destination, MarketoConnection? given)
    {
        var connection = given ?? OfAccount(destination) ?? ConnectionOr(null);
        if (connection.Instance == destination.Instance) return connection;
        throw new SegmentPushException(
            "OtherInstance",
            $"The destination '{destination.Name}' is in {destination.Instance}, and the connection is to {connection.Instance}.",
            $"Connect to {destination.Instance}, or give its account to the destination with Set-SegmentDestination -Account.",
            destination.Name);
    }

    /// <summary>The connection for a push of the journal, which goes on as it began: with the account of its destination.</summary>
    private protected MarketoConnection ConnectionFor(PushStatus push, MarketoConnection? given, string? journalFolder)
    {
        if (given is not null || push.Destination is not { } name) return ConnectionOr(given);
        using var journal = PushJournal.Open(journalFolder);
        return journal.FindDestination(name) is null ? ConnectionOr(null) : ConnectionFor(DestinationStore.GetUncounted(journal, name), null);
    }

    private MarketoConnection? OfAccount(SegmentDestination destination)
    {
        if (destination.Account is not { } account) return null;
        if (_ofAccount?.Instance == destination.Instance) return _ofAccount;
        _ofAccount?.Dispose();
        return _ofAccount = AccountConnection.Open(this, account, StopToken);
    }

    /// <summary>The folder of a journal as the core takes it: null for the user's own.</summary>
    private protected string? JournalFolderOf(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>Does work whose errors are the cmdlet's own.</summary>
    private protected void Run(Action work)
    {
        try
        {
            work();
        }
        catch (SegmentPushException error)
        {
            ThrowTerminatingError(ErrorRecords.From(error));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Does work on one of several things: its error does not stop the others.</summary>
    private protected void RunEach(object target, Action work)
    {
        try
        {
            work();
        }
        catch (SegmentPushException error)
        {
            WriteError(ErrorRecords.From(error, target));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Waits for a call and writes its attempts as verbose text.</summary>
    private protected T Await<T>(MarketoConnection connection, Func<CancellationToken, Task<T>> call)
    {
        var calls = new ConcurrentQueue<CallReport>();
        connection.CallFinished += calls.Enqueue;
        try
        {
            return call(StopToken).GetAwaiter().GetResult();
        }
        finally
        {
            connection.CallFinished -= calls.Enqueue;
            foreach (var report in calls) WriteVerbose(CallText.Of(report));
        }
    }

    /// <summary>Walks items as they come from Marketo.</summary>
    private protected IEnumerable<T> Stream<T>(MarketoConnection connection, IAsyncEnumerable<T> items)
    {
        var enumerator = items.GetAsyncEnumerator(StopToken);
        try
        {
            while (Await(connection, _ => enumerator.MoveNextAsync().AsTask())) yield return enumerator.Current;
        }
        finally
        {
            enumerator.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
