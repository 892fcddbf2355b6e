using System.Globalization;
using System.Threading.Channels;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Uploads import files, waits until Marketo has imported them, and settles their people.</summary>
internal sealed class ImportRun(PushTarget target, MarketoConnection connection, Settlement settlement, BulkOptions options)
{
    private readonly List<Person> _ambiguous = [];

    /// <summary>Imports a file whose people are in the journal.</summary>
    /// <exception cref="SegmentPushException">Its people are not delivered, or it is not known.</exception>
    public async Task RunAsync(ImportFile file, CancellationToken cancellation)
    {
        var import = file.Entry with { IsSent = true };
        settlement.Stage(import, []);
        var status = await StartAsync(file, cancellation).ConfigureAwait(false);
        int rows = file.Rows;
        file.Dispose();
        import = import with { BatchId = status.BatchId };
        settlement.Stage(import, []);
        await FinishAsync(import, status, rows, cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits for an import that another process has begun, and settles its people.</summary>
    /// <returns>False where Marketo does not know it any more, or gave it up: its people are to be delivered again.</returns>
    public async Task<bool> ResumeAsync(ImportEntry import, CancellationToken cancellation)
    {
        ImportStatus status;
        try
        {
            status = await connection.Imports.GetAsync(import.BatchId!.Value, cancellation).ConfigureAwait(false);
        }
        catch (MarketoException e) when (!e.Retryable)
        {
            return false;
        }

        if (status.State == ImportState.Failed) return false;
        await FinishAsync(import, status, settlement.CountImported(import), cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Delivers those of whom several are in Marketo: an import does not say whom to take, sync calls find out.</summary>
    public async Task DeliverAmbiguousAsync(CancellationToken cancellation)
    {
        if (_ambiguous.Count == 0) return;
        var people = Channel.CreateUnbounded<IReadOnlyList<Person>>();
        foreach (var batch in _ambiguous.Chunk(SegmentIntake.BatchSize)) people.Writer.TryWrite(batch);
        people.Writer.Complete();
        await new SyncDelivery(target, connection, settlement).DeliverAsync(people.Reader, cancellation).ConfigureAwait(false);
    }

    private async Task FinishAsync(ImportEntry import, ImportStatus status, long rows, CancellationToken cancellation)
    {
        for (var wait = options.FirstPoll; status.State == ImportState.UnderWay; wait = BulkOptions.Next(wait, options.LongestPoll))
        {
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
            status = await connection.Imports.GetAsync(status.BatchId, cancellation).ConfigureAwait(false);
        }

        if (status.State == ImportState.Failed)
        {
            throw new SegmentPushException(
                "ImportFailed",
                $"Marketo gave the import {status.BatchId} up: {status.Message}",
                "Resume-SegmentPush uploads its people again; if it lasts, use -Delivery Sync and ask Adobe support about this import.",
                status.BatchId);
        }

        await SettleAsync(import, status, rows, cancellation).ConfigureAwait(false);
    }

    private async Task<ImportStatus> StartAsync(ImportFile file, CancellationToken cancellation)
    {
        var request = new ImportRequest(file.LookupField, target.StaticList.Id, target.Partition?.Name, file.Bytes, file.Rows);
        long started = connection.Time.GetTimestamp();
        for (var wait = options.FirstPoll; ; wait = BulkOptions.Next(wait, options.LongestPoll))
        {
            try
            {
                return await connection.Imports.StartAsync(request, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (MayPass(e) && connection.Time.GetElapsedTime(started) < options.LongestQueue)
            {
                // Others import into this list, or the queue is full. After a lost answer the list may be taken by this very
                // file; once it is free, importing the file again changes nothing more.
            }

            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
        }
    }

    private static bool MayPass(Exception e) => e is AnswerLostException or MarketoException { Class: MarketoErrorClass.QueueFull };

    private async Task SettleAsync(ImportEntry import, ImportStatus status, long rows, CancellationToken cancellation)
    {
        var failures = status.Failed == 0 ? [] : await connection.Imports.GetFailuresAsync(status.BatchId, cancellation).ConfigureAwait(false);
        var warnings = status.Warnings == 0 ? [] : await connection.Imports.GetWarningsAsync(status.BatchId, cancellation).ConfigureAwait(false);
        var refused = ByKey(import, failures);
        var remarked = ByKey(import, warnings);
        int told = 0;
        var others = new List<SettledPerson>();
        var open = new List<Person>();
        if (refused.Count + remarked.Count > 0)
        {
            foreach (var imported in settlement.GetImported(import))
            {
                string key = imported.MarketoId?.ToString(CultureInfo.InvariantCulture) ?? imported.Identity;
                if (refused.TryGetValue(key, out var refusal))
                {
                    told++;
                    if (IsAmbiguous(imported, refusal)) open.Add(PersonOf(imported, refusal));
                    else others.Add(Refused(imported, refusal));
                }
                else if (remarked.TryGetValue(key, out var remark))
                {
                    others.Add(new SettledPerson(
                        PersonOf(imported, remark), imported.Mark?.Number is null ? PersonOutcome.Added : PersonOutcome.AlreadyMember, ChangeOf(import), imported.MarketoId, "ImportWarning", remark.Reason));
                }
            }
        }

        // A refusal that can't be told whose it is must not pass for a success.
        if (told < status.Failed || status.Processed + status.Failed < rows)
        {
            throw new SegmentPushException(
                "ImportIncomplete",
                $"The import {status.BatchId} had {rows} people; Marketo counts {status.Processed} processed and {status.Failed} failed, and names {told} of these.",
                "Look at the list in Marketo and push the segment again; ask Adobe support about this import if it lasts.",
                status.BatchId);
        }

        settlement.Settle(import with { Outcome = PersonOutcome.Added, Change = ChangeOf(import) }, others, open);
        _ambiguous.AddRange(open);
    }

    private SettledPerson Refused(ImportedPerson imported, ImportReject refusal) => new(
        PersonOf(imported, refusal), PersonOutcome.Rejected, PersonChange.Unknown, imported.MarketoId, "ImportRefused", refusal.Reason);

    private Person PersonOf(ImportedPerson imported, ImportReject reject) =>
        new(imported.Source, imported.Row, imported.MarketoId is null ? reject.Cells[0].Trim() : imported.Identity, ImportFile.ValuesOf(target, reject.Cells))
        {
            IdentityHash = imported.Mark?.IdentityHash ?? default,
            SentHash = imported.Mark?.SentHash ?? 0,
            MemberNumber = imported.Mark?.Number,
        };

    // An import of people who may exist does not tell whom it created.
    private PersonChange ChangeOf(ImportEntry import) =>
        import.LookupField == ImportFile.IdField ? target.WritesExisting ? PersonChange.Updated : PersonChange.Unchanged
        : target.ImportsByIdentity ? PersonChange.Unknown
        : PersonChange.Created;

    // Marketo's words for code 1007, which imports give without the code.
    private static bool IsAmbiguous(ImportedPerson imported, ImportReject refusal) =>
        imported.MarketoId is null
        && LeadLookup.CanLookUp(refusal.Cells[0].Trim())
        && (refusal.Reason.Contains("multiple lead", StringComparison.OrdinalIgnoreCase) || refusal.Reason.Contains("1007", StringComparison.Ordinal));

    private Dictionary<string, ImportReject> ByKey(ImportEntry import, IReadOnlyList<ImportReject> rejects)
    {
        var byKey = new Dictionary<string, ImportReject>(StringComparer.OrdinalIgnoreCase);
        foreach (var reject in rejects) byKey[import.LookupField == ImportFile.IdField ? reject.Cells[0].Trim() : settlement.KeyOf(reject.Cells[0].Trim())] = reject;
        return byKey;
    }
}
