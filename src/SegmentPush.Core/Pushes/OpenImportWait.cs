using System.Text;
using SegmentPush.Journal;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Waits until imports of another push, whose process has ended, are over in Marketo.</summary>
internal sealed class OpenImportWait(IOpenCallStore calls, MarketoConnection connection, BulkOptions options, Action<MessageText> warn)
{
    // A row with an id that nobody has: Marketo refuses the row, and creates nobody by an id.
    private static readonly byte[] s_probe = Encoding.UTF8.GetBytes($"{ImportColumns.IdField}\n0\n");

    /// <summary>Waits for imports, and notes that they are over.</summary>
    /// <param name="imports">The imports.</param>
    /// <param name="why">Why they are waited for, as a part of a sentence.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WaitAsync(IReadOnlyList<OpenImport> imports, MessageText why, CancellationToken cancellation)
    {
        foreach (var import in imports)
        {
            if (import.BatchId is { } batch) await WaitForEndAsync(batch, Tell, cancellation).ConfigureAwait(false);
            else
            {
                await WaitForUploadAsync(import.Uploaded, Tell, cancellation).ConfigureAwait(false);
                await WaitForListAsync(import.ListId, Tell, cancellation).ConfigureAwait(false);
            }

            WorkWaits.End();
            calls.EndImport(import);

            void Tell()
            {
                warn($"Waiting for an import of the push {PushIds.Short(import.PushId)}: {why}.");
                WorkWaits.Tell(new WorkWait($"Import of push {PushIds.Short(import.PushId)}", "until it is over"));
            }
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

    // The upload may reach Marketo later than the process has ended. A list that nothing is imported into does not tell that it will not.
    private async Task WaitForUploadAsync(DateTimeOffset? sentAt, Action tell, CancellationToken cancellation)
    {
        var wait = sentAt is { } sent ? CallExpiry.WaitFor(sent, connection.MarketoNow) : TimeSpan.Zero;
        if (wait == TimeSpan.Zero) return;
        tell();
        await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
    }

    // The number of the import was not written down. One import at a time goes into a list: once Marketo accepts another one, it is over.
    private async Task WaitForListAsync(long listId, Action tell, CancellationToken cancellation)
    {
        bool isTold = false;
        var request = new ImportRequest(ImportColumns.IdField, listId, null, [s_probe], 1) { ChangesNobody = true };
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
