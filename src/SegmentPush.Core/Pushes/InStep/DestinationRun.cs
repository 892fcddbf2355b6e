using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes.InStep;

/// <summary>What a push does for its destination before and after its people are delivered: know the list, take off who has left, prove it.</summary>
internal sealed class DestinationRun : IDisposable
{
    private const int PeopleAtOnce = 20_000;

    private static readonly TimeSpan s_remembersLeft = TimeSpan.FromDays(90);

    private readonly DestinationOptions _options;
    private readonly PushOptions _push;
    private readonly PushTarget _target;
    private readonly PushJournal _journal;
    private readonly Settlement _settlement;
    private readonly IReadOnlyList<PushSource> _sources;
    private readonly Action<string> _warn;
    private readonly ListReading _reading;
    private readonly DestinationEntry _entry;
    private readonly RowHash _hash;
    private long _listRow;
    private ListSums _list;
    private Snapshot? _snapshot;
    private int _lastNumber;
    private int _followed;
    private DateTime _loaded;

    private DestinationRun(
        PushOptions push,
        PushTarget target,
        PushJournal journal,
        Settlement settlement,
        IReadOnlyList<PushSource> sources,
        Action<string> warn,
        DestinationEntry entry)
    {
        _push = push;
        _options = push.Destination!;
        _target = target;
        _journal = journal;
        _settlement = settlement;
        _sources = sources;
        _warn = warn;
        _entry = entry;
        _hash = new RowHash(journal.OpenHash(), target);
        _reading = new ListReading(push.Connection, target, push.Bulk, warn);
        _listRow = settlement.GetLastRow(sources.Count);
        _list = PushReceipt.ParseList(journal.GetReceipt(settlement.Status.Id)) ?? new ListSums { Before = -1 };
    }

    private SegmentDestination Destination => _options.Destination;

    /// <summary>Whether the list was read back and agrees.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>Begins: reads what is known of the list, and the list itself where nothing is known, or all is to be set aside.</summary>
    /// <exception cref="SegmentPushException">The destination is gone (<c>DestinationNotFound</c>), or the list can't be read.</exception>
    public static async Task<DestinationRun> BeginAsync(
        PushOptions push,
        PushTarget target,
        PushJournal journal,
        Settlement settlement,
        IReadOnlyList<PushSource> sources,
        Action<string> warn,
        bool isResumed,
        CancellationToken cancellation)
    {
        string name = push.Destination!.Destination.Name;
        var entry = DestinationStore.Find(journal, name);
        var run = new DestinationRun(push, target, journal, settlement, sources, warn, entry);
        if (push.Destination.PlannedList is { } planned && settlement.Status.Received == 0
            && await PlanFile.DigestAsync(run._reading, journal.CountMembers(entry.Key), cancellation).ConfigureAwait(false) != planned)
        {
            throw PlanFile.Outdated("the list has been changed");
        }

        if (!entry.IsSeeded || (push.Destination.Resync && !isResumed)) await run.SeedAsync(cancellation).ConfigureAwait(false);
        journal.FollowMembers(entry.Key);
        return run;
    }

    /// <summary>How the rows of the segment tell who is on the list.</summary>
    public Membership Membership =>
        new(_hash, Destination.Mode == PushMode.Delta, Destination.MembershipColumn, _journal.HashesIdentities ? _journal.KeyOf : null);

    /// <summary>Takes what is known of the list's people into memory.</summary>
    public async Task<Snapshot> LoadAsync(CancellationToken cancellation)
    {
        // Long before, in case the clock is put back while the push runs: who left by then is not in the snapshot anyhow.
        _loaded = _journal.Now.UtcDateTime.AddDays(-1);

        // After a mirror's push its list was its segment.
        int? expected = Destination.Mode == PushMode.Mirror ? (int?)_entry.SegmentPeople : null;
        _snapshot = await Snapshot.LoadAsync(_journal, _entry.Key, expected, cancellation).ConfigureAwait(false);
        _lastNumber = _followed = _journal.LastMemberNumber;
        if (_list.Before < 0) Keep(new ListSums { Before = _snapshot.Count });
        return _snapshot;
    }

