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
        string[] old = [.. log.GetOldBatches(destination, kept, superseded).Select(batch => batch.BatchId).Distinct(StringComparer.Ordinal)];
        var staying = new List<string>();
        PlatformException? why = null;
        foreach (string batch in old)
        {
            // A permission that is missing is missing for each of them, and a platform that does not answer now is asked again after the next push.
            if (why is not null && (why.PassesByItself || why.HttpStatus == 403))
            {
                staying.Add(batch);
                continue;
            }

            try
            {
                await connection.Batches.DeleteAsync(batch, cancellation).ConfigureAwait(false);
                log.SetDeleted(batch);
            }
            catch (PlatformException e)
            {
                why ??= e;
                staying.Add(batch);
            }
        }

        if (why is not null) warn(Describe(staying, why));
    }

    private static MessageText Describe(List<string> staying, PlatformException why) => MessageText.Plural(
        staying.Count,
        $"The batch {staying[0]} of an older export stays in Experience Platform: {why.Text} Remove-PlatformExport deletes it.",
        $"The batches {string.Join(", ", staying)} of older exports stay in Experience Platform: {why.Text} Remove-PlatformExport deletes them.");
}
