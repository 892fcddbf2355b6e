using System.Globalization;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Uploads import files, waits until Marketo has imported them, and settles their people.</summary>
internal sealed class ImportRun(PushTarget target, MarketoConnection connection, Settlement settlement, RowsAgain rowsAgain, BulkOptions options)
{
    // How often the files of an import are asked for again where they don't account for all of its failures.
    private const int MostRepeats = 2;

    private readonly List<Person> _ambiguous = [], _gone = [];

    /// <summary>Imports a file whose people are in the journal.</summary>
    /// <exception cref="SegmentPushException">Its people are not delivered, or it is not known.</exception>
    public async Task RunAsync(ImportFile file, CancellationToken cancellation)
    {
        var import = file.Entry with { State = ImportFileState.Uploading };
        var (status, uploaded) = await StartAsync(import, file, cancellation).ConfigureAwait(false);
        int rows = file.Rows;
        import = import with { State = ImportFileState.Accepted, Uploaded = uploaded, BatchId = status.BatchId };
        settlement.Imports.RecordAccepted(import, file.OneOfSeveral);
        file.Dispose();
        status = await AwaitEndAsync(status, rows, cancellation).ConfigureAwait(false);
        if (status.State == ImportState.Failed)
        {
            throw new SegmentPushException(
                "ImportFailed",
                $"Marketo gave the import {status.BatchId} up: {status.Message}",
                "Resume-SegmentPush uploads its people again; if it lasts, use -Delivery Sync and ask Adobe support about this import.",
                status.BatchId);
        }

        if (await FindFaultAsync(import, status, rows, cancellation).ConfigureAwait(false) is not { } fault) return;
        throw new SegmentPushException(
            SegmentPushException.ImportIncomplete,
            $"The import {status.BatchId} is over, but it is not known which of its people it took: {fault}",
            "Resume-SegmentPush sends these people again by calls, which answer for each person.",
            status.BatchId);
    }

    /// <summary>Waits for an import that another process has begun, and settles its people.</summary>
    /// <param name="import">The import.</param>
    /// <param name="readsAgain">Whether its people are read again instead, because the list may have lost them since.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The state of the import file then: settled, lost or unaccounted.</returns>
    public async Task<ImportFileState> ResumeAsync(ImportEntry import, bool readsAgain, CancellationToken cancellation)
    {
        var status = await connection.Imports.FindAsync(import.BatchId!.Value, cancellation).ConfigureAwait(false);
        long rows = settlement.Imports.CountPeople(import);
        if (status is not null) status = await AwaitEndAsync(status, rows, cancellation).ConfigureAwait(false);
        if (readsAgain || status is null or { State: ImportState.Failed }) return ImportFileState.Lost;
        var fault = await FindFaultAsync(import, status, rows, cancellation).ConfigureAwait(false);
        return fault is null ? ImportFileState.Settled : ImportFileState.Unaccounted;
    }

    /// <summary>
    /// Takes people that an import has left open: several people in Marketo have the identity, or nobody has the id any more. Sync calls find out which one
    /// to take, and may create a person. No rows are read meanwhile: a file with ids lacks what is sent of new people alone.
    /// </summary>
    public IReadOnlyList<Person> TakeOpen(CancellationToken cancellation)
    {
        rowsAgain.FillIn(_gone, cancellation);
        Person[] people = [.. _ambiguous, .. _gone];
        _ambiguous.Clear();
        _gone.Clear();
        return people;
    }

    private async Task<ImportStatus> AwaitEndAsync(ImportStatus status, long rows, CancellationToken cancellation)
    {
        for (var wait = options.FirstPoll; status.State == ImportState.UnderWay; wait = BulkOptions.Next(wait, options.LongestPoll))
        {
            WorkWaits.Tell(WaitFor(status, rows));
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
            status = await connection.Imports.GetAsync(status.BatchId, cancellation).ConfigureAwait(false);
        }

        WorkWaits.End();
        return status;
    }

    private static WorkWait WaitFor(ImportStatus status, long rows)
    {
        long done = Math.Min(status.Processed + status.Failed, rows);
        return new WorkWait(
            $"Import {status.BatchId}",
            $"{Counted.Number(done)} of {Counted.Rows(rows)}",
            rows == 0 ? null : (double)done / rows);
    }

