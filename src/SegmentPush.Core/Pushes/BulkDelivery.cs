using System.Threading.Channels;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Delivers by import files. People who may be created are imported by their identity; all others are looked up first and
/// imported by id, which can't create. One file is imported at a time, as a list takes it, while the next one is filled.
/// </summary>
internal sealed class BulkDelivery : IDelivery
{
    private const int EnteredAtOnce = 8_000;
    private const int ByCallsAtOnce = 3_000;

    // A file with so many rows leaves some megabytes.
    private const int ManyRows = 20_000;

    private readonly PushTarget _target;
    private readonly MarketoConnection _connection;
    private readonly Settlement _settlement;
    private readonly ImportRun _imports;
    private readonly ImportGroups _byIdentity;
    private readonly ImportGroups _byId;
    private readonly Lock _lock = new();
    private List<Person> _byCalls = [];
    private List<Person> _foundByCalls = [];
    private Task _importing = Task.CompletedTask;

    public BulkDelivery(PushTarget target, MarketoConnection connection, Settlement settlement, RowsAgain rows, BulkOptions options)
    {
        _target = target;
        _connection = connection;
        _settlement = settlement;
        _imports = new ImportRun(target, connection, settlement, rows, options);
        _byIdentity = Groups(byId: false);
        _byId = Groups(byId: true);

        ImportGroups Groups(bool byId) => new(
            ImportColumns.All(target, byId),
            columns => new ImportFile(columns, settlement.Imports.Begin(), options.MaxFileBytes),
            options.LeastPeoplePerFile);
    }

    /// <inheritdoc/>
    public async Task DeliverAsync(ChannelReader<IReadOnlyList<Person>> people, CancellationToken cancellation)
    {
        try
        {
            if (_target.ImportsByIdentity)
            {
                await foreach (var batch in people.ReadAllAsync(cancellation).ConfigureAwait(false))
                    await AddAsync(TakeOutMatchOnly(batch), byId: false, cancellation).ConfigureAwait(false);
            }
            else
            {
                var parallel = new ParallelOptions { MaxDegreeOfParallelism = _connection.MaxConcurrency, CancellationToken = cancellation };
                await Parallel.ForEachAsync(
                    people.ReadAllAsync(cancellation), parallel, async (batch, _) => await FindAsync(batch, cancellation).ConfigureAwait(false))
                    .ConfigureAwait(false);
            }

            foreach (var file in TakeFiles()) await HandAsync(file, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _byIdentity.Dispose();
            _byId.Dispose();
            await _importing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _importing.ConfigureAwait(false);
        var open = _imports.TakeOpen(cancellation);
        lock (_lock) _byCalls.AddRange(open);
        await DeliverByCallsAsync(least: 1, cancellation).ConfigureAwait(false);
    }

    // An import would create people with addresses that nobody is created with.
    private IReadOnlyList<Person> TakeOutMatchOnly(IReadOnlyList<Person> people)
    {
        if (!people.Any(person => person.IsMatchOnly)) return people;
        lock (_lock) _byCalls.AddRange(people.Where(person => person.IsMatchOnly));
        return [.. people.Where(person => !person.IsMatchOnly)];
    }

    // An import has one change for all its people, and does not tell who was on the list.
    private IReadOnlyList<Person> TakeOutForCalls(IReadOnlyList<Person> found)
    {
        var byCalls = found.Where(person => MayBeOwnCreation(person) || IsMemberOtherwise(person)).ToHashSet();
        if (byCalls.Count == 0) return found;
        lock (_lock) _foundByCalls.AddRange(byCalls);
        return [.. found.Where(person => !byCalls.Contains(person))];
    }

    // An earlier process of this push has created the person, or its import may have done so.
    private static bool MayBeOwnCreation(Person person) => person.WasCreated || person.MayBeCreated;

    // The snapshot tells who was on the list, except for members that it knows by another identity.
    private bool IsMemberOtherwise(Person person) => person.NumberInSnapshot is null && _settlement.Snapshot.HeldId(person.MarketoId!.Value);

    // People who can't be imported, or for whose set of filled fields a file is not worth its calls.
    private async Task DeliverByCallsAsync(int least, CancellationToken cancellation)
    {
        List<Person> people, found;
        lock (_lock)
        {
            if (_byCalls.Count + _foundByCalls.Count < least) return;
            (people, _byCalls) = (_byCalls, []);
            (found, _foundByCalls) = (_foundByCalls, []);
        }

        // The imports that were handed over so far are over by then.
        await _importing.ConfigureAwait(false);
        var delivery = new SyncDelivery(_target, _connection, _settlement);
        await delivery.DeliverAsync(people, cancellation).ConfigureAwait(false);
        if (found.Count > 0) await delivery.DeliverFoundAsync(found, cancellation).ConfigureAwait(false);
    }

    // Filling the next file waits for the import of the one before, which bounds the memory.
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
        file.Enter(_settlement);
        if (file.Rows > 0) await _imports.RunAsync(file, cancellation).ConfigureAwait(false);

        // What the set of identities outgrew is old; left alone, it would stay until long after.
        if (file.Rows >= ManyRows) Garbage.GiveBack();
    }

    private async Task FindAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        // One value that can't be looked up must not end the push for all.
        _settlement.Settle([.. people.Where(person => !LeadLookup.CanLookUp(person.Identity)).Select(person => SettledPerson.NotSearchable(person, _target.Mapping))]);
        people = [.. people.Where(person => LeadLookup.CanLookUp(person.Identity))];
        var (found, others) = await PersonMatches.FindAsync(_connection, _target, _settlement, people, cancellation).ConfigureAwait(false);
        await AddAsync(TakeOutForCalls(found), byId: true, cancellation).ConfigureAwait(false);
        if (!_target.Creates)
        {
            _settlement.Settle([.. others.Select(person => SettledPerson.Unmatched(person, _target.Mapping))]);
            return;
        }

        _settlement.Settle([.. others.Where(person => person.IsMatchOnly).Select(SettledPerson.NotCreated)]);
        await AddAsync([.. others.Where(person => !person.IsMatchOnly)], byId: false, cancellation).ConfigureAwait(false);
    }

