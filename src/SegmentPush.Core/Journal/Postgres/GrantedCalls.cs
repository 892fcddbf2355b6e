namespace SegmentPush.Journal.Postgres;

/// <summary>Calls that the database has granted and that nobody here has begun. One that waits too long is given back: a process that slept must ask again.</summary>
internal sealed class GrantedCalls(ProcessHost host)
{
    /// <summary>How long a grant may be used.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);

    private readonly Queue<Grant> _grants = new();
    private readonly List<long> _unused = [];

    /// <summary>Whether no grant waits.</summary>
    public bool IsEmpty => _grants.Count == 0;

    /// <summary>The greatest number of a call that the database has granted and told of; 0 before the first one.</summary>
    public long Newest { get; private set; }

    /// <summary>Calls that will not be made, and that the database does not know to be so.</summary>
    public IReadOnlyList<long> Unused => _unused;

    /// <summary>Notes the moment of a question. Grants are as old as the question, not as its answer.</summary>
    public Moment Ask() => new(host.Time.GetTimestamp(), host.Time.GetUtcNow());

    /// <summary>Adds what the database has granted.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="asked">When they were asked for.</param>
    public void Add(IEnumerable<long> calls, Moment asked)
    {
        foreach (long call in calls)
        {
            _grants.Enqueue(new Grant(call, asked));
            Newest = Math.Max(Newest, call);
        }
    }

    /// <summary>Takes a grant that may be used.</summary>
    /// <returns>The call; null where there is none.</returns>
    public long? Take()
    {
        DropOld();
        return _grants.TryDequeue(out var grant) ? grant.Call : null;
    }

    /// <summary>Drops the grants that may not be used any more.</summary>
    public void DropOld() => DropWhile(grant => Age(grant.Asked) >= Hold);

    /// <summary>Drops all grants.</summary>
    public void DropAll() => DropWhile(_ => true);

    /// <summary>Forgets the unused calls: the database knows.</summary>
    public void ForgetUnused() => _unused.Clear();

    private void DropWhile(Predicate<Grant> isDropped)
    {
        while (_grants.TryPeek(out var grant) && isDropped(grant)) _unused.Add(_grants.Dequeue().Call);
    }

    private TimeSpan Age(Moment asked)
    {
        var byMonotonic = host.Time.GetElapsedTime(asked.Monotonic);
        var byWallClock = host.Time.GetUtcNow() - asked.WallClock;
        return byWallClock > byMonotonic ? byWallClock : byMonotonic;
    }

    /// <summary>A moment by both clocks of this machine: one of them tells that the process slept.</summary>
    public readonly record struct Moment(long Monotonic, DateTimeOffset WallClock);

    private readonly record struct Grant(long Call, Moment Asked);
}
