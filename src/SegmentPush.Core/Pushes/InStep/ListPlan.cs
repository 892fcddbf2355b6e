using SegmentPush.Journal;

namespace SegmentPush.Pushes.InStep;

/// <summary>What a plan knows of a destination's list, without changing what is remembered of it.</summary>
internal sealed class ListPlan : IDisposable
{
    private readonly DestinationOptions _options;
    private readonly DestinationEntry _entry;
    private readonly IReadOnlyList<PushSource> _sources;
    private readonly RowHash _hash;

    private ListPlan(DestinationOptions options, DestinationEntry entry, IReadOnlyList<PushSource> sources, RowHash hash, Snapshot snapshot, long callsToRead)
    {
        _options = options;
        _entry = entry;
        _sources = sources;
        _hash = hash;
        Snapshot = snapshot;
        CallsToRead = callsToRead;
    }

    /// <summary>How the rows of the segment tell who is on the list.</summary>
    public Membership Membership => new(_hash, _options.Destination.Mode == PushMode.Delta, _options.Destination.MembershipColumn);

    /// <summary>Who is on the list as far as is known.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>Calls that reading the list takes: before, where nothing is known of it, and afterwards, where it is proven.</summary>
    public long CallsToRead { get; }

    /// <summary>Reads what is known of the list, or the list itself where nothing is known or all is to be set aside.</summary>
    public static async Task<ListPlan> OpenAsync(
        PushOptions push, PushTarget target, IReadOnlyList<PushSource> sources, CancellationToken cancellation)
    {
        var options = push.Destination!;
        using var journal = PushJournal.Open(push.JournalFolder, push.Connection.Host);
        var entry = DestinationStore.Find(journal, options.Destination.Name);
        if (entry.IsSeeded && !options.Resync)
        {
            var known = await Snapshot.LoadAsync(journal, entry.Key, null, cancellation).ConfigureAwait(false);
            return new ListPlan(options, entry, sources, new RowHash(journal.OpenHash(), target), known, options.Verify ? ListReading.Calls(known.Count, push.Bulk) : 0);
        }

        long before = push.Connection.Calls;
        var members = new List<Member>();
        using (var hash = journal.OpenHash())
        {
            await foreach (var page in new ListReading(push.Connection, target, push.Bulk, _ => { }).ReadAsync(journal.CountMembers(entry.Key), cancellation).ConfigureAwait(false))
            {
                foreach (var person in page) members.Add(new Member(members.Count + 1, Snapshot.HashOf(hash, person), 0, person.Id));
            }
        }

        long calls = push.Connection.Calls - before;
        return new ListPlan(options, entry, sources, new RowHash(journal.OpenHash(), target), Snapshot.Of(journal, members), options.Verify ? 2 * calls : calls);
    }

    /// <summary>People whom a full segment does not name, once it has been read.</summary>
    public IReadOnlyList<KnownMember> GetLeavers() => _options.Destination.Mode == PushMode.Mirror ? [.. Snapshot.Unnamed()] : [];

    /// <summary>Why the guard would stop the removals; null where it would not.</summary>
    public string? FindGuardReason(SegmentExtent extent, int leavers)
    {
        if (_options.Force || _options.Destination.Mode != PushMode.Mirror) return null;
        try
        {
            Guard.Check(_options.Destination, _entry, extent, PushSource.EndWithLine(_sources), Snapshot.Count, leavers);
            return null;
        }
        catch (SegmentPushException stopped)
        {
            return stopped.Message;
        }
    }

    public void Dispose()
    {
        _hash.Dispose();
        Snapshot.Dispose();
    }
}