    // Each attempt is noted with its moment: a process that ends leaves it to others how long the call may still run.
    private async Task<(ImportStatus Status, DateTimeOffset Uploaded)> StartAsync(ImportEntry import, ImportFile file, CancellationToken cancellation)
    {
        var (uploaded, sent) = (DateTimeOffset.MinValue, 0L);
        bool isSent = false;
        var request = new ImportRequest(file.LookupField, target.StaticList.Id, target.Partition?.Name, file.Bytes, file.Rows) { Sending = Note, NotRun = () => isSent = false };
        long started = connection.Time.GetTimestamp();
        int lost = 0;
        for (var wait = options.FirstPoll; ; wait = BulkOptions.Next(wait, options.LongestPoll))
        {
            try
            {
                var accepted = await connection.Imports.StartAsync(request, cancellation).ConfigureAwait(false);
                WorkWaits.End();
                return (accepted, uploaded);
            }
            catch (AnswerLostException) when (lost < connection.RetryLimit)
            {
                // The list may be taken by this very file now; once it is free, importing the file again changes nothing more. The lost upload is over then
                // only if it can't arrive any more.
                lost++;
                await CallExpiry.WaitAsync(connection.Time.GetElapsedTime(sent), connection.Time, cancellation).ConfigureAwait(false);
            }
            catch (MarketoException e) when (e.Class == MarketoErrorClass.QueueFull && connection.Time.GetElapsedTime(started) < options.LongestQueue)
            {
                // Others import into this list, or the queue is full. That is a turn to wait for, and no fault.
                if (lost == 0 && !e.MayHaveRun) RecordRefused();
                WorkWaits.Tell(WorkWait.For("Waiting for other imports", connection.Time.GetElapsedTime(started), options.LongestQueue));
            }
            catch (Exception e) when (lost == 0 && (!isSent || e is MarketoException { MayHaveRun: false }))
            {
                RecordRefused();
                throw;
            }

            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
        }

        // Marketo imports nothing of the file.
        void RecordRefused() => settlement.Imports.Record(import with { State = ImportFileState.Filling });

        void Note()
        {
            (isSent, uploaded, sent) = (true, connection.MarketoNow, connection.Time.GetTimestamp());
            settlement.Imports.Record(import with { Uploaded = uploaded });
        }
    }

