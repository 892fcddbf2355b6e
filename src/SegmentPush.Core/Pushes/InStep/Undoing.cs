using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes.InStep;

/// <summary>
/// Puts the membership of a list back as it was before a push: whom it added is taken off, whom it took off is added. Nobody
/// is deleted from Marketo, and no field is written.
/// </summary>
internal sealed class Undoing
{
    private readonly UndoOptions _options;
    private readonly PushStatus _undone;
    private readonly PushJournal _journal;
    private readonly PushTarget _target;
    private readonly ListReading _reading;
    private readonly MarketoConnection _connection;
    private readonly Action<string> _warn;

    /// <summary>Prepares to take a push back.</summary>
    /// <param name="options">How.</param>
    /// <param name="undone">The push.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="target">The list.</param>
    /// <param name="warn">Is told what the user should know.</param>
    public Undoing(UndoOptions options, PushStatus undone, PushJournal journal, PushTarget target, Action<string> warn)
    {
        _options = options;
        _undone = undone;
        _journal = journal;
        _target = target;
        _warn = warn;
        _connection = options.Sending.Connection;
        _reading = new ListReading(_connection, target, options.Sending.Bulk, warn);
    }

    /// <summary>Finds a push that can be taken back.</summary>
    /// <exception cref="SegmentPushException"><c>PushNotFound</c>, <c>PushRunning</c>, <c>NotUndoable</c>, <c>PushNotLast</c>.</exception>
    public static PushStatus Find(PushJournal journal, Guid id, bool force)
    {
        if (journal.GetPushes(new PushFilter { Ids = [id] }) is not [var push]) throw PushJournal.NotFound(id);
        if (push.State == PushState.Running) throw PushJournal.Running(id);
        if (push is { Destination: null, Delivery: Delivery.Bulk, UndoOf: null })
        {
            throw new SegmentPushException(
                "NotUndoable",
                $"The push {id} went by import and for no destination, so it is not known who of its people was on the list before.",
                "Pushes of a destination (New-SegmentDestination) can be undone, however they went.",
                id);
        }

        var all = journal.GetPushes(new PushFilter { StaticListId = push.StaticListId }).Where(other => other.Instance == push.Instance).ToArray();
        var undone = all.Where(other => other is { UndoOf: not null, State: PushState.Completed }).Select(other => other.UndoOf!.Value).ToHashSet();
        var later = all.Where(other => other.Started > push.Started && other.UndoOf is null && !undone.Contains(other.Id) && other.Added + other.Removed > 0).ToArray();
        if (later.Length == 0 || force) return push;
        throw new SegmentPushException(
            "PushNotLast",
            $"{later.Length} pushes have changed the list since the push {id}, the last one {later[0].Id}.",
            "Undo those first, the last one first; with -Force this one alone is undone.",
            id);
    }

    /// <summary>What it would do.</summary>
    public async Task<PushPlan> PlanAsync(CancellationToken cancellation)
    {
        long calls = _connection.Calls;
        var listed = await ReadListAsync(cancellation).ConfigureAwait(false);
        calls = _connection.Calls - calls;
        var edits = GetEdits();
        long remove = edits.LongCount(edit => edit.Outcome == PersonOutcome.Added && (edit.MarketoId is not { } id || listed.Contains(id)));
        long add = edits.LongCount(edit => edit.Outcome == PersonOutcome.Removed && !listed.Contains(edit.MarketoId ?? 0));
        calls = 2 + (2 * calls) + Batches(add) + Batches(remove);
        return new PushPlan
        {
            Instance = _undone.Instance,
            StaticListId = _target.StaticList.Id,
            StaticListName = _target.StaticList.Name,
            Source = [$"push {_undone.Id}"],
            Destination = _undone.Destination,
            Mode = _undone.Mode,
            PersonCreation = PersonCreation.MatchExisting,
            ExistingPeople = ExistingPeople.Keep,
            Delivery = Delivery.Sync,
            DeliveryReason = "Additions and removals of a list go by sync calls.",
            Received = edits.Count,
            WouldMatch = edits.Count,
            WouldCreate = 0,
            WouldUpdate = 0,
            WouldAdd = add,
            WouldRemove = remove,
            WouldReject = 0,
            Unmatched = 0,
            Duplicate = 0,
            MultipleMatches = 0,
            Calls = calls,
            Duration = PushPlanner.Estimate(calls, _connection),
        };

        static long Batches(long people) => (people + StaticLists.MaxRecords - 1) / StaticLists.MaxRecords;
    }

