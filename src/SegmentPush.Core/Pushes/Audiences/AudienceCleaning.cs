using SegmentPush.Platform;

namespace SegmentPush.Pushes.Audiences;

/// <summary>Deletes exports in Experience Platform that a destination needs no more: they hold data of people.</summary>
/// <param name="connection">The platform.</param>
/// <param name="log">The exports in the journal.</param>
/// <param name="warn">Is told of what can't be deleted.</param>
internal sealed class AudienceCleaning(PlatformConnection connection, AudienceExportLog log, Action<MessageText> warn)
{
    /// <summary>Deletes the batches that older pushes of a destination have left, and the files of those that did not complete.</summary>
    /// <param name="destination">Name of the destination.</param>
    /// <param name="kept">How many of the newest stay.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(string destination, int kept, CancellationToken cancellation)
    {
        var superseded = log.GetSuperseded(destination);
        log.DeleteFilesOf(superseded);
        foreach (string batch in log.GetOldBatches(destination, kept, superseded).Select(old => old.BatchId).Distinct(StringComparer.Ordinal))
        {
            try
            {
                await connection.Batches.DeleteAsync(batch, cancellation).ConfigureAwait(false);
                log.SetDeleted(batch);
            }
            catch (PlatformException e)
            {
                warn($"The batch {batch} of an older export stays in Experience Platform: {e.Text} Remove-PlatformExport deletes it.");
                return;
            }
        }
    }
}