    /// <summary>Takes off the list whom a full segment does not name.</summary>
    /// <exception cref="SegmentPushException">The guard stops it before the first removal (<c>GuardStopped</c>).</exception>
    public async Task RemoveLeaversAsync(SegmentExtent extent, CancellationToken cancellation)
    {
        if (Destination.Mode != PushMode.Mirror) return;
        var leavers = _snapshot!.Unnamed().ToDictionary(member => member.Number);
        if (leavers.Count == 0) return;
        CheckGuard(extent, leavers.Count);
        if (leavers.Values.Any(member => member.MarketoId is null))
        {
            // An import did not tell their ids; the list does.
            await ReadAsync(cancellation).ConfigureAwait(false);
            foreach (var member in _snapshot.Members().Where(member => leavers.ContainsKey(member.Number))) leavers[member.Number] = member;
        }

        KeepThoseNamedOtherwise(leavers);
        await RemoveAsync([.. leavers.Values.Select(member => FromList(string.Empty, member))], cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads the list back and mends it where others have changed it meanwhile.</summary>
    /// <exception cref="SegmentPushException">The list can't be brought to hold whom it should (<c>ListMismatch</c>), or the guard stops it.</exception>
    public async Task VerifyAsync(SegmentExtent extent, CancellationToken cancellation)
    {
        if (!_options.Verify) return;

        var (added, removed) = (_settlement.Status.Added, _settlement.Status.Removed);
        var drift = await ReadAsync(cancellation).ConfigureAwait(false);

        // People who were found gone when their turn came; where it is negative, people taken off whom others had put there.
        long goneBefore = _list.Before + added - removed - drift.Known;
        var readBack = _push.Connection.Time.GetUtcNow();
        var strangers = drift.Strangers;
        if (Destination.Mode == PushMode.Mirror && strangers.Count > 0)
        {
            CheckGuard(extent, removed + strangers.Count);
            _warn($"{strangers.Count} people were on the list whom the segment does not name: others had put them there. They are taken off.");
            await RemoveAsync([.. strangers.Select(person => FromList(person.Identity ?? string.Empty, null, person.Id))], cancellation).ConfigureAwait(false);
        }
        else if (Destination.Mode == PushMode.Append && strangers.Count > 0)
        {
            // They stay, and are known from now on. In Delta they would be put back once others take them off again.
            using var hash = _journal.OpenHash();
            _journal.JoinMembers(strangers.Select(person => new Member(0, Snapshot.HashOf(hash, person), 0, person.Id)));
        }

        // Whom this push itself has added in vain counts as added once the list holds it, and as removed by nobody.
        var again = drift.Missing.Count > 0 ? await TakeBackAsync(drift.Missing, cancellation).ConfigureAwait(false) : [];
        long held = _settlement.Status.Added;
        await BringBackAsync(again, cancellation).ConfigureAwait(false);
        var status = _settlement.Status;
        var sums = _list with
        {
            Added = status.Added,
            Removed = status.Removed,
            AddedByOthers = drift.Read - drift.Known + drift.Missing.Count + Math.Max(0, -goneBefore),
            RemovedByOthers = drift.Missing.Count - (added - held) + Math.Max(0, goneBefore),
            After = drift.Read + (status.Added - held) - (status.Removed - removed),
            ReadBack = readBack,
        };
        Keep(sums);
        IsVerified = sums.Agree == true;
    }

    /// <summary>Notes what the segment was like that has now been pushed completely.</summary>
    public void Complete(SegmentExtent extent)
    {
        _journal.EndSegment(_entry.Key, extent.People, PushSource.EndWithLine(_sources), _push.Connection.Time.GetUtcNow() - s_remembersLeft);
        if (_list.ReadBack is null) Keep(_list with { Added = _settlement.Status.Added, Removed = _settlement.Status.Removed });
    }

    public void Dispose()
    {
        _hash.Dispose();
        _snapshot?.Dispose();
    }

    private async Task SeedAsync(CancellationToken cancellation)
    {
        // The old snapshot stays until the whole list has been read.
        using var hash = _journal.OpenHash();
        var pages = new List<(Hash128 Hash, long Id)[]>();
        await foreach (var page in _reading.ReadAsync(_journal.CountMembers(_entry.Key), cancellation).ConfigureAwait(false))
            pages.Add([.. page.Select(person => (Snapshot.HashOf(hash, person), person.Id))]);
        _journal.SeedMembers(_entry.Key, pages.SelectMany(page => page).Select(person => new Member(0, person.Hash, 0, person.Id)));
        int people = pages.Sum(page => page.Length);
        if (people > 0 && !_entry.IsSeeded)
        {
            _warn($"The list '{_target.StaticList.Name}' has {people} people already; Adobe advises to begin with an empty list."
                + (Destination.Mode == PushMode.Mirror ? " Whoever of them is not in the segment is taken off." : string.Empty));
        }
    }

    // The list as it is, against the snapshot as it is; ids that were not known are learnt.
    private async Task<ListDrift> ReadAsync(CancellationToken cancellation)
    {
        var snapshot = Follow();
        long read = 0;
        var strangers = new List<ListedPerson>();
        var ids = new List<(int, long)>();
        var alike = new List<(long Id, int Number)>();
        await foreach (var page in _reading.ReadAsync(snapshot.Count, cancellation).ConfigureAwait(false))
        {
            foreach (var person in page)
            {
                read++;
                if (snapshot.MeetOnList(person) is not { } member) strangers.Add(person);
                else if (member.MarketoId is null) ids.Add((member.Number, person.Id));
                else if (member.MarketoId != person.Id) alike.Add((person.Id, member.Number));
            }

            if (ids.Count < PeopleAtOnce) continue;
            _journal.LearnIds(_entry.Key, ids);
            ids.Clear();
        }

        _journal.LearnIds(_entry.Key, ids);
        var missing = snapshot.Unlisted().ToDictionary(member => member.Number);

        // Whose identity was changed in Marketo is the same person all the same, also where it is now that of somebody else.
        var byId = missing.Values.Where(member => member.MarketoId is not null).ToLookup(member => member.MarketoId!.Value);
        foreach (long id in strangers.Select(person => person.Id).Concat(alike.Select(person => person.Id)))
        {
            foreach (var member in byId[id]) missing.Remove(member.Number);
        }

        // Somebody new with the identity of a person who is not there any more stands for that one, as after a merge.
        foreach (var (id, number) in alike)
        {
            if (!byId.Contains(id)) missing.Remove(number);
        }

        strangers.RemoveAll(person => byId.Contains(person.Id));
        return new ListDrift(snapshot.Count, read, missing, strangers);
    }

    // What is known now: what was known at the start, and what the push has changed since.
    private Snapshot Follow()
    {
        int after = _followed;
        _followed = _journal.LastMemberNumber;
        _snapshot!.Follow(_journal.GetLeft(_entry.Key, _loaded), _journal.GetMembers(_entry.Key, after));
        return _snapshot;
    }

    private void CheckGuard(SegmentExtent extent, long removals)
    {
        if (!_options.Force) Guard.Check(Destination, _entry, extent, PushSource.EndWithLine(_sources), _list.Before, removals);
    }

    // A person may have left by one identity and be in the segment by another.
    private void KeepThoseNamedOtherwise(Dictionary<int, KnownMember> leavers)
    {
        var ids = leavers.Values.Where(member => member.MarketoId is not null).Select(member => member.MarketoId!.Value).ToHashSet();
        var named = new HashSet<long>();
        var joined = _journal.GetMembers(_entry.Key, _followed).Select(member => new KnownMember(member.Number, member.MarketoId));
        foreach (var member in _snapshot!.Members().Concat(joined))
        {
            if (member.MarketoId is { } id && ids.Contains(id) && !leavers.ContainsKey(member.Number)) named.Add(id);
        }

        int[] otherwise = [.. leavers.Values.Where(member => member.MarketoId is { } id && named.Contains(id)).Select(member => member.Number)];
        foreach (int number in otherwise) leavers.Remove(number);
        _journal.ForgetMembers(_entry.Key, otherwise);
        _snapshot.Forget(otherwise.ToHashSet());
    }

    private Task RemoveAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        _settlement.Receive(people);
        return new ListRemovals(_target, _push.Connection, _settlement).DeliverAsync(people, cancellation);
    }

    // People whom the list has lost, and whom the segment names: their outcomes do not hold. The others are forgotten.
    private async Task<List<Person>> TakeBackAsync(IReadOnlyDictionary<int, KnownMember> missing, CancellationToken cancellation)
    {
        var (named, byFault) = await FindRowsAsync(missing, cancellation).ConfigureAwait(false);

        // A Delta segment is what all its changes have made of it; today's rows name only some of its people.
        var others = missing.Values.ExceptBy(named.Select(person => person.MemberNumber!.Value), member => member.Number)
            .ToLookup(member => member.MarketoId is not null && (Destination.Mode == PushMode.Delta || byFault.Contains(member.Number)));
        Person[] again = [.. others[true].Select(member => FromList(string.Empty, member, isAgain: true))];
        _settlement.Receive(again);
        _journal.ForgetMembers(_entry.Key, [.. others[false].Select(member => member.Number)]);
        return [.. named, .. again];
    }

    private async Task BringBackAsync(List<Person> people, CancellationToken cancellation)
    {
        if (people.Count == 0) return;
        _warn($"{people.Count} people who should be on the list were not: others had taken them off, or Marketo had not put them there. They are put on it again.");
        await new SyncDelivery(_target, _push.Connection, _settlement).DeliverAgainAsync(people, cancellation).ConfigureAwait(false);
        await ProveAsync([.. people.Where(person => person.MemberNumber > _lastNumber)], cancellation).ConfigureAwait(false);
    }

    // Of whom this push put on the list, Marketo's word that it did has not held once.
    private async Task ProveAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var lost = new List<Person>();
        foreach (var batch in people.Where(person => person.MarketoId is not null).Chunk(StaticLists.MaxRecords))
        {
            var results = await _push.Connection.StaticLists
                .AreMembersAsync(_target.StaticList.Id, [.. batch.Select(person => person.MarketoId!.Value)], cancellation).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                if (results[i].Status == RecordStatus.NotMemberOf) lost.Add(batch[i]);
            }
        }