    private async Task AddAsync(IReadOnlyList<Person> people, bool byId, CancellationToken cancellation)
    {
        foreach (var full in Add(people, byId)) await HandAsync(full, cancellation).ConfigureAwait(false);
        await DeliverByCallsAsync(ByCallsAtOnce, cancellation).ConfigureAwait(false);
    }

    // The files that became full.
    private List<ImportFile> Add(IReadOnlyList<Person> people, bool byId)
    {
        var tooLarge = new List<Person>();
        lock (_lock)
        {
            var groups = byId ? _byId : _byIdentity;
            var full = groups.Add(people, tooLarge);
            TakeRare();
            foreach (var file in groups.Files)
            {
                if (file.NotEntered >= EnteredAtOnce) file.Enter(_settlement);
            }

            Reject(tooLarge);
            return full;
        }
    }

    private List<ImportFile> TakeFiles()
    {
        var tooLarge = new List<Person>();
        lock (_lock)
        {
            List<ImportFile> files = [.. _byIdentity.TakeFiles(tooLarge), .. _byId.TakeFiles(tooLarge)];
            TakeRare();
            Reject(tooLarge);
            return files;
        }
    }

    private void TakeRare()
    {
        _byCalls.AddRange(_byIdentity.TakeRare());
        _foundByCalls.AddRange(_byId.TakeRare());
    }

    private void Reject(List<Person> tooLarge) => _settlement.Settle([.. tooLarge.Select(person => new SettledPerson(
        person, PersonOutcome.Rejected, Code: "RecordTooLarge", Reason: MessageText.Say("This person's fields are larger than an import file may be; shorten them.")))]);
}