    // Settles the people, or returns why it is not known which of them Marketo took. The files may be ready later than the status says.
    private async Task<MessageText?> FindFaultAsync(ImportEntry import, ImportStatus status, long rows, CancellationToken cancellation)
    {
        var wait = options.FirstPoll;
        for (int repeats = 0; ; repeats++)
        {
            if (await TrySettleAsync(import, status, rows, cancellation).ConfigureAwait(false) is not { } fault) return null;
            if (repeats >= Math.Min(MostRepeats, connection.RetryLimit)) return fault;
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
            wait = BulkOptions.Next(wait, options.LongestPoll);
            status = await connection.Imports.GetAsync(status.BatchId, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<MessageText?> TrySettleAsync(ImportEntry import, ImportStatus status, long rows, CancellationToken cancellation)
    {
        var header = ImportColumns.Of(target, import).Header;
        var failures = status.Failed == 0 ? [] : await connection.Imports.GetFailuresAsync(status.BatchId, header, cancellation).ConfigureAwait(false);
        var warnings = status.Warnings == 0 ? [] : await connection.Imports.GetWarningsAsync(status.BatchId, header, cancellation).ConfigureAwait(false);
        var refused = new RejectedPeople(failures, KeyOf);
        var remarked = new RejectedPeople(warnings, KeyOf);
        var others = new List<SettledPerson>();
        var remarks = new List<ImportRemark>();
        List<Person> ambiguous = [], gone = [];
        bool isWhole = true;
        if (!refused.IsEmpty || !remarked.IsEmpty)
        {
            foreach (var imported in settlement.Imports.GetPeople(import))
            {
                string key = imported.MarketoId?.ToString(CultureInfo.InvariantCulture) ?? imported.Identity;
                if (refused.Find(key) is { } refusal)
                {
                    bool isAmbiguous = IsAmbiguous(imported, refusal);
                    isWhole &= !isAmbiguous || refusal.Cells is not null;
                    if (isAmbiguous) ambiguous.Add(PersonOf(import, imported, refusal));
                    else if (IsGone(imported, refusal)) gone.Add(GoneOf(import, imported, refusal));
                    else others.Add(Refused(import, imported, refusal));
                }
                else if (remarked.Find(key) is { } remark)
                {
                    remarks.Add(new ImportRemark(imported.Source, imported.Row, "ImportWarning", remark.Reason));
                }
            }
        }

        // A refusal that can't be matched to a person must not count as a success.
        if (refused.Count < status.Failed || !refused.AllRowsAreMatched || !isWhole || status.Processed + status.Failed < rows)
            return $"it had {Counted.Rows(rows)}, Marketo counts {status.Processed} processed and {status.Failed} failed, and {refused.Count} of these can be matched to people.";
        settlement.Imports.Settle(import with { Outcome = PersonOutcome.Added, Change = ChangeOf(import) }, others, remarks, [.. ambiguous, .. gone]);
        _ambiguous.AddRange(ambiguous);
        _gone.AddRange(gone);
        return null;

        string KeyOf(string value) => import.LookupField == ImportColumns.IdField ? value : settlement.KeyOf(value);
    }

    private SettledPerson Refused(ImportEntry import, ImportedPerson imported, ImportReject refusal) => new(
        PersonOf(import, imported, refusal), PersonOutcome.Rejected, PersonChange.Unknown, imported.MarketoId, "ImportRefused", refusal.Reason);

    private Person PersonOf(ImportEntry import, ImportedPerson imported, ImportReject reject)
    {
        var known = imported.Mark is { Number: not null } mark ? settlement.Snapshot.MatchOf(mark.IdentityHash) : default;
        return new(imported.Source, imported.Row, IdentityOf(imported, reject), reject.Cells is null ? default : ImportColumns.Of(target, import).ValuesOf(reject.Cells))
        {
            IdentityHash = imported.Mark?.IdentityHash ?? default,
            SentHash = imported.Mark?.SentHash ?? 0,
            MemberNumber = imported.Mark?.Number,
            MemberId = known.Member?.MarketoId,
            DoubtedMemberId = known.Member?.DoubtedId,
            Twins = known.NumbersOfTwins,
        };
    }

    // Where the id is the one that the snapshot remembers, the member is gone. The lookup before the import has counted the person's remarks.
    private Person GoneOf(ImportEntry import, ImportedPerson imported, ImportReject reject)
    {
        var person = PersonOf(import, imported, reject);
        person.WasGone = person.MemberId == imported.MarketoId;
        person.LeaveUncounted(PersonRemarks.OneOfSeveral);
        return person;
    }

    // The journal may hold a hash of it.
    private string IdentityOf(ImportedPerson imported, ImportReject reject) => imported.MarketoId is not null
        ? imported.Identity
        : reject.Keys.First(key => string.Equals(settlement.KeyOf(key), imported.Identity, StringComparison.OrdinalIgnoreCase));

    // An import of people who may exist does not tell which of them it created.
    private PersonChange ChangeOf(ImportEntry import) =>
        import.LookupField == ImportColumns.IdField ? target.WritesExisting ? PersonChange.Updated : PersonChange.Unchanged
        : target.ImportsByIdentity ? PersonChange.Unknown
        : PersonChange.Created;

    // Marketo's words for code 1004: deleted, or merged, since the id was found. Somebody else may have the identity by now.
    private bool IsGone(ImportedPerson imported, ImportReject refusal) =>
        imported.MarketoId is not null
        && !settlement.HashesIdentities
        && LeadLookup.CanLookUp(imported.Identity)
        && (refusal.Reason.Contains("lead not found", StringComparison.OrdinalIgnoreCase) || refusal.Reason.Contains("1004", StringComparison.Ordinal));

    // Marketo's words for code 1007, which imports give without the code.
    private bool IsAmbiguous(ImportedPerson imported, ImportReject refusal) =>
        imported.MarketoId is null
        && LeadLookup.CanLookUp(IdentityOf(imported, refusal))
        && (refusal.Reason.Contains("multiple lead", StringComparison.OrdinalIgnoreCase) || refusal.Reason.Contains("1007", StringComparison.Ordinal));
}
