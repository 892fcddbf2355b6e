using System.Text;
using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Waits until nothing that another push has begun can still create people: a sync call whose answer was lost, or an import that is under
/// way. Marketo makes duplicates of a person who is created twice at once, so the push that comes next must not create before.
/// </summary>
internal sealed class OpenCreates(ICreateStore creates, MarketoConnection connection, BulkOptions options, Action<MessageText> warn)
{
    // A row with an id that nobody has: Marketo refuses the row, and creates nobody by an id.
    private static readonly byte[] s_probe = Encoding.UTF8.GetBytes($"{ImportColumns.IdField}\n0\n");

    /// <summary>Waits for other pushes into the same instance. The lock for creating must be held.</summary>
    /// <param name="push">The push that is to create.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WaitAsync(Guid push, CancellationToken cancellation)
    {
        if (creates.FindLastCall(connection.Instance, push, connection.MarketoNow) is { } sentAt)
        {
            await CallExpiry.WaitAsync(sentAt, connection.MarketoNow, connection.Time, warn, cancellation).ConfigureAwait(false);
            creates.EndCalls(connection.Instance, push);
        }

        foreach (var import in creates.GetImports(connection.Instance, push))
        {
            if (import.BatchId is { } batch) await WaitForEndAsync(batch, Tell, cancellation).ConfigureAwait(false);
            else await WaitForListAsync(import.ListId, Tell, cancellation).ConfigureAwait(false);
            creates.EndImport(import);

            void Tell() => warn($"Waiting for an import of the push {PushIds.Short(import.PushId)}: two that create people at once would make duplicates.");
        }
    }

    private async Task WaitForEndAsync(long batchId, Action tell, CancellationToken cancellation)
    {
        bool isTold = false;
        for (var wait = options.FirstPoll; ; wait = BulkOptions.Next(wait, options.LongestPoll))
        {
            if (await connection.Imports.FindAsync(batchId, cancellation).ConfigureAwait(false) is not { State: ImportState.UnderWay }) return;
            if (!isTold) tell();
            isTold = true;
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
        }
    }

    // The number of the import was not written down. One import at a time goes into a list: once Marketo accepts another one, it is over.
    private async Task WaitForListAsync(long listId, Action tell, CancellationToken cancellation)
    {
        bool isTold = false;
        var request = new ImportRequest(ImportColumns.IdField, listId, null, [s_probe], 1);
        long started = connection.Time.GetTimestamp();
        int lost = 0;
        for (var wait = options.FirstPoll; ; wait = BulkOptions.Next(wait, options.LongestPoll))
        {
            try
            {
                await connection.Imports.StartAsync(request, cancellation).ConfigureAwait(false);
                return;
            }
            catch (AnswerLostException) when (lost < connection.RetryLimit)
            {
                // It may have been accepted. Asking again tells the same.
                lost++;
            }
            catch (MarketoException e) when (e.Class == MarketoErrorClass.QueueFull && connection.Time.GetElapsedTime(started) < options.LongestQueue)
            {
                // The list is still being imported into.
            }
            catch (MarketoException e) when (e.Code == "1013")
            {
                // There is no such list any more, so nothing is imported into it.
                return;
            }

            if (!isTold) tell();
            isTold = true;
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
        }
    }
}