    /// <summary>Does it.</summary>
    /// <returns>Whether the list was read back and agrees.</returns>
    /// <exception cref="SegmentPushException">The guard stops it before the first removal (<c>GuardStopped</c>).</exception>
    public async Task<bool> RunAsync(Settlement settlement, CancellationToken cancellation)
    {
        var before = await ReadListAsync(cancellation).ConfigureAwait(false);
        var edits = GetEdits();
        settlement.Keep(PushReceipt.TextOf(new ListSums { Before = before.Count }));
        if (edits.Count(edit => edit.Change == PersonChange.Created) is > 0 and var created)
            _warn($"{created} people whom the push created stay in Marketo: Get-PushStatus -Id {_undone.Id} -Outcome Added names them.");
        var people = edits.Select((edit, i) => (edit.Outcome, Person: PersonOf(edit, i + 1))).ToArray();
        settlement.Receive([.. people.Select(p => p.Person)]);

        // What others have done meanwhile is left alone.
        var groups = people.ToLookup(p => (p.Outcome, IsListed: p.Person.MarketoId is { } id && before.Contains(id)), p => p.Person);
        settlement.Settle([
            .. groups[(PersonOutcome.Added, false)].Where(person => person.MarketoId is not null)
                .Select(person => new SettledPerson(person, PersonOutcome.NotMember, PersonChange.Unchanged, person.MarketoId)),
            .. groups[(PersonOutcome.Removed, true)]
                .Select(person => new SettledPerson(person, PersonOutcome.AlreadyMember, PersonChange.Unchanged, person.MarketoId)),
        ]);
        Person[] off = [.. groups[(PersonOutcome.Added, true)], .. groups[(PersonOutcome.Added, false)].Where(person => person.MarketoId is null)];
        Person[] on = [.. groups[(PersonOutcome.Removed, false)]];
        if (!_options.Force) Guard.Limit(Limits(), before.Count, off.Length);
        await new SyncDelivery(_target, _connection, settlement).DeliverAgainAsync(on, cancellation).ConfigureAwait(false);
        await new ListRemovals(_target, _connection, settlement).DeliverAsync(off, cancellation).ConfigureAwait(false);

        var after = await ReadListAsync(cancellation).ConfigureAwait(false);
        var status = settlement.Status;
        int addedByOthers = after.Except(before).Except(on.Select(person => person.MarketoId ?? 0)).Count();
        int removedByOthers = before.Except(after).Except(off.Select(person => person.MarketoId ?? 0)).Count();
        var sums = new ListSums
        {
            Before = before.Count,
            Added = status.Added,
            Removed = status.Removed,
            AddedByOthers = addedByOthers,
            RemovedByOthers = removedByOthers,
            After = after.Count,
            ReadBack = _connection.Time.GetUtcNow(),
        };
        settlement.Keep(PushReceipt.TextOf(sums));
        return sums.Agree == true;
    }

    private SegmentDestination Limits()
    {
        var destination = _undone.Destination is { } name && _journal.FindDestination(name) is not null ? DestinationStore.Get(_journal, name) : new SegmentDestination
        {
            Name = _target.StaticList.Name,
            Instance = _undone.Instance,
            StaticListId = _target.StaticList.Id,
            StaticListName = _target.StaticList.Name,
            Mapping = [],
            TimeZone = DestinationSchedule.LocalZone,
        };
        return destination with { MaxRemovals = _options.MaxRemovals ?? destination.MaxRemovals };
    }

    private async Task<HashSet<long>> ReadListAsync(CancellationToken cancellation)
    {
        var ids = new HashSet<long>();
        await foreach (var page in _reading.ReadAsync(_undone.Added + _undone.AlreadyMember, cancellation).ConfigureAwait(false))
        {
            foreach (var person in page) ids.Add(person.Id);
        }

        return ids;
    }

    // With the ids that the snapshot has learnt since, and the numbers by which it knows the people.
    private IReadOnlyList<ListEdit> GetEdits()
    {
        var entry = FindDestination();
        var edits = _journal.GetListEdits(_undone.Id, entry?.Key);
        if (entry is null) return edits;
        _journal.FollowMembers(entry.Key);
        var known = new Dictionary<Hash128, Member>();
        var knownById = new Dictionary<long, Member>();
        var wanted = edits.Where(edit => edit.Mark is not null).Select(edit => edit.Mark!.IdentityHash).ToHashSet();
        var removed = edits.Where(edit => edit is { Outcome: PersonOutcome.Removed, MarketoId: not null }).Select(edit => edit.MarketoId!.Value).ToHashSet();
        foreach (var member in _journal.GetMembers(entry.Key))
        {
            if (wanted.Contains(member.IdentityHash)) known[member.IdentityHash] = member;
            if (member.MarketoId is { } id && removed.Contains(id)) knownById[id] = member;
        }

        return [.. edits.Select(edit => edit switch
        {
            { Outcome: PersonOutcome.Added, Mark: { } mark } when known.TryGetValue(mark.IdentityHash, out var member) =>
                edit with { MarketoId = edit.MarketoId ?? member.MarketoId, Mark = mark with { Number = member.Number } },

            // Whoever has come back since is there under another number.
            { Outcome: PersonOutcome.Removed, Mark: { } mark, MarketoId: { } id } when knownById.TryGetValue(id, out var member) =>
                edit with { Mark = mark with { Number = member.Number } },
            _ => edit,
        })];
    }

    // A destination of the same name may by now be one of another list.
    private DestinationEntry? FindDestination()
    {
        if (_undone.Destination is not { } name || _journal.FindDestination(name) is not { } entry) return null;
        var destination = DestinationStore.Get(_journal, name);
        return destination.Instance == _undone.Instance && destination.StaticListId == _undone.StaticListId ? entry : null;
    }

    private static Person PersonOf(ListEdit edit, int row) => new(0, row, edit.Identity, default)
    {
        MarketoId = edit.MarketoId,
        MemberId = edit.MarketoId,
        MemberNumber = edit.Mark?.Number,
        IdentityHash = edit.Mark?.IdentityHash ?? default,
        IsAgain = true,
    };
}
