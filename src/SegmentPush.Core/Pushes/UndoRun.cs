using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Puts the membership of a list back as it was before a push: people that it added are taken off, people that it took off are added. Nobody
/// is deleted from Marketo, and no field is written.
/// </summary>
internal sealed class UndoRun
{
    private readonly UndoOptions _options;
    private readonly PushStatus _undone;
    private readonly PushJournal _journal;
    private readonly PushTarget _target;
    private readonly ListReader _reader;
    private readonly ListBeforeUndoReader _before;
    private readonly MarketoConnection _connection;
    private readonly Action<MessageText> _warn;

    /// <summary>Prepares to undo a push.</summary>
    /// <param name="options">How.</param>
    /// <param name="undone">The push.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="target">The list.</param>
    /// <param name="warn">Is told what the user should know.</param>
    public UndoRun(UndoOptions options, PushStatus undone, PushJournal journal, PushTarget target, Action<MessageText> warn)
    {
        _options = options;
        _undone = undone;
        _journal = journal;
        _target = target;
        _warn = warn;
        _connection = options.Sending.Connection;
        _reader = new ListReader(_connection, target.StaticList.Id, target.Mapping.IdentityField.Name, options.Sending.Bulk, warn);
        _before = new ListBeforeUndoReader(undone, target.StaticList.Id, journal, _reader, warn);
    }

    /// <summary>Makes the plan of the undo.</summary>
    /// <param name="tell">Takes what would be done with each person; null for nobody.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<PushPlan> PlanAsync(Action<PersonPlan>? tell, CancellationToken cancellation)
    {
        long calls = _connection.Calls;
        var edits = LostRemovals.EditsOf(_journal, _undone);
        using var snapshot = await LoadSnapshotAsync(cancellation).ConfigureAwait(false);
        var listed = await _before.ReadAsync(edits, snapshot, cancellation).ConfigureAwait(false);
        calls = _connection.Calls - calls;
        var decided = Decide(edits, listed, snapshot);
        long remove = decided.LongCount(undo => undo.Action == ListAction.Remove), add = decided.LongCount(undo => undo.Action == ListAction.Add);

        // If the extract after the undo does not show it, Marketo is asked about all these people.
        calls = 2 + (2 * calls) + Batches(add) + Batches(remove) + (_reader.IsExtract ? Batches(add + remove) : 0);
        WarnOfCreated(edits);
        if (tell is not null) foreach (var undo in decided) tell(PlanOf(undo));
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
            DeliveryReason = MessageText.Say("Additions and removals of a list go by sync calls."),
            Received = edits.Count,
            WouldMatch = edits.Count,
            WouldCreate = 0,
            WouldUpdate = 0,
            WouldAdd = add,
            WouldRemove = remove,
            Unchanged = decided.LongCount(undo => undo.Action == ListAction.Leave),
            GuardReason = FindGuardReason(listed.Ids.Count, remove) is { } reason ? WouldStop(reason, remove) : null,
            WouldReject = 0,
            Unmatched = 0,
            Duplicate = 0,
            MultipleMatches = 0,
            Calls = calls,
            QuotaShare = (double)calls / _connection.DailyCallQuota,
            Duration = PushPlanner.Estimate(calls, _connection),
        };