        if (lost.Count == 0) return;
        _settlement.TakeBack(lost);
        _settlement.Settle([.. lost.Select(person => new SettledPerson(
            person, PersonOutcome.Rejected, person.Change, person.MarketoId, "NotOnList", "Marketo says that the person was added, and the list does not hold it."))]);
        _journal.ForgetMembers(_entry.Key, [.. lost.Select(person => person.MemberNumber!.Value)]);
        throw new SegmentPushException(
            "ListMismatch",
            $"{lost.Count} people are not on the list '{_target.StaticList.Name}', although Marketo says twice that they were added.",
            $"Get-PushStatus -Id {_settlement.Status.Id} -Outcome Rejected names them; look at the list in Marketo, and push again.",
            _target.StaticList.Id);
    }

    // The sources are read once more; their rows have outcomes, which are taken back.
    private async Task<(List<Person> Named, IReadOnlySet<int> ByFault)> FindRowsAsync(IReadOnlyDictionary<int, KnownMember> missing, CancellationToken cancellation)
    {
        using var snapshot = await Snapshot.LoadAsync(_journal, _entry.Key, _snapshot!.Count, cancellation).ConfigureAwait(false);
        var again = _sources.Select(source => source.Again()).ToArray();
        try
        {
            var intake = new SegmentIntake(again, _target.Mapping, _target.Use, _target.OnlyMatches, entered: null, Membership);
            intake.Know(snapshot);
            var people = intake.FindMembers(missing.ContainsKey, cancellation);
            _settlement.TakeBack(people);
            return (people, snapshot.NamedByFault().Select(member => member.Number).ToHashSet());
        }
        finally
        {
            foreach (var source in again) source.Reader.Dispose();
        }
    }

    private Person FromList(string identity, KnownMember? member, long? id = null, bool isAgain = false) =>
        new(_sources.Count, ++_listRow, identity, default)
        {
            MarketoId = id ?? member?.MarketoId,
            MemberId = member?.MarketoId,
            MemberNumber = member?.Number,
            IsAgain = isAgain,
        };

    private void Keep(ListSums list)
    {
        _list = list;
        _settlement.Keep(PushReceipt.TextOf(list));
    }
}
