using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Brings a list in step once everybody has been delivered: reads it where it is to be proven, has the steps decided, and executes them, additions
/// first. The reading comes before the removals, so that each of them is decided once, by all that is known.
/// </summary>
/// <param name="work">The push.</param>
/// <param name="generation">The snapshot on disk.</param>
/// <param name="snapshot">The snapshot in memory, with what the segment names.</param>
/// <param name="exits">Rows that say that their people have left.</param>
/// <param name="rows">Reads rows once more.</param>
internal sealed class ListReconciliation(ListWork work, SnapshotGeneration generation, Snapshot snapshot, ExitedPeople exits, RowsAgain rows)
{
    // After an import these are all its people.
    private const int LearntAtOnce = 20_000;

    private int _joinedAfter;
    private IReadOnlyList<Person> _exited = [];

    /// <summary>The segment.</summary>
    public required SegmentExtent Extent { get; init; }

    /// <summary>The last segment.</summary>
    public required LastSegment Last { get; init; }

    /// <summary>The sums of the list before.</summary>
    public required ListSums Before { get; init; }

    /// <summary>When at the latest the calls and imports of pushes that were stopped were over.</summary>
    public required DateTimeOffset OthersEnded { get; init; }

    private PushMode Mode => work.Push.Destination!.Destination.Mode;

    /// <summary>Runs it.</summary>
    /// <param name="reads">Whether the list is read.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The sums of the list.</returns>
    public async Task<ListSums> RunAsync(bool reads, CancellationToken cancellation)
    {
        CatchUp();
        var steps = reads ? await ReadAsync(cancellation).ConfigureAwait(false) : UnreadListDecider.Decide(snapshot, Mode, _joinedAfter);
        if (!reads && Mode.TakesOffAbsent && (steps.HasUnknownIds || work.Settlement.SentOff.Any(id => !snapshot.HeldId(id))))
        {
            // An import did not tell their ids, or another push has read the list since this one took them off; the list tells.
            reads = true;
            steps = await ReadAsync(cancellation).ConfigureAwait(false);
        }

        if (!reads && steps.Removals.Any(removal => removal.MarketoId is not null) && (snapshot.HasUnresolvedNames() || work.Settlement.Imports.HasAny))
            steps = await PresentIdentities.LeaveOutNamedAsync(work, steps, snapshot, cancellation).ConfigureAwait(false);
        var readBack = work.Push.Connection.Time.GetUtcNow();
        steps = TellImported(steps);
        var begun = work.Settlement.Status;
        int[] takenOff = FindTakenOff(steps);
        work.Journal.Snapshots.Change(generation, steps.Snapshot with { Forgotten = [.. steps.Snapshot.Forgotten.Except(takenOff)] });
        var putBack = new PutBackRun(work, rows, new MembersOnList(snapshot, steps, FindJoined(steps)), _joinedAfter);
        await putBack.RunAsync(steps.PutBacks, cancellation).ConfigureAwait(false);
        if (putBack.Forgotten.Count > 0) work.Journal.Snapshots.ForgetMembers(putBack.Forgotten);
        SettleRemovedBefore(steps);
        var again = FindLeaversAgain(steps);
        var (added, removed) = (begun.Added - putBack.AddedInVain, begun.Removed - again.Rows.Count);

        // A reading tells what others have done to the list, and holds what this push has done.
        long onList = reads ? steps.Read - added + removed + steps.RemovedBefore.Count : Before.Before;

        // Which people such an import has put on the list, nobody knows. They must not make the removals look fewer.
        if (work.Settlement.Imports.HasUnaccounted) onList = Math.Min(onList, Before.Before);
        await RemoveAsync(steps, onList, removed, again.Rows, cancellation).ConfigureAwait(false);
        if (takenOff.Length > 0) work.Journal.Snapshots.ForgetMembers(takenOff);
        return reads ? SumsOf(steps, added, removed, steps.Strangers - again.Strangers, readBack)
            : Before with { Added = work.Settlement.Status.Added, Removed = work.Settlement.Status.Removed };
    }

    // Members that an earlier process may have taken off. Until their rows have their outcomes they stay in the snapshot: a row may lead to nobody else by now.
    private int[] FindTakenOff(ListSteps steps)
    {
        if (steps.Snapshot.Forgotten.Count == 0 || work.Settlement.SentOff.Count == 0) return [];
        var forgotten = steps.Snapshot.Forgotten.ToHashSet();
        return [.. snapshot.Members().Where(member => member.MarketoId is { } id && work.Settlement.MayBeOff(id) && forgotten.Contains(member.Number)).Select(member => member.Number)];
    }

