using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using SegmentPush.Mappings;
using SegmentPush.Pushes.InStep;

namespace SegmentPush.Pushes;

/// <content>From the rows to the delivery: reading on one thread, taking in on another, delivering on more.</content>
internal sealed partial class Push
{
    // Rows that are read and mapped, and not taken in yet, some hundred at once.
    private const int MappedAhead = 4;

    // Reads on one thread and delivers on others.
    private async Task DeliverAsync(
        PushTarget target, SegmentIntake intake, Settlement settlement, CancellationToken cancellation)
    {
        using var progress = new ProgressTeller(settlement, intake, _options.Connection, _events);
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var people = Channel.CreateBounded<IReadOnlyList<Person>>(
            new BoundedChannelOptions(2 * _options.Connection.MaxConcurrency) { SingleWriter = true });
        var leaving = Channel.CreateBounded<IReadOnlyList<Person>>(
            new BoundedChannelOptions(2 * _options.Connection.MaxConcurrency) { SingleWriter = true });
        var reading = Task.Run(
            () => ReadAsync(intake, settlement, people.Writer, leaving.Writer, stopReading.Token), CancellationToken.None);
        Exception? stopped = null;
        await Task.WhenAll(
            StopOnFaultAsync(DeliveryFor(target, settlement).DeliverAsync(people.Reader, cancellation)),
            StopOnFaultAsync(new ListRemovals(target, _options.Connection, settlement).DeliverAsync(leaving.Reader, cancellation))).ConfigureAwait(false);
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

        // The first fault ends the reading, and with it the other delivery.
        async Task StopOnFaultAsync(Task delivering)
        {
            try
            {
                await delivering.ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref stopped, e, null);
                await stopReading.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private IDelivery DeliveryFor(PushTarget target, Settlement settlement)
    {
        return _options.Delivery == Delivery.Auto ? new AutoDelivery(_options, target, Make) : Make(_options.Delivery);

        IDelivery Make(Delivery delivery)
        {
            settlement.SetDelivery(delivery);
            return delivery == Delivery.Bulk
                ? new BulkDelivery(target, _options.Connection, settlement, _options.Bulk)
                : new SyncDelivery(target, _options.Connection, settlement);
        }
    }

    private static async Task ReadAsync(
        SegmentIntake intake,
        Settlement settlement,
        ChannelWriter<IReadOnlyList<Person>> people,
        ChannelWriter<IReadOnlyList<Person>> leaving,
        CancellationToken cancellation)
    {
        Exception? fault = null;
        try
        {
            // The rows are read and mapped on one thread, and taken in and entered on another.
            await foreach (var rows in ReadAhead.Of(intake.ReadRows, MappedAhead, cancellation).ConfigureAwait(false))
            {
                foreach (var batch in intake.Take(rows)) await EnterAsync(batch).ConfigureAwait(false);
            }

            await EnterAsync(intake.TakeRest()).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fault = e;
            throw;
        }
        finally
        {
            people.Complete(fault);
            leaving.Complete(fault);
        }

        async ValueTask EnterAsync(IntakeBatch batch)
        {
            settlement.Receive(batch);
            if (batch.People.Count > 0) await people.WriteAsync(batch.People, cancellation).ConfigureAwait(false);
            if (batch.Leaving.Count > 0) await leaving.WriteAsync(batch.Leaving, cancellation).ConfigureAwait(false);
        }
    }
}
