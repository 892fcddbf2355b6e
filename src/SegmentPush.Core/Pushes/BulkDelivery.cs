using System.Threading.Channels;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Delivers by import files. People who may be created are imported by their identity; all others are looked up first and
/// imported by id, which can't create. One file is imported at a time, as a list takes it.
/// </summary>
internal sealed class BulkDelivery(PushTarget target, MarketoConnection connection, Settlement settlement, BulkOptions options) : IDelivery
{
    private const int SettledAtOnce = 900;

    private readonly Lock _lock = new();
    private readonly List<Person> _ambiguous = [];
    private ImportFile? _byIdentity;
    private ImportFile? _byId;
    private Task _importing = Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DeliverAsync(ChannelReader<IReadOnlyList<Person>> people, CancellationToken cancellation)
    {
        try
        {
            if (target.ImportsByIdentity)
            {
                await foreach (var batch in people.ReadAllAsync(cancellation).ConfigureAwait(false))
                    await AddAsync(batch, byId: false, cancellation).ConfigureAwait(false);
            }
            else
            {
                var parallel = new ParallelOptions { MaxDegreeOfParallelism = connection.MaxConcurrency, CancellationToken = cancellation };
                await Parallel.ForEachAsync(
                    people.ReadAllAsync(cancellation), parallel, async (batch, _) => await FindAsync(batch, cancellation).ConfigureAwait(false))
                    .ConfigureAwait(false);
            }

            if (Interlocked.Exchange(ref _byIdentity, null) is { } byIdentity) await HandAsync(byIdentity, cancellation).ConfigureAwait(false);
            if (Interlocked.Exchange(ref _byId, null) is { } byId) await HandAsync(byId, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _byIdentity?.Dispose();
            _byId?.Dispose();
            await _importing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _importing.ConfigureAwait(false);
        await DeliverAmbiguousAsync(cancellation).ConfigureAwait(false);
    }

    // A list takes one file at a time. Who fills a file waits for its import, which bounds the memory; those who look people
    // up meanwhile fill the next.
    private Task HandAsync(ImportFile file, CancellationToken cancellation)
    {
        lock (_lock) return _importing = ImportAfterAsync(_importing, file, cancellation);
    }

    private async Task ImportAfterAsync(Task before, ImportFile file, CancellationToken cancellation)
    {
        using var handed = file;
        await before.ConfigureAwait(false);
        if (file.Rows > 0) await ImportAsync(file, cancellation).ConfigureAwait(false);

        // The people of a file are old when they are let go; left alone, they would stay until long after.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }

    private async Task FindAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var (found, others) = await PersonMatches.FindAsync(connection, target, settlement, people, cancellation).ConfigureAwait(false);
        await AddAsync(found, byId: true, cancellation).ConfigureAwait(false);
        if (!target.Creates)
        {
            settlement.Settle([.. others.Select(person => SettledPerson.Unmatched(person, target.Mapping))]);
            return;
        }

        await AddAsync(others, byId: false, cancellation).ConfigureAwait(false);
    }

    private async Task AddAsync(IReadOnlyList<Person> people, bool byId, CancellationToken cancellation)
    {
        foreach (var full in Add(people, byId)) await HandAsync(full, cancellation).ConfigureAwait(false);
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
        file.Dispose();
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
        var refused = ByKey(failures);
        var remarked = ByKey(warnings);

        // A refusal that can't be told whose it is must not pass for a success.
        int told = refused.Count == 0 ? 0 : file.People.Select(file.KeyOf).Where(refused.ContainsKey).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        if (told < status.Failed || status.Processed + status.Failed < file.Rows)
        {
            throw new SegmentPushException(
                "ImportIncomplete",
                $"The import {status.BatchId} had {file.Rows} people; Marketo counts {status.Processed} processed and {status.Failed} failed, and names {told} of these.",
                "Look at the list in Marketo and push the segment again; ask Adobe support about this import if it lasts.",
                status.BatchId);
        }

        // Small enough for arrays that the collector takes away at once.
        foreach (var people in file.People.Chunk(SettledAtOnce))
            settlement.Settle([.. people.Select(person => Settle(file, person, refused, remarked)).OfType<SettledPerson>()]);
    }

    // Null for somebody whom sync calls have to find.
    private SettledPerson? Settle(
        ImportFile file, Person person, Dictionary<string, ImportReject> refused, Dictionary<string, ImportReject> remarked)
    {
        string key = file.KeyOf(person);
        if (!refused.TryGetValue(key, out var refusal))
        {
            var remark = remarked.GetValueOrDefault(key);
            return new SettledPerson(
                person, PersonOutcome.Added, ChangeOf(person), person.MarketoId, remark is null ? null : "ImportWarning", remark?.Reason);
        }

        if (person.MarketoId is null && IsAmbiguous(refusal.Reason) && LeadLookup.CanLookUp(person.Identity))
        {
            file.Restore(person, refusal.Cells, target.Mapping.AttributeFields.Count);
            _ambiguous.Add(person);
            return null;
        }

        return new SettledPerson(person, PersonOutcome.Rejected, PersonChange.Unknown, person.MarketoId, "ImportRefused", refusal.Reason);
    }

    // An import of people who may exist does not tell whom it created.
    private PersonChange ChangeOf(Person person) =>
        person.MarketoId is not null ? target.WritesExisting ? PersonChange.Updated : PersonChange.Unchanged
        : target.ImportsByIdentity ? PersonChange.Unknown
        : PersonChange.Created;

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

    private static Dictionary<string, ImportReject> ByKey(IReadOnlyList<ImportReject> rejects)
    {
        var byKey = new Dictionary<string, ImportReject>(StringComparer.OrdinalIgnoreCase);
        foreach (var reject in rejects) byKey[reject.Cells[0].Trim()] = reject;
        return byKey;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
