using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>What a push does about the list of its destination, before and after its people are delivered.</summary>
internal sealed class DestinationRun : IDisposable
{
    private readonly ListWork _work;
    private readonly DestinationEntry _entry;
    private readonly bool _isMoved;
    private readonly RowHash _hash;
    private readonly ExitedPeople _exits;
    private readonly SnapshotGeneration _generation;
    private Snapshot? _snapshot;
    private ListSums _list;

    private DestinationRun(ListWork work, DestinationEntry entry, bool isMoved, SnapshotGeneration generation)
    {
        _work = work;
        _entry = entry;
        _isMoved = isMoved;
        _generation = generation;
        _hash = new RowHash(work.Journal.Identities.OpenHash(), work.Target);
        _exits = new ExitedPeople(work);
        _list = PushReceipt.ParseList(work.Journal.Pushes.GetReceipt(work.Settlement.Status.Id)) ?? new ListSums { Before = -1 };
    }

    // Where all cells of the last row are there, nothing else shows it.
    private static MessageText MayBeCutOff => "The segment's file does not end with the end of a row, as the one before it did: the last cell of its last row may have been cut off. If it was, export the file again and push it.";

    private DestinationOptions Options => _work.Push.Destination!;

    private SegmentDestination Destination => Options.Destination;

    // When at the latest the calls and imports of pushes that were stopped were over.
    private DateTimeOffset OthersEnded { get; init; }

    /// <summary>Whether the list was read back and agrees.</summary>
    public bool IsVerified { get; private set; }

    // As it was when the push began: a destination that was moved since holds what is of another list, or nothing.
    private LastSegment Last => _list.Last ?? (_isMoved ? default : GuardHistory.FindLastSegment(_work.Journal, _entry, _work.Snapshot));

    /// <summary>Begins: finds what is known of the list, or reads the list where nothing is known, or all is to be set aside.</summary>
    /// <exception cref="SegmentPushException">The destination is gone (<c>DestinationNotFound</c>), or the list can't be read.</exception>
    public static async Task<DestinationRun> BeginAsync(ListWork work, CancellationToken cancellation)
    {
        var options = work.Push.Destination!;
        var entry = SavedDestinations.Find(work.Journal, options.Destination.Name);
        var store = work.Journal.Snapshots;
        if (options.PlannedList is { } planned && work.Settlement.Status.Received == 0)
        {
            int expected = store.Find(work.Snapshot) is { } known ? store.Count(known) : 0;
            if (await PlanFile.DigestAsync(work.NewReader(), expected, cancellation).ConfigureAwait(false) != planned) throw PlanFile.Outdated("the list has been changed");
        }

        var (generation, othersEnded) = await SnapshotOpening.OpenAsync(work, options, cancellation).ConfigureAwait(false);

        // A push is resumed with the list that it began with, also where its destination leads to another one by now.
        bool isMoved = SavedDestinations.SnapshotKeyOf(SavedDestinations.GetUncounted(work.Journal, entry.Name)) != work.Snapshot;
        if (!isMoved) work.Journal.Destinations.ReferToSnapshot(entry.Key, generation.Key);
        work.Settlement.Snapshot.Use(generation);
        var run = new DestinationRun(work, entry, isMoved, generation) { OthersEnded = othersEnded };
        if (run.Last.EndsWithLine == true && PushSource.EndWithLine(work.Sources) == false) work.Warn(MayBeCutOff);
        return run;
    }

    /// <summary>How the rows of the segment tell who is on the list.</summary>
    public Membership Membership =>
        new(_hash, Destination.Mode.ReadsMembership, Destination.MembershipColumn, _work.Journal.Identities.AreHashed ? _work.Journal.Identities.KeyOf : null);

    /// <summary>Takes what is known of the list's people into memory, once.</summary>
    public async Task<Snapshot> LoadAsync(CancellationToken cancellation)
    {
        if (_snapshot is not null) return _snapshot;

        // After a mirror's push its list was its segment.
        int? expected = Destination.Mode.TakesOffAbsent && !_isMoved ? (int?)_entry.SegmentPeople : null;
        _snapshot = await Snapshot.LoadAsync(_work.Journal.Snapshots, _generation, _work.Journal.Identities.OpenHash(), expected, cancellation).ConfigureAwait(false);

        // What earlier processes and stages of this push have changed is in it.
        _work.Journal.Snapshots.TakeChanges();
        _work.Settlement.Snapshot.Take(_snapshot);
        if (_list.Before < 0) Save(new ListSums { Before = _snapshot.PeopleAtFirst, Last = Last });
        return _snapshot;
    }

    /// <summary>Takes rows in that say that their people have left.</summary>
    public void AddExits(IReadOnlyList<Person> rows) => _exits.Add(rows);

    /// <summary>Takes off the people of rows that say so, once only a part of the segment has come.</summary>
    public async Task RemoveExitedAsync(CancellationToken cancellation)
    {
        if (!Destination.Mode.ReadsMembership) return;
        var reconciliation = NewReconciliation(default);
        await reconciliation.RunAsync(reads: false, cancellation).ConfigureAwait(false);
    }

    /// <summary>Brings the list in step with the whole segment, once everybody has been delivered.</summary>
    /// <exception cref="SegmentPushException">The guard stops the removals (<c>GuardStopped</c>), or the list can't be brought to hold its people (<c>ListMismatch</c>).</exception>
    public async Task ReconcileAsync(SegmentExtent extent, CancellationToken cancellation)
    {
        var reconciliation = NewReconciliation(extent);
        var sums = await reconciliation.RunAsync(Options.Verify, cancellation).ConfigureAwait(false);

        // By now each removal has its outcome, and all rows are entered.
        var uploaded = _work.Settlement.HalfDone is null ? null : LostUploads.FindLeft(_work.Journal, _work.Settlement.Status);
        Save(sums with { SentOff = null, Uploaded = uploaded, MissesImportedRows = false });
        IsVerified = sums.Agree == true;
    }

    /// <summary>Notes what the segment was like that has now been pushed completely.</summary>
    public void Complete(SegmentExtent extent)
    {
        if (_isMoved) _work.Journal.Snapshots.ForgetUnused(_generation, _work.Settlement.Status.Id);
        else _work.Journal.Destinations.EndSegment(_entry.Key, extent.People, extent.EndsWithLine);
    }

    public void Dispose()
    {
        _work.Settlement.Snapshot.LetGo();
        _hash.Dispose();
        _snapshot?.Dispose();
    }

    private ListReconciliation NewReconciliation(SegmentExtent extent) => new(_work, _generation, _snapshot!, _exits, new RowsAgain(_work.Push, _work.Target, _work.Sources, Membership))
    {
        Extent = extent,
        Last = Last,
        Before = _list,
        OthersEnded = OthersEnded,
    };

    private void Save(ListSums list)
    {
        _list = list;
        _work.Settlement.SaveListSums(PushReceipt.TextOf(list));
    }
}
