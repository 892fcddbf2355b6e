using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>What is known of a list before a push begins, and how a reading of the list renews it. Plan and push share it.</summary>
internal sealed class ListOpening
{
    private readonly PushJournal _journal;
    private readonly bool _verifies;

    private ListOpening(PushJournal journal, SnapshotGeneration? known, ListKnowledge knowledge, bool verifies)
    {
        _journal = journal;
        Known = known;
        Knowledge = knowledge;
        _verifies = verifies;
    }

    /// <summary>The snapshot; null where the list was never read.</summary>
    public SnapshotGeneration? Known { get; }

    /// <summary>What the push knows. In all cases but <see cref="ListKnowledge.Complete"/> the list is to be read.</summary>
    public ListKnowledge Knowledge { get; }

    /// <summary>People that other pushes may have taken off with calls whose answers are not known.</summary>
    public IReadOnlySet<long> SentOff { get; private init; } = new HashSet<long>();

    /// <summary>How many people the list is expected to hold; 0 where nothing is known.</summary>
    public int Expected => Known is null ? 0 : _journal.Snapshots.Count(Known);

    /// <summary>Finds what is known.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="key">What the snapshot belongs to.</param>
    /// <param name="push">The push; an empty id for a plan.</param>
    /// <param name="started">When the push began.</param>
    /// <param name="options">What the push is to do for its destination.</param>
    /// <param name="began">When the instance began, where it ends with its session; null for one that stays.</param>
    public static ListOpening Find(PushJournal journal, SnapshotKey key, Guid push, DateTimeOffset started, DestinationOptions options, DateTimeOffset? began)
    {
        var known = journal.Snapshots.Find(key);
        var knowledge = new OpeningFacts(
            HasSnapshot: known is not null,
            IsReadByThisPush: known?.ReadBy == push,
            IsResync: options.Resync,
            HasOpenEdits: known is not null && (known.ReadBy is null || journal.OpenEdits.HasAny(known, push, started) || journal.OpenEdits.GetOpen(known, push).Any(id => LeavesEditsOpen(journal, id))),
            IsOfEndedInstance: known is not null && began is { } start && !(StartOf(journal, known.ReadBy) >= start)).Decide();
        if (known is null || knowledge == ListKnowledge.Complete) return new ListOpening(journal, known, knowledge, options.Verify);
        return new ListOpening(journal, known, knowledge, options.Verify) { SentOff = LostRemovals.OfOthers(journal, known, push) };
    }

    // A resume that ended before it decided about these people anew.
    private static bool LeavesEditsOpen(PushJournal journal, Guid push) =>
        PushReceipt.ParseList(journal.Pushes.GetReceipt(push)) is { MissesImportedRows: true } or { SentOff: [_, ..] };

    private static DateTimeOffset? StartOf(PushJournal journal, Guid? push) =>
        push is { } id && journal.History.Get(new PushFilter { Ids = [id] }) is [var status] ? status.Started : null;

    /// <summary>Reads the list.</summary>
    /// <param name="reader">Reads it.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ListedPeople> ReadAsync(ListReader reader, CancellationToken cancellation)
    {
        int expected = Expected;
        using var hash = _journal.Identities.OpenHash();
        var listed = new ListedPeople(expected);
        await foreach (var page in reader.ReadAsync(expected, cancellation).ConfigureAwait(false))
        {
            foreach (var person in page) listed.Add(person.Id, hash.HashOf(person));
        }

        listed.Order();
        return listed;
    }

    /// <summary>The members that the snapshot is to have once the list was read.</summary>
    /// <param name="listed">The people on the list.</param>
    /// <returns>The members, made one by one, each time that they are asked for.</returns>
    public IEnumerable<Member> MembersOf(ListedPeople listed)
    {
        var renewal = new SnapshotRenewal(Known is null ? [] : _journal.Snapshots.ReadAgain(Known), listed);

        // A member that others took off is put back, or forgotten, where the list is read at the end.
        return Knowledge == ListKnowledge.MembershipInDoubt ? renewal.CompareMembers(keepsAbsent: id => _verifies && !SentOff.Contains(id)) : renewal.SetAside();
    }
}
