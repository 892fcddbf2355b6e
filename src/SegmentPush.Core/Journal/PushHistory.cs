namespace SegmentPush.Journal;

/// <summary>Finds pushes, and tells how they truly stand: a push whose process was killed, or that a newer one has superseded, could not say so itself.</summary>
internal sealed class PushHistory(IPushStore pushes, ISumStore sums, IJournalLocks locks)
{
    private const int MostAtOnce = 500;

    /// <summary>What the lock of a push that runs is for.</summary>
    public static string LockOf(Guid id) => "push " + id;

    /// <summary>Pushes, newest first.</summary>
    public IReadOnlyList<PushStatus> Get(PushFilter filter) => Get(filter, locks.IsHeld);

    private List<PushStatus> Get(PushFilter filter, Func<string, bool> isHeld)
    {
        var found = new List<PushStatus>();
        var newest = new Lazy<NewestPushes>(() => new NewestPushes(pushes.GetNewestCompleted()));
        var stored = filter with { States = [.. StoredAs(filter.States)] };
        int most = Math.Clamp(filter.Last ?? MostAtOnce, 1, MostAtOnce);
        IReadOnlyList<StoredPush> some = [];
        do
        {
            most = Math.Min(most * 8, MostAtOnce);
            some = pushes.Get(stored, some.Count == 0 ? null : some[^1], most);
            foreach (var push in some.Where(push => HasName(push.Status, filter)))
            {
                if (found.Count == filter.Last) return found;
                var status = Supersede(push.Key, Truthful(push, isHeld), newest);
                if (filter.States.Count == 0 || filter.States.Contains(status.State)) found.Add(status);
            }
        }
        while (some.Count == most && found.Count != filter.Last);
        return found;
    }

    /// <summary>A push.</summary>
    /// <exception cref="SegmentPushException">The journal does not hold it (<c>PushNotFound</c>).</exception>
    public PushStatus Get(Guid id) => Get(new PushFilter { Ids = [id] }) is [var push] ? push : throw PushErrors.NotFound(id);

    /// <summary>A push whose lock the caller holds, so that no other process runs it.</summary>
    /// <inheritdoc cref="Get(Guid)"/>
    public PushStatus GetOwn(Guid id) => Get(new PushFilter { Ids = [id] }, _ => false) is [var push] ? push : throw PushErrors.NotFound(id);

    /// <summary>Whether a newer push of the same destination into the same list has completed. The caller holds the lock of this push.</summary>
    public bool IsSuperseded(Guid id) => GetOwn(id).IsSuperseded;

    /// <summary>The id of the push that a text names.</summary>
    /// <param name="text">A whole id, or the last digits of one.</param>
    /// <returns>The id. A whole one is given back also where the journal holds no such push.</returns>
    /// <exception cref="SegmentPushException">
    /// The text is no id (<c>PushIdMalformed</c>), or no push (<c>PushNotFound</c>) or several pushes (<c>PushIdAmbiguous</c>) have an id that ends so.
    /// </exception>
    public Guid FindId(string text) => Guid.TryParse(text, out var whole) ? whole : FindIdByEnd(text);

    private Guid FindIdByEnd(string text)
    {
        var found = pushes.FindIds(PushIds.DigitsOf(text));
        if (found is [var id]) return id;
        if (found.Count == 0)
        {
            throw new SegmentPushException(
                "PushNotFound",
                $"The journal holds no push whose id ends with '{text}'.",
                "Get-PushStatus -Last 10 shows the newest; -Journal, SEGMENTPUSH_HOME or SEGMENTPUSH_JOURNAL chooses another journal.",
                text);
        }

        throw new SegmentPushException(
            "PushIdAmbiguous",
            $"The ids of {found.Count} pushes end with '{text}': {string.Join(", ", found.Take(5))}{(found.Count > 5 ? ", ..." : "")}.",
            "Give more digits, or the whole id.",
            text);
    }

    // A list may be called "Été", and databases fold the case of letters in ways of their own.
    private static bool HasName(PushStatus push, PushFilter filter) =>
        (filter.StaticListName is not { } name || string.Equals(name, push.StaticListName, StringComparison.OrdinalIgnoreCase))
        && (filter.Destinations.Count == 0 || filter.Destinations.Contains(push.Destination, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<PushState> StoredAs(IReadOnlyList<PushState> states) => states
        .SelectMany(state => state is PushState.Interrupted or PushState.Superseded ? [PushState.Interrupted, PushState.Running] : new[] { state })
        .Distinct();

    private PushStatus Truthful(StoredPush stored, Func<string, bool> isHeld)
    {
        var push = stored.Status;
        if (push.State != PushState.Running || isHeld(LockOf(push.Id))) return push;
        return push with
        {
            State = PushState.Interrupted,
            Reason = MessageText.Say("Its process ended before it did."),
            Ended = push.StoodAt,
            NotDelivered = push.Received - push.Activated - push.Excluded - push.Rejected,
            Created = push.Created + (push.PersonCreation == PersonCreation.MatchExisting ? 0 : sums.CountCreatedOpen(stored.Key)),
        };
    }

    private static PushStatus Supersede(long pushKey, PushStatus push, Lazy<NewestPushes> newest)
    {
        if (push.Destination is null || push.State is not (PushState.Interrupted or PushState.Failed) || newest.Value.KeyOf(push) <= pushKey) return push;
        return push with { IsSuperseded = true, State = push.State == PushState.Interrupted ? PushState.Superseded : push.State };
    }

    // By key, because a clock may have been put back between two pushes.
    private sealed class NewestPushes
    {
        private readonly Dictionary<(string Destination, string Instance, long ListId), long> _keys = [];

        public NewestPushes(IReadOnlyList<NewestPush> newest)
        {
            foreach (var push in newest)
            {
                var target = (DestinationEntry.Fold(push.Destination), push.Instance, push.ListId);
                _keys[target] = Math.Max(push.Key, _keys.GetValueOrDefault(target));
            }
        }

        public long KeyOf(PushStatus push) => _keys.GetValueOrDefault((DestinationEntry.Fold(push.Destination!), push.Instance, push.StaticListId));
    }
}
