namespace SegmentPush.Journal;

/// <summary>Begins pushes, takes them over, gives them up and removes them. It holds the lock of the push that it has begun or taken over.</summary>
/// <param name="stores">The stores of the journal.</param>
/// <param name="history">Tells how pushes truly stand.</param>
/// <param name="folder">The folder with the rows of pipelines.</param>
/// <param name="host">The process's host.</param>
internal sealed class PushLifecycle(JournalStores stores, PushHistory history, string folder, ProcessHost host) : IDisposable
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(20);

    private IDisposable? _alive;

    /// <summary>Enters a new push.</summary>
    /// <param name="status">The push at its start.</param>
    /// <param name="request">What it is to do, as text.</param>
    /// <param name="sources">Where its people come from.</param>
    /// <param name="identities">How the identities of its people are kept.</param>
    /// <returns>Its key.</returns>
    public long Begin(PushStatus status, string request, IReadOnlyList<SourceEntry> sources, JournalIdentity identities = JournalIdentity.Plain)
    {
        stores.Identities.Use(identities);

        // Held while this process lives, so that others can tell a push that runs from one that was killed.
        _alive = stores.Locks.Take(PushHistory.LockOf(status.Id));
        return stores.Pushes.Add(status, request, sources, identities);
    }

    /// <summary>Takes over a push whose process has ended, or that ended before its people were delivered.</summary>
    /// <param name="id">The push.</param>
    /// <param name="evenIfSuperseded">Whether a push is taken over although a newer one of its destination has completed.</param>
    /// <param name="cancellation">Ends the waiting for its lock.</param>
    /// <exception cref="SegmentPushException"><c>PushNotFound</c>, <c>PushRunning</c>, <c>NothingToResume</c>, <c>Abandoned</c>, <c>Superseded</c>.</exception>
    public async Task<StartedPush> TakeOverAsync(Guid id, bool evenIfSuperseded, CancellationToken cancellation)
    {
        // Another process holds the lock for a moment while it looks whether the push runs.
        for (int i = 0; _alive is null && i < 5; i++)
        {
            _alive = TryTake(id);
            if (_alive is null) await Task.Delay(s_lookAgain, host.Time, cancellation).ConfigureAwait(false);
        }

        var push = _alive is null ? history.Get(id) : history.GetOwn(id);
        if (_alive is null) throw PushErrors.Running(id);
        return PushErrors.FindReasonAgainstResume(push, evenIfSuperseded) is { } error ? throw error : stores.Pushes.GetStarted(push);
    }

    /// <summary>Gives up a push that has not completed: it can't be resumed any more, and its history stays.</summary>
    /// <returns>The push as it is now. A push that was given up before stays as it is.</returns>
    /// <exception cref="SegmentPushException"><c>PushNotFound</c>, <c>PushRunning</c>, <c>NothingToAbandon</c>.</exception>
    public PushStatus Abandon(Guid id)
    {
        using var held = TryTake(id);
        var push = held is null ? history.Get(id) : history.GetOwn(id);
        if (held is null) throw PushErrors.Running(id);
        if (push.State == PushState.Abandoned) return push;
        if (PushErrors.FindReasonAgainstAbandoning(push) is { } error) throw error;
        var abandoned = push with
        {
            State = PushState.Abandoned,
            Reason = (push.Reason is null ? (MessageText)"Given up by the user." : $"Given up by the user. Before: {push.Reason}").ToString(),
            Ended = push.Ended ?? host.Time.GetUtcNow(),
            IsSuperseded = false,
        };
        long key = stores.Pushes.GetStarted(push).Key;
        stores.Outcomes.Write(key, new OutcomeBatch(abandoned));
        stores.Spools?.Remove(key);
        DeleteFiles(stores.Pushes.GetSpools(id));
        return abandoned;
    }

    /// <summary>Why a push can't be taken out; null where it can.</summary>
    public SegmentPushException? FindReasonAgainstRemoval(PushStatus push) => push.State == PushState.Running ? PushErrors.Running(push.Id)
        : stores.OpenCalls.HasOpen(push.Id) ? PushErrors.CreatesOpen(push.Id) : null;

    /// <summary>Takes a push out with its people, and with the rows that were kept for resuming it.</summary>
    /// <exception cref="SegmentPushException">It is under way (<c>PushRunning</c>), or a call or an import of it may still run (<c>CreatesOpen</c>).</exception>
    public void Remove(Guid id)
    {
        using var held = TryTake(id) ?? throw PushErrors.Running(id);
        if (stores.OpenCalls.HasOpen(id)) throw PushErrors.CreatesOpen(id);
        var spools = stores.Pushes.GetSpools(id);
        stores.Pushes.Remove(id);
        DeleteFiles(spools);
    }

    /// <summary>Gives the space of removed pushes back to the disk.</summary>
    /// <returns>False where a push runs, which would have to wait for that time.</returns>
    public bool TryGiveSpaceBack()
    {
        if (history.Get(new PushFilter { States = [PushState.Running] }).Count > 0) return false;
        stores.Pushes.GiveSpaceBack();
        return true;
    }

    public void Dispose() => _alive?.Dispose();

    private IDisposable? TryTake(Guid id) => stores.Locks.TryTake(PushHistory.LockOf(id), isTransient: true);

    private void DeleteFiles(IReadOnlyList<string> spools)
    {
        foreach (string spool in spools) PrivateFile.Delete(Path.Combine(folder, spool));
    }
}
