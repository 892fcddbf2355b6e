using System.Threading.Channels;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Delivers by import files. People who may be created are imported by their identity; all others are looked up first and
/// imported by id, which can't create. One file is imported at a time, as a list takes it, while the next one is filled.
/// </summary>
internal sealed class BulkDelivery(PushTarget target, MarketoConnection connection, Settlement settlement, BulkOptions options) : IDelivery
{
    private const int StagedAtOnce = 8_000;
    private const int MatchOnlyAtOnce = 3_000;

    private readonly ImportRun _imports = new(target, connection, settlement, options);
    private readonly Lock _lock = new();
    private ImportFile? _byIdentity;
    private ImportFile? _byId;
    private readonly List<Person> _matchOnly = [];
    private Task _importing = Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DeliverAsync(ChannelReader<IReadOnlyList<Person>> people, CancellationToken cancellation)
    {
        try
        {
            if (target.ImportsByIdentity)
            {
                await foreach (var batch in people.ReadAllAsync(cancellation).ConfigureAwait(false))
                {
                    await AddAsync(TakeOutMatchOnly(batch), byId: false, cancellation).ConfigureAwait(false);
                    if (_matchOnly.Count >= MatchOnlyAtOnce) await DeliverMatchOnlyAsync(cancellation).ConfigureAwait(false);
                }
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
        await _imports.DeliverAmbiguousAsync(cancellation).ConfigureAwait(false);
        await DeliverMatchOnlyAsync(cancellation).ConfigureAwait(false);
    }

    // An import would create people with addresses that nobody is created with.
    private IReadOnlyList<Person> TakeOutMatchOnly(IReadOnlyList<Person> people)
    {
        if (!people.Any(person => person.IsMatchOnly)) return people;
        _matchOnly.AddRange(people.Where(person => person.IsMatchOnly));
        return [.. people.Where(person => !person.IsMatchOnly)];
    }

    private async Task DeliverMatchOnlyAsync(CancellationToken cancellation)
    {
        if (_matchOnly.Count == 0) return;

        // Nobody else works on the list meanwhile.
        await _importing.ConfigureAwait(false);
        var people = Channel.CreateUnbounded<IReadOnlyList<Person>>();
        foreach (var batch in _matchOnly.Chunk(SegmentIntake.BatchSize)) people.Writer.TryWrite(batch);
        people.Writer.Complete();
        _matchOnly.Clear();
        await new SyncDelivery(target, connection, settlement).DeliverAsync(people.Reader, cancellation).ConfigureAwait(false);
    }

    // Who fills a file waits for the import of the one before, which bounds the memory.
    private Task HandAsync(ImportFile file, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var before = _importing;
            _importing = ImportAfterAsync(before, file, cancellation);
            return before;
        }
    }

    private async Task ImportAfterAsync(Task before, ImportFile file, CancellationToken cancellation)
    {
        using var handed = file;
        await before.ConfigureAwait(false);
        await Task.Yield();
        file.Stage(settlement);
        if (file.Rows > 0) await _imports.RunAsync(file, cancellation).ConfigureAwait(false);

        // What the set of identities outgrew is old; left alone, it would stay until long after.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }

    private async Task FindAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        // One value that can't be looked up must not end the push for all.
        settlement.Settle([.. people.Where(person => !LeadLookup.CanLookUp(person.Identity)).Select(person => SettledPerson.NotSearchable(person, target.Mapping))]);
        people = [.. people.Where(person => LeadLookup.CanLookUp(person.Identity))];
        var (found, others) = await PersonMatches.FindAsync(connection, target, settlement, people, cancellation).ConfigureAwait(false);
        await AddAsync(found, byId: true, cancellation).ConfigureAwait(false);
        if (!target.Creates)
        {
            settlement.Settle([.. others.Select(person => SettledPerson.Unmatched(person, target.Mapping))]);
            return;
        }

        settlement.Settle([.. others.Where(person => person.IsMatchOnly).Select(SettledPerson.NotCreated)]);
        await AddAsync([.. others.Where(person => !person.IsMatchOnly)], byId: false, cancellation).ConfigureAwait(false);
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
                file ??= NewFile(byId);
                if (file.TryAdd(person)) continue;
                full.Add(file);
                file = NewFile(byId);
                if (!file.TryAdd(person))
                {
                    settlement.Settle([new SettledPerson(
                        person, PersonOutcome.Rejected, Code: "RecordTooLarge", Reason: "This person's fields are larger than an import file may be; shorten them.")]);
                }
            }

            if (file?.Unstaged >= StagedAtOnce) file.Stage(settlement);
        }

        return full;
    }

    private ImportFile NewFile(bool byId) => new(target, settlement.BeginImport(), byId, options.MaxFileBytes);
}
