using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>The snapshot that a push works with. It tells who was on the list before, and outcomes of people change it once it is used.</summary>
/// <param name="record">The push.</param>
/// <param name="imports">Its import files.</param>
/// <param name="halfDone">What an earlier process has left half done; null for a new push.</param>
internal sealed class PushSnapshot(PushRecord record, ImportSettlement imports, HalfDonePeople? halfDone)
{
    private Snapshot? _members;

    /// <summary>Whether a snapshot tells who was on the list before.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Whether people of imports that Marketo has accepted are read again, because another push, or an undo, may have taken them off the list since.</summary>
    public bool ReadsImportsAgain { get; private set; }

    /// <summary>Whether other pushes have written since such imports were uploaded.</summary>
    public bool HasOthersSince { get; private set; }

    /// <summary>From here on the outcomes of people change a snapshot, and the push is known to work with it.</summary>
    public void Use(SnapshotGeneration generation) => record.Do((journal, key) =>
    {
        IsUsed = true;
        journal.Snapshots.Follow(generation);

        // Others may have worked until this one had the lock of the list, and between its processes.
        var status = record.Status;
        StoredPush[] others = halfDone is not null && journal.Imports.GetAccepted(key).Count > 0 ? [.. ListChanges.FindLater(journal, status, status.Started)] : [];
        ReadsImportsAgain = others.Any(other => ListChanges.HasRemovals(journal, other));
        HasOthersSince = others.Any(other => other.Status.Changed is not null);
        var reopened = journal.Snapshots.Bind(key, generation, halfDone is not null && ListChanges.HasAnySince(journal, status, record.Sums.StoodAt), ReadsImportsAgain);
        if (halfDone is null) return;
        halfDone.AddReopened(reopened);
        imports.Recount();
    });

    /// <summary>Takes the snapshot in memory, which is asked until it is let go.</summary>
    public void Take(Snapshot members) => _members = members;

    /// <summary>Lets the snapshot in memory go.</summary>
    public void LetGo() => _members = null;

    /// <summary>Whether a person with an id was known on the list when the push began. Any thread may ask.</summary>
    public bool HeldId(long marketoId) => _members?.HeldId(marketoId) == true;

    /// <summary>What the snapshot knows of the people with an identity. Any thread may ask.</summary>
    public SnapshotMatch MatchOf(Hash128 identityHash) => _members?.MatchOf(identityHash) ?? default;
}