    private void CatchUp()
    {
        var store = work.Journal.Snapshots;
        var changes = store.TakeChanges();
        _joinedAfter = changes.JoinedAfter;
        snapshot.CatchUp(changes, store.Read(generation, changes.JoinedAfter).SelectMany(block => block));
    }

    private async Task<ListSteps> ReadAsync(CancellationToken cancellation)
    {
        var comparison = new ListComparison(snapshot, Mode) { SentOff = work.Settlement.SentOff, JoinedAfter = _joinedAfter };
        var reader = work.NewReader();
        if (await CompareAsync(comparison, reader, isLast: false, cancellation).ConfigureAwait(false) is { } unshown)
        {
            // The extract lags, or others have edited the list since. A later one tells which.
            await unshown.WaitAsync(reader, work.Warn, cancellation).ConfigureAwait(false);
            comparison.BeginAgain();
            await CompareAsync(comparison, work.NewReader(), isLast: true, cancellation).ConfigureAwait(false);
        }

        if (work.Settlement.Imports.HasAny) comparison.Doubt(FindDoubtedByImports(comparison.FindUnlisted()));
        comparison.Confirm(await DoubtedIds.FindHeldAsync(work, rows, comparison.FindDoubted(), cancellation).ConfigureAwait(false));

        // From the upload of an import on, the journal has the ids of its members in doubt. Of this push's own imports the reading has told them.
        var steps = comparison.Decide();
        return steps with { Snapshot = steps.Snapshot with { ConfirmsIds = work.Settlement.Imports.HasAny } };
    }

    // Others may have renamed a member before this push imported its row. Then the import has created another person with the old identity, and others may have
    // taken that person off the list since.
    private IEnumerable<SnapshotMember> FindDoubtedByImports(IReadOnlyList<SnapshotMember> members)
    {
        var doubted = work.Journal.Snapshots.FindDoubted(generation, [.. members.Select(member => member.Number)]);
        return members.Where(member => doubted.Contains(member.Number));
    }

    // Gives back the edits that an extract does not show, where it is not the last one.
    private async Task<RecentEdits?> CompareAsync(ListComparison comparison, ListReader reader, bool isLast, CancellationToken cancellation)
    {
        RecentEdits? recent = null;
        var shown = new HashSet<long>();
        await foreach (var page in reader.ReadAsync(snapshot.Count, cancellation).ConfigureAwait(false))
        {
            if (recent is null && reader.IsExtract)
            {
                recent = FindRecent(reader);
                if (!isLast && !recent.IsSure) return recent;
                comparison.TakenOff = recent.TakenOff;
            }

            if (recent is not null) shown.UnionWith(page.Select(person => person.Id).Where(recent.Concern));
            comparison.Read(page);
            if (comparison.Learnt >= LearntAtOnce) comparison.WriteLearnt(learnt => work.Journal.Snapshots.Change(generation, learnt));
        }

        if (!reader.IsExtract) return null;

        // An extract that shows nobody has no page, so that the loop has not looked for them.
        recent ??= FindRecent(reader);
        if (!isLast && !recent.AreShown(shown.Contains)) return recent;
        comparison.PutOn = recent.PutOn;
        return null;
    }

    private RecentEdits FindRecent(ListReader reader)
    {
        var others = RecentEdits.Find(work.Journal, work.Settlement.Status, work.Target.StaticList.Id, reader, OthersEnded);

        // An import of this push tells no ids. It may have put people back that another push has taken off.
        if (others.TakenOff.Count > 0 && work.Settlement.Imports.HasAny) others = others.Unsure();

        // An extract may also lag behind the removals that an earlier process of this push has made just before. Who was taken off longer ago was put back by others.
        var resumedFrom = work.Settlement.ResumedFrom;
        return reader.MayLagBehind(resumedFrom) ? others.AndRemovals(work.Settlement.Outcomes.GetRemovedIds(), reader.TimeBehind(resumedFrom)) : others;
    }

    // The reading's own entries, where somebody that is put back may turn out to be one of them.
    private IReadOnlyList<(int Number, long Id)> FindJoined(ListSteps steps)
    {
        if (steps.PutBacks.Count == 0 || steps.Snapshot.Joined.Count == 0) return [];
        var ids = steps.Snapshot.Joined.Select(joined => joined.MarketoId).ToHashSet();
        return [.. work.Journal.Snapshots.Read(generation, _joinedAfter).SelectMany(block => block).Where(member => member.MarketoId is not null && ids.Contains(member.MarketoId)).Select(member => (member.Number, member.MarketoId!.Value))];
    }

