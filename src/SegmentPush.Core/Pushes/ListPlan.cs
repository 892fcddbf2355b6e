using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>What a plan knows of a destination's list, without changing what is remembered of it.</summary>
internal sealed class ListPlan : IDisposable
{
    private readonly DestinationOptions _options;
    private readonly LastSegment _last;
    private readonly RowHash _hash;
    private readonly AddedPeople? _others;

    private ListPlan(DestinationOptions options, LastSegment last, RowHash hash, Snapshot snapshot, AddedPeople? others, long callsToRead)
    {
        _options = options;
        _last = last;
        _hash = hash;
        Snapshot = snapshot;
        _others = others;
        CallsToRead = callsToRead;
    }

    /// <summary>How the rows of the segment tell who is on the list.</summary>
    public Membership Membership => new(_hash, _options.Destination.Mode.ReadsMembership, _options.Destination.MembershipColumn);

    /// <summary>Who is on the list as far as is known.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>Calls that reading the list takes: before, where nothing is known of it, and afterwards, where it is proven.</summary>
    public long CallsToRead { get; }

    /// <summary>Reads what is known of the list, or the list itself where the push would read it before it begins.</summary>
    public static async Task<ListPlan> OpenAsync(
        PushOptions push, PushTarget target, CancellationToken cancellation)
    {
        var options = push.Destination!;
        using var journal = PushJournal.Open(push.Journal, push.Connection.Host);
        var entry = SavedDestinations.Find(journal, options.Destination.Name);
        var key = SnapshotKey.Of(push.Connection.Instance, target.StaticList.Id, target.Mapping.IdentityField.Name);

        // A push keeps people who are absent until it proves the list at the end. A plan reads it once.
        var opening = ListOpening.Find(journal, key, Guid.Empty, default, options with { Verify = false }, push.Connection.Began);
        var hash = new RowHash(journal.Identities.OpenHash(), target);
        var last = GuardHistory.FindLastSegment(journal, entry, key);
        var others = GuardHistory.FindAdded(journal, entry.Name, key, push: null);
        if (opening.Knowledge == ListKnowledge.Complete)
        {
            var known = await Snapshot.LoadAsync(journal.Snapshots, opening.Known!, journal.Identities.OpenHash(), null, cancellation).ConfigureAwait(false);
            return new ListPlan(options, last, hash, known, others, options.Verify ? ListReader.Calls(known.Count, push.Bulk) : 0);
        }

        long before = push.Connection.Calls;
        var reader = new ListReader(push.Connection, target.StaticList.Id, target.Mapping.IdentityField.Name, push.Bulk, _ => { });
        var members = opening.MembersOf(await opening.ReadAsync(reader, cancellation).ConfigureAwait(false));
        long calls = push.Connection.Calls - before;
        var snapshot = Snapshot.Of(journal.Identities.OpenHash(), [.. members.Select((member, i) => member with { Number = i + 1 })]);
        return new ListPlan(options, last, hash, snapshot, others, options.Verify ? 2 * calls : calls);
    }

    /// <summary>People that a full segment does not name, once it has been read.</summary>
    public IReadOnlyList<ListDecision> GetLeavers() =>
        [.. UnreadListDecider.Decide(Snapshot, _options.Destination.Mode, int.MaxValue).Removals.Where(removal => !removal.IsExit)];

    /// <summary>Why the guard would stop the removals, also where <c>-Force</c> lets them through; null where it would not.</summary>
    public string? FindGuardReason(SegmentExtent extent, IReadOnlyList<ListDecision> leavers)
    {
        if (!_options.Destination.Mode.TakesOffAbsent) return null;
        var share = new RemovalShare(Snapshot.PeopleAtFirst, leavers.Count);
        if (RemovalGuard.FindReason(DestinationOptions.LimitsOf(_options.Destination), _last, extent, share, FindFormer(leavers)) is not { } reason) return null;
        var wouldStop = RemovalGuard.WouldStop(_options.Destination.Name, reason, leavers.Count);
        return (_options.Force ? RemovalGuard.LetThrough(wouldStop) : wouldStop).ToString();
    }

    public void Dispose()
    {
        _hash.Dispose();
        Snapshot.Dispose();
    }

    private RemovalShare? FindFormer(IReadOnlyList<ListDecision> leavers) => _others is null
        ? null
        : new RemovalShare(
            Snapshot.PeopleAtFirst - Snapshot.Members().Where(_others.Has).DistinctBy(member => member.PersonKey).Count(),
            leavers.Count(leaver => !_others.Has(leaver.Person)));
}
