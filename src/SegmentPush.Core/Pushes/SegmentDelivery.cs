using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>Delivers a segment: rows are read, hashed and taken in on a thread each, and people are delivered on more.</summary>
internal sealed class SegmentDelivery(
    PushOptions options, PushTarget target, SegmentIntake intake, RowsAgain rowsAgain, DestinationRun? run, Settlement settlement, ChannelWriter<PushEvent> events)
{
    /// <summary>Delivers all rows.</summary>
    /// <param name="bySync">Whether people must be sent by calls, which answer for each person.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task DeliverAsync(bool bySync, CancellationToken cancellation)
    {
        using var progress = new ProgressTeller(settlement, intake, options.Connection, events);
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var people = Channel.CreateBounded<IReadOnlyList<Person>>(
            new BoundedChannelOptions(2 * options.Connection.MaxConcurrency) { SingleWriter = true });

        // Enters itself into the journal, which serves one thread at a time: the snapshot is loaded from it while the reading begins.
        var delivery = bySync ? new SyncDelivery(target, options.Connection, settlement) : ChooseDelivery();
        var reading = Task.Run(() => ReadAsync(people.Writer, stopReading.Token), CancellationToken.None);
        Exception? stopped = null;
        try
        {
            await delivery.DeliverAsync(people.Reader, cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            stopped = e;
        }

        await stopReading.CancelAsync().ConfigureAwait(false);
        try
        {
            await reading.ConfigureAwait(false);
        }
        catch (Exception e) when (stopped is not null || e is not OperationCanceledException)
        {
            stopped ??= e;
        }

        cancellation.ThrowIfCancellationRequested();
        if (stopped is not null) ExceptionDispatchInfo.Throw(stopped);
    }

    private IDelivery ChooseDelivery()
    {
        return options.Delivery == Delivery.Auto ? new AutoDelivery(options, target, Make) : Make(options.Delivery);

        IDelivery Make(Delivery delivery)
        {
            settlement.SetDelivery(delivery);
            return delivery switch
            {
                Delivery.Sync => new SyncDelivery(target, options.Connection, settlement),
                Delivery.Bulk => new BulkDelivery(target, options.Connection, settlement, rowsAgain, options.Bulk),
                _ => throw new UnreachableException(),
            };
        }
    }

    private async Task ReadAsync(ChannelWriter<IReadOnlyList<Person>> people, CancellationToken cancellation)
    {
        Exception? fault = null;
        bool isKnown = run is null;
        LeadingRejects first = default;
        try
        {
            // The first rows are read before it is known who is on the list: once all of that is in memory, what reads them is compiled.
            await foreach (var rows in intake.ReadRowsAheadAsync(cancellation).ConfigureAwait(false))
            {
                await KnowAsync().ConfigureAwait(false);
                first = rows.First;
                foreach (var batch in intake.Take(rows)) await EnterAsync(batch).ConfigureAwait(false);
                if (first.AreTooManyRejected) await EnterAsync(intake.TakeRest()).ConfigureAwait(false);
            }

            await KnowAsync().ConfigureAwait(false);
            await EnterAsync(intake.TakeRest()).ConfigureAwait(false);
            if (first.AreAllRejected) throw Arrival.NothingSent(settlement.Status, first.Rejected, areAll: true, settlement.Outcomes.CountReasons());
        }
        catch (Exception e)
        {
            fault = e;
            throw;
        }
        finally
        {
            people.Complete(fault);
        }

        async ValueTask KnowAsync()
        {
            if (isKnown) return;
            intake.UseSnapshot(await run!.LoadAsync(cancellation).ConfigureAwait(false));
            isKnown = true;
        }

        async ValueTask EnterAsync(IntakeBatch batch)
        {
            settlement.Receive(batch);

            // Before the first of these people is sent.
            if (first.AreTooManyRejected) throw Arrival.NothingSent(settlement.Status, first.Rejected, areAll: false, settlement.Outcomes.CountReasons());
            if (batch.People.Count > 0) await people.WriteAsync(batch.People, cancellation).ConfigureAwait(false);
            if (batch.Leaving.Count > 0) run!.AddExits(batch.Leaving);
        }
    }
}