    // An import tells no id, and so not whether a person was a member. Where the list shows it, the outcomes follow.
    private ListSteps TellImported(ListSteps steps)
    {
        work.Settlement.Imports.TellMembers(generation, steps.ImportedWhere(wasMember: true));
        return steps.WithAddedByImport(work.Settlement.Imports.TellAdded(steps.ImportedWhere(wasMember: false)));
    }

    // A call of an earlier process has taken them off, whose answer was lost.
    private void SettleRemovedBefore(ListSteps steps)
    {
        Person[] people = [.. steps.RemovedBefore.Select(removed => work.FromList(string.Empty, removed.MarketoId, removed.Number))];
        work.Settlement.Receive(people);
        work.Settlement.Settle([.. people.Select(person => new SettledPerson(person, PersonOutcome.Removed, PersonChange.Unchanged, person.MarketoId))]);
    }

    // An earlier process of the push has taken them off, and somebody has put them on the list again.
    private (IReadOnlyList<long> Rows, int Strangers) FindLeaversAgain(ListSteps steps)
    {
        var leavers = steps.Removals.Where(removal => removal is { IsExit: false, MarketoId: not null }).ToLookup(removal => removal.MarketoId!.Value);
        if (leavers.Count == 0 || work.Settlement.HalfDone is not { } before) return ([], 0);
        var again = before.GetLeavers(work.Sources.Count).Where(leaver => leavers.Contains(leaver.MarketoId)).ToArray();
        return ([.. again.Select(leaver => leaver.Row)], again.Select(leaver => leaver.MarketoId).Distinct().Count(id => leavers[id].All(leaver => leaver.Number is null)));
    }

    private async Task RemoveAsync(ListSteps steps, long onList, long removedBefore, IReadOnlyList<long> again, CancellationToken cancellation)
    {
        // In a mirror no row says that somebody has left.
        ListDecision[] leavers = [.. steps.Removals.Where(removal => !removal.IsExit)];
        if (leavers.Length > 0) CheckGuard(steps, onList, removedBefore + steps.RemovedBefore.Count + leavers.Length, leavers);
        if (leavers.Count(removal => removal.Number is null) is > 0 and var strangers)
            work.Warn(MessageText.Plural(
                strangers,
                $"{strangers:N0} person that the segment does not name was on the list, put there by others, and is taken off.",
                $"{strangers:N0} people that the segment does not name were on the list, put there by others, and are taken off."));
        work.Settlement.HalfDone?.TakeOutLeavers(work.Sources.Count, again);
        Removal[] removals = [.. leavers.Select(leaver => new Removal(work.FromList(leaver.Identity ?? string.Empty, leaver.MarketoId, leaver.Number, HashOf(leaver))))];
        work.Settlement.Receive([.. removals.Select(removal => removal.Person)]);
        var exited = await exits.FindAsync(steps, snapshot, cancellation).ConfigureAwait(false);
        var calls = new ListRemovals(work.Target, work.Push.Connection, work.Settlement);
        await calls.DeliverAsync([.. removals, .. exited], cancellation).ConfigureAwait(false);
        ForgetMembersOtherwise(exited);
        if (calls.Gone.Count > 0) work.Journal.Snapshots.ForgetMembers([.. calls.Gone.Where(person => person.MemberNumber is not null).Select(person => person.MemberNumber!.Value).Distinct()]);
        var others = await exits.FindInsteadAsync(calls.Gone, snapshot, cancellation).ConfigureAwait(false);
        await calls.DeliverAsync(others, cancellation).ConfigureAwait(false);
        ForgetMembersOtherwise(others);
        _exited = [.. exited.Concat(others).Select(removal => removal.Person).Distinct()];
        NoteRefusedExits([.. _exited.Where(person => person.MemberNumber is not null)]);
        var exitedById = exited.Concat(others).ToLookup(removal => removal.Person.MarketoId!.Value, removal => removal.Person);
        EnterStrangersWhoStay(
        [
            .. leavers.Zip(removals, (leaver, removal) => (leaver, (Person?)removal.Person)).Where(pair => pair.leaver.Number is null),
            .. steps.Removals.Where(removal => removal is { IsExit: true, Number: null, MarketoId: not null }).Select(removal => (removal, exitedById[removal.MarketoId!.Value].FirstOrDefault())),
        ]);
    }

    private Hash128 HashOf(ListDecision leaver) => leaver.Identity is null ? default : snapshot.HashOf(new ListedPerson(leaver.MarketoId!.Value, leaver.Identity));

    // A row took off a member by an identity that the snapshot did not know.
    private void ForgetMembersOtherwise(IEnumerable<Removal> exited)
    {
        var members = exits.MembersOtherwise;
        Person[] people = [.. exited.Select(removal => removal.Person).Where(person => members.Contains(person.MarketoId!.Value))];
        if (people.Length == 0) return;
        var outcomes = work.Settlement.Outcomes.Of(people);
        work.Journal.Snapshots.ForgetMembers([.. people
            .Where(person => outcomes[(person.Source, person.Row)].Outcome is PersonOutcome.Removed or PersonOutcome.NotMember)
            .SelectMany(person => members[person.MarketoId!.Value]).Distinct()]);
    }

