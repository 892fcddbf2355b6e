using System.Threading.Channels;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Delivers by import files. People who may be created are imported by their identity; all others are looked up first and
/// imported by id, which can't create. One file is imported at a time, as a list takes it, while the next is filled.
/// </summary>
internal sealed class BulkDelivery(PushTarget target, MarketoConnection connection, Settlement settlement, BulkOptions options) : IDelivery
{
    private readonly Lock _lock = new();
    private readonly List<Person> _ambiguous = [];
    private ImportFile? _byIdentity;
    private ImportFile? _byId;

    /// <inheritdoc/>
    public async Task DeliverAsync(ChannelReader<IReadOnlyList<Person>> people, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        // One file waits while another is imported: that bounds the memory.
        var files = Channel.CreateBounded<ImportFile>(new BoundedChannelOptions(1) { SingleReader = true });
        var filling = Task.Run(() => FillAsync(people, files.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var file in files.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                using (file) await ImportAsync(file, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await filling.ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
            while (files.Reader.TryRead(out var left)) left.Dispose();
            _byIdentity?.Dispose();
            _byId?.Dispose();
        }

        await filling.ConfigureAwait(false);
        await DeliverAmbiguousAsync(cancellation).ConfigureAwait(false);
    }

    private async Task FillAsync(
        ChannelReader<IReadOnlyList<Person>> people, ChannelWriter<ImportFile> files, CancellationToken cancellation)
    {
        Exception? fault = null;
        try
        {
            if (target.ImportsByIdentity)
            {
                await foreach (var batch in people.ReadAllAsync(cancellation).ConfigureAwait(false))
                    await AddAsync(batch, byId: false, files, cancellation).ConfigureAwait(false);
            }
            else
            {
                var parallel = new ParallelOptions { MaxDegreeOfParallelism = connection.MaxConcurrency, CancellationToken = cancellation };
                await Parallel.ForEachAsync(
                    people.ReadAllAsync(cancellation), parallel, async (batch, _) => await FindAsync(batch, files, cancellation).ConfigureAwait(false))
                    .ConfigureAwait(false);
            }

            foreach (var file in new[] { _byIdentity, _byId })
            {
                if (file is { Rows: > 0 }) await files.WriteAsync(file, cancellation).ConfigureAwait(false);
                else file?.Dispose();
            }

            _byIdentity = _byId = null;
        }
        catch (Exception e)
        {
            fault = e;
            throw;
        }
        finally
        {
            files.Complete(fault);
        }
    }

    private async Task FindAsync(IReadOnlyList<Person> people, ChannelWriter<ImportFile> files, CancellationToken cancellation)
    {
        var (found, others) = await PersonMatches.FindAsync(connection, target, settlement, people, cancellation).ConfigureAwait(false);
        foreach (var person in found) person.Change = target.WritesExisting ? PersonChange.Updated : PersonChange.Unchanged;
        await AddAsync(found, byId: true, files, cancellation).ConfigureAwait(false);
        if (!target.Creates)
        {
            settlement.Settle([.. others.Select(person => SettledPerson.Unmatched(person, target.Mapping))]);
            return;
        }

        foreach (var person in others) person.Change = PersonChange.Created;
        await AddAsync(others, byId: false, files, cancellation).ConfigureAwait(false);
    }

    private async Task AddAsync(IReadOnlyList<Person> people, bool byId, ChannelWriter<ImportFile> files, CancellationToken cancellation)
    {
        foreach (var full in Add(people, byId)) await files.WriteAsync(full, cancellation).ConfigureAwait(false);
    }

    // The files that became full.
    private List<ImportFile> Add(IReadOnlyList<Person> people, bool byId)
    {
        var full = new List<ImportFile>();
        lock (_lock)
        {
            ref var file = ref byId ? ref _byId : ref _byIdentity;
            foreach (var person in people)
            {
                file ??= new ImportFile(target, byId, options.MaxFileBytes);
                if (file.TryAdd(person)) continue;
                full.Add(file);
                file = new ImportFile(target, byId, options.MaxFileBytes);
                if (!file.TryAdd(person))
                {
                    settlement.Settle([new SettledPerson(
                        person, PersonOutcome.Rejected, Code: "RecordTooLarge", Reason: "This person's fields are larger than an import file may be; shorten them.")]);
                }
            }
        }

        return full;
    }

    private async Task ImportAsync(ImportFile file, CancellationToken cancellation)
    {
        var status = await StartAsync(file, cancellation).ConfigureAwait(false);
        for (var wait = options.FirstPoll; status.State == ImportState.UnderWay; wait = Min(wait * 1.5, options.LongestPoll))
        {
            await Task.Delay(wait, connection.Time, cancellation).ConfigureAwait(false);
            status = await connection.Imports.GetAsync(status.BatchId, cancellation).ConfigureAwait(false);
        }

        if (status.State == ImportState.Failed)
        {
            throw new SegmentPushException(
                "ImportFailed",
                $"Marketo gave the import {status.BatchId} up: {status.Message}",
                "Push the segment again; if it lasts, use -Delivery Sync and ask Adobe support about this import.",
                status.BatchId);
        }

        await SettleAsync(file, status, cancellation).ConfigureAwait(false);
    }

    private async Task<ImportStatus> StartAsync(ImportFile file, CancellationToken cancellation)
    {
        var request = new ImportRequest(file.LookupField, target.StaticList.Id, target.Partition?.Name, file.Bytes, file.Rows);
        long started = connection.Time.GetTimestamp();
        for (var wait = options.FirstPoll; ; wait = Min(wait * 1.5, options.LongestPoll))
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

    private async Task SettleAsync(ImportFile file, ImportStatus status, CancellationToken cancellation)
    {
        var failures = status.Failed == 0 ? [] : await connection.Imports.GetFailuresAsync(status.BatchId, cancellation).ConfigureAwait(false);
        var warnings = status.Warnings == 0 ? [] : await connection.Imports.GetWarningsAsync(status.BatchId, cancellation).ConfigureAwait(false);
        var refused = ByKey(failures, file);
        var remarked = ByKey(warnings, file);

        // A refusal that can't be told whose it is must not pass for a success.
        if (refused.Count < status.Failed || status.Processed + status.Failed < file.Rows)
        {
            throw new SegmentPushException(
                "ImportIncomplete",
                $"The import {status.BatchId} had {file.Rows} people; Marketo counts {status.Processed} processed and {status.Failed} failed, and names {refused.Count} of these.",
                "Look at the list in Marketo and push the segment again; ask Adobe support about this import if it lasts.",
                status.BatchId);
        }

        var settled = new List<SettledPerson>();
        foreach (var (key, people) in file.People)
        {
            string? refusal = refused.GetValueOrDefault(key);
            foreach (var person in people)
            {
                if (refusal is not null && IsAmbiguous(refusal) && LeadLookup.CanLookUp(person.Identity) && person.MarketoId is null) _ambiguous.Add(person);
                else if (refusal is not null) settled.Add(new SettledPerson(person, PersonOutcome.Rejected, PersonChange.Unknown, person.MarketoId, "ImportRefused", refusal));
                else
                {
                    string? remark = remarked.GetValueOrDefault(key);
                    settled.Add(new SettledPerson(
                        person, PersonOutcome.Added, person.Change, person.MarketoId, remark is null ? null : "ImportWarning", remark));
                }
            }
        }

        settlement.Settle(settled);
    }

    // Marketo's words for code 1007, which imports give without the code.
    private static bool IsAmbiguous(string reason) =>
        reason.Contains("multiple lead", StringComparison.OrdinalIgnoreCase) || reason.Contains("1007", StringComparison.Ordinal);

    // An import does not say which of several people to take; sync calls find out.
    private async Task DeliverAmbiguousAsync(CancellationToken cancellation)
    {
        if (_ambiguous.Count == 0) return;
        var people = Channel.CreateUnbounded<IReadOnlyList<Person>>();
        foreach (var batch in _ambiguous.Chunk(SegmentIntake.BatchSize)) people.Writer.TryWrite(batch);
        people.Writer.Complete();
        await new SyncDelivery(target, connection, settlement).DeliverAsync(people.Reader, cancellation).ConfigureAwait(false);
    }

    private static Dictionary<string, string> ByKey(IReadOnlyList<ImportReject> rejects, ImportFile file)
    {
        var byKey = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var reject in rejects)
        {
            string key = reject.Key.Trim();
            if (file.People.ContainsKey(key)) byKey[key] = reject.Reason;
        }

        return byKey;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