        static long Batches(long people) => (people + StaticLists.MaxRecords - 1) / StaticLists.MaxRecords;
    }

    /// <summary>Executes the undo: removes the people that the push added, adds those that it removed, and reads the list back.</summary>
    /// <returns>Whether the list was read back and agrees.</returns>
    /// <exception cref="SegmentPushException">The guard stops it before the first removal (<c>GuardStopped</c>).</exception>
    public async Task<bool> RunAsync(Settlement settlement, CancellationToken cancellation)
    {
        var edits = LostRemovals.EditsOf(_journal, _undone);
        _before.TakeIn(edits);
        using var snapshot = await LoadSnapshotAsync(cancellation).ConfigureAwait(false);
        if (FindGeneration() is { } generation) settlement.Snapshot.Use(generation);
        var before = await _before.ReadInFullAsync(edits, snapshot, cancellation).ConfigureAwait(false);
        settlement.SaveListSums(PushReceipt.TextOf(new ListSums { Before = before.Ids.Count }));
        var people = PeopleOf(Decide(edits, before, snapshot), snapshot);
        settlement.Receive([.. people.Select(undo => undo.Person)]);
        settlement.Settle([.. people.Where(undo => undo.Decided.Action == ListAction.Leave).Select(undo => SettledOf(undo.Person, undo.Decided))]);
        Person[] off = [.. people.Where(undo => undo.Decided.Action == ListAction.Remove).Select(undo => undo.Person)];
        Person[] on = [.. people.Where(undo => undo.Decided.Action == ListAction.Add).Select(undo => undo.Person)];
        CheckGuard(before.Ids.Count, off.Length);
        WarnOfCreated(edits);
        var added = await AddAsync(on, settlement, cancellation).ConfigureAwait(false);
        await new ListRemovals(_target, _connection, settlement).DeliverAsync([.. off.Select(person => new Removal(person))], cancellation).ConfigureAwait(false);
        var proof = new UndoProof(settlement, _journal, _reader, _target.StaticList.Id, _connection.Time)
        {
            Snapshot = snapshot is not null && FindGeneration() is { } known ? (known, snapshot) : null,
        };
        var sums = await proof.ReadBackAsync(before, added, off, _undone.Added + _undone.AlreadyMember, cancellation).ConfigureAwait(false);
        settlement.SaveListSums(PushReceipt.TextOf(sums));
        return sums.Agree == true;
    }

    private void WarnOfCreated(IReadOnlyList<ListEdit> edits)
    {
        if (edits.Count(edit => edit.Change == PersonChange.Created) is > 0 and var created)
            _warn(MessageText.Plural(
                created,
                $"{created:N0} person that the push created stays in Marketo: Get-PushStatus -Id {_undone.ShortId} -Outcome All | Where-Object Change -eq Created names the person.",
                $"{created:N0} people that the push created stay in Marketo: Get-PushStatus -Id {_undone.ShortId} -Outcome All | Where-Object Change -eq Created names them."));
        if (!_undone.ChangesAreKnown && _undone.PersonCreation != PersonCreation.MatchExisting && edits.Any(edit => edit is { Outcome: PersonOutcome.Added, Change: not PersonChange.Created }))
            _warn("Where an import of the push has created people, they stay in Marketo. An import does not tell who they are.");
    }

    // What others have done meanwhile is left alone.
    private static SettledPerson SettledOf(Person person, UndoDecision decided) => new(
        person,
        decided.OutcomeIfLeft,
        PersonChange.Unchanged,
        person.MarketoId,
        decided.Code,
        decided.Reason);

    private List<(UndoDecision Decided, Person Person)> PeopleOf(IReadOnlyList<UndoDecision> decided, Snapshot? snapshot)
    {
        var ids = decided.Where(undo => undo.MarketoId is not null).Select(undo => undo.MarketoId!.Value).ToHashSet();
        var numbers = new Dictionary<long, int>();
        foreach (var member in snapshot?.Members() ?? [])
        {
            if (member.MarketoId is { } id && ids.Contains(id)) numbers[id] = member.Number;
        }

        using var hash = _journal.Identities.OpenHash();
        return [.. decided.Select((undo, i) => (undo, PersonOf(undo, i + 1)))];

        Person PersonOf(UndoDecision undo, int row) => new(0, row, undo.Edit.Identity, default)
        {
            MarketoId = undo.MarketoId,
            MemberId = undo.MarketoId,
            MemberNumber = undo.MarketoId is { } id && numbers.TryGetValue(id, out int number) ? number : null,
            IdentityHash = undo.Edit.IdentityHash ?? (undo.MarketoId is { } known ? hash.HashOf(known) : default),
        };
    }

    // Returns the ids of the people who are on the list then, and whether the undo has put them there.
    private async Task<Dictionary<long, bool>> AddAsync(IReadOnlyList<Person> people, Settlement settlement, CancellationToken cancellation)
    {
        var added = new Dictionary<long, bool>();

        // If this process is killed, an undo of this undo knows these people.
        settlement.RecordWritten(people, _connection.MarketoNow);
        var byId = people.ToLookup(person => person.MarketoId!.Value);
        await AdditionCalls.AddAsync(
            _connection,
            _target.StaticList.Id,
            [.. byId.Select(same => same.Key)],
            left: ids => settlement.RecordNotAdded(ids.SelectMany(id => byId[id])),
            taken: results =>
            {
                foreach (var (id, result) in results.Where(result => result.Value.Status is RecordStatus.Added or RecordStatus.MemberOf)) added[id] = IsAddition(result);
                settlement.Settle([.. results.SelectMany(result => byId[result.Key].Select((person, i) => AdditionOf(person, result.Value, isFirst: i == 0)))]);
            },
            cancellation).ConfigureAwait(false);
        return added;
    }

    // The list did not hold the person, and a call whose answer was lost may have put the person there.
    private static bool IsAddition(RecordResult result) => result is { Status: RecordStatus.Added } or { Status: RecordStatus.MemberOf, MayBeDoneBefore: true };

    // A person that the push has taken off several times, because others put the person back meanwhile, comes back once.
    private static SettledPerson AdditionOf(Person person, RecordResult result, bool isFirst) => result switch
    {
        _ when isFirst && IsAddition(result) => new SettledPerson(person, PersonOutcome.Added, PersonChange.Unchanged, person.MarketoId),
        { Status: RecordStatus.Added or RecordStatus.MemberOf } => new SettledPerson(person, PersonOutcome.AlreadyMember, PersonChange.Unchanged, person.MarketoId),
        { Code: RecordCodes.NotFound } => new SettledPerson(
            person, PersonOutcome.Unmatched, PersonChange.Unchanged, person.MarketoId, RecordCodes.NotFound, MessageText.Say("Marketo no longer knows this person.")),
        _ => SettledPerson.Refused(person, result, PersonChange.Unchanged),
    };

    private IReadOnlyList<UndoDecision> Decide(IReadOnlyList<ListEdit> edits, ListBeforeUndo listed, Snapshot? snapshot)
    {
        var decided = UndoDecision.Of(edits, listed, snapshot);
        if (listed.UnseenCount is > 0 and var unseen && decided.Any(undo => undo is { Action: ListAction.Remove, Edit.MarketoId: null }))
        {
            _warn(MessageText.Plural(
                unseen,
                $"{unseen:N0} person that an import put on the list before this push is not found on it by identity, and an import tells no ids. "
                + $"If others gave the person another identity, and the push imported the person by it, the undo takes the person off: -WhatIf -Detailed shows each person who leaves.",
                $"{unseen:N0} people that imports put on the list before this push are not found on it by identity, and an import tells no ids. "
                + $"If others gave such a person another identity, and the push imported the person by it, the undo takes the person off: -WhatIf -Detailed shows each person who leaves."));
        }

        return decided;
    }

    private SnapshotGeneration? FindGeneration() =>
        _journal.Snapshots.Find(SnapshotKey.Of(_undone.Instance, _target.StaticList.Id, _target.Mapping.IdentityField.Name));

    private async Task<Snapshot?> LoadSnapshotAsync(CancellationToken cancellation) => FindGeneration() is { } generation
        ? await Snapshot.LoadAsync(_journal.Snapshots, generation, _journal.Identities.OpenHash(), null, cancellation).ConfigureAwait(false)
        : null;

    private static PersonPlan PlanOf(UndoDecision undo) => new()
    {
        Source = SourceEntry.StaticList.Name,
        Row = null,
        Action = undo.Action switch
        {
            ListAction.Add => PersonAction.Add,
            ListAction.Remove => PersonAction.Remove,
            _ => PersonAction.Unchanged,
        },
        Identity = undo.Edit.Identity.Length == 0 ? null : undo.Edit.Identity,
        MarketoId = undo.MarketoId ?? undo.Edit.MarketoId,
        Code = undo.Code,
        Reason = undo.Reason,
    };

    private void CheckGuard(long members, long removals)
    {
        if (!_options.Force && FindGuardReason(members, removals) is { } reason) throw Stopped(reason, removals);
    }

    private string WouldStop(MessageText reason, long removals)
    {
        MessageText wouldStop = $"The guard would stop the undo of the push {_undone.ShortId} before the first of {Counted.Removals(removals)}: {reason}.";
        return (_options.Force ? RemovalGuard.LetThrough(wouldStop) : wouldStop).ToString();
    }

    private SegmentPushException Stopped(MessageText reason, long removals) => new(
        SegmentPushException.GuardStopped,
        $"The guard stopped the undo of the push {_undone.ShortId} before the first of {Counted.Removals(removals)}: {reason}.",
        $"Look at what it would do (Undo-SegmentPush -Id {_undone.ShortId} -WhatIf -Detailed); if that is right, undo it with -MaxRemovals {removals}, or with -Force.",
        _undone.Id);

    // A number that the user gives for this undo stands for the percentage as well.
    private MessageText? FindGuardReason(long members, long removals)
    {
        if (_options.MaxRemovals is { } most) return RemovalGuard.FindReason(new GuardLimits(most, 100, 100), new RemovalShare(members, removals));
        var destination = _undone.Destination is { } name && _journal.Destinations.Find(name) is not null ? SavedDestinations.GetUncounted(_journal, name) : null;
        var limits = destination is null ? new GuardLimits(null, SegmentDestination.DefaultMaxRemovalPercent, 100) : DestinationOptions.LimitsOf(destination);
        return RemovalGuard.FindReason(limits, new RemovalShare(members, removals));
    }
}