    // Marketo refuses to take some people off. Once others have taken them off, they stay off.
    private void NoteRefusedExits(IReadOnlyList<Person> people)
    {
        if (people.Count == 0) return;
        var outcomes = work.Settlement.Outcomes.Of(people);
        int[] refused = [.. people.Where(person => outcomes[(person.Source, person.Row)].Outcome == PersonOutcome.Rejected).Select(person => person.MemberNumber!.Value)];
        if (refused.Length > 0) work.Journal.Snapshots.Change(generation, new SnapshotEdits { Exited = refused });
    }

    // Marketo refuses to take some people off, and others may have put somebody there after the row of the exit had its outcome. The snapshot must know them.
    private void EnterStrangersWhoStay(IReadOnlyList<(ListDecision Leaver, Person? Person)> strangers)
    {
        if (strangers.Count == 0) return;
        var outcomes = work.Settlement.Outcomes.Of([.. strangers.Where(stranger => stranger.Person is not null).Select(stranger => stranger.Person!)]);
        var stay = strangers.Where(stranger => stranger.Person is not { } person || outcomes[(person.Source, person.Row)].Outcome == PersonOutcome.Rejected);
        work.Journal.Snapshots.Change(generation, new SnapshotEdits
        {
            Joined = [.. stay.Select(stranger => new ListedPerson(stranger.Leaver.MarketoId!.Value, stranger.Leaver.Identity)).Select(person => new Member(0, snapshot.HashOf(person), 0, person.Id, false))],
        });
    }

    private void CheckGuard(ListSteps steps, long onList, long removals, IReadOnlyList<ListDecision> leavers)
    {
        var destination = work.Push.Destination!.Destination;
        if (!Mode.TakesOffAbsent || work.Push.Destination.Force) return;
        var shares = new RemovalShares(work, snapshot, Before, _joinedAfter);
        var (all, former) = shares.Measure(steps, leavers, new RemovalShare(onList, removals));
        if (RemovalGuard.FindReason(DestinationOptions.LimitsOf(destination), Last, Extent, all, former) is not { } reason) return;

        // The reading has shown them, and they stay.
        EnterStrangersWhoStay([.. leavers.Where(leaver => leaver.Number is null).Select(leaver => (leaver, (Person?)null))]);
        throw RemovalGuard.Stopped(destination.Name, reason, removals);
    }

    // What the list holds beside what it should is the work of others: read = before + added − removed + added by others − removed by others.
    private ListSums SumsOf(ListSteps steps, long held, long removed, long strangers, DateTimeOffset readBack)
    {
        // These people were off the list already when it was read, or were put on it only since then.
        var status = work.Settlement.Status;
        removed += steps.RemovedBefore.Count + exits.TakenOffBefore + CountRemovedUnread(steps);
        long difference = steps.Read - (Before.Before + held - removed);
        long removedByOthers = strangers - difference;
        return Before with
        {
            Added = status.Added,
            Removed = status.Removed,
            AddedByOthers = strangers + Math.Max(0, -removedByOthers),
            RemovedByOthers = Math.Max(0, removedByOthers),
            After = steps.Read + (status.Added - held) - (status.Removed - removed),
            ReadBack = readBack,
        };
    }

    // Others may put a person on the list after it was read, and the row of an exit takes the person off. The reading has not counted such a person.
    private long CountRemovedUnread(ListSteps steps)
    {
        var unread = _exited.Select(person => person.MarketoId!.Value).ToHashSet();
        unread.ExceptWith(steps.Removals.Where(removal => removal.MarketoId is not null).Select(removal => removal.MarketoId!.Value));
        unread.ExceptWith(steps.Beside);

        // The push itself has put these people on the list since, and counts them as added.
        unread.ExceptWith(steps.PutBacks.Select(member => member.MarketoId ?? member.DoubtedId ?? 0));
        if (unread.Count == 0) return 0;
        foreach (var known in snapshot.KnownMembers())
        {
            if (known is { IsListed: true, Member.MarketoId: { } id }) unread.Remove(id);
        }

        Person[] people = [.. _exited.Where(person => unread.Contains(person.MarketoId!.Value))];
        if (people.Length == 0) return 0;
        var outcomes = work.Settlement.Outcomes.Of(people);
        return people.Count(person => outcomes[(person.Source, person.Row)].Outcome == PersonOutcome.Removed);
    }
}
