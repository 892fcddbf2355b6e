using System.Runtime.ExceptionServices;
using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>
/// One push in the journal, with its sums. It owns the journal's session while the push runs: the session serves one thread at a time,
/// and what runs beside other threads reaches it through here. What several threads write meanwhile is written in one transaction, so that a slow disk or a far
/// database does not hold up deliveries one after the other.
/// </summary>
internal sealed class PushRecord(PushJournal journal, long pushKey, PushSums sums)
{
    /// <summary>What to do about a fault of our own.</summary>
    public const string ReportIt = "This is a fault of SegmentPush: report it with the push's id; the journal holds what is certain.";

    // Taken in this order. The second one guards sums and queue, and no write to the journal happens under it but those of Do.
    private readonly Lock _session = new(), _lock = new();
    private List<QueuedBatch> _queue = [];

    /// <summary>The sums. What is not said to be for any thread belongs into <see cref="Do"/> or <see cref="Write"/>.</summary>
    public PushSums Sums => sums;

    /// <summary>The people who have no outcome yet.</summary>
    public OutstandingPeople Outstanding { get; } = new();

    /// <summary>How the push stands.</summary>
    public PushStatus Status
    {
        get
        {
            lock (_lock) return sums.Build(PushState.Running);
        }
    }

    /// <summary>Whether identities are kept as hashes, which can't be looked up.</summary>
    public bool HashesIdentities => journal.Identities.AreHashed;

    /// <summary>An identity as the journal keeps it.</summary>
    public string KeyOf(string identity) => journal.Identities.KeyOf(identity);

    /// <summary>Works on the journal and the sums while nobody else does.</summary>
    public T Do<T>(Func<PushJournal, long, T> work)
    {
        lock (_session)
        {
            // The sums count them already.
            WriteQueue();
            lock (_lock) return work(journal, pushKey);
        }
    }

    /// <inheritdoc cref="Do{T}"/>
    public void Do(Action<PushJournal, long> work) => Do((open, key) =>
    {
        work(open, key);
        return true;
    });

    /// <summary>Writes a batch, together with those that other threads write now. It is in the journal when this returns.</summary>
    /// <param name="make">Counts the batch in the sums, and makes it. It may not use the journal.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public void Write(Func<OutcomeBatch> make)
    {
        QueuedBatch own;
        lock (_lock)
        {
            own = new QueuedBatch(make());
            _queue.Add(own);
        }

        lock (_session)
        {
            // Who had the session before may have written it.
            if (!own.IsDone) WriteQueue();
        }

        own.Fault?.Throw();
    }

    private void WriteQueue()
    {
        List<OutcomeBatch> batches;
        List<QueuedBatch> group;
        lock (_lock)
        {
            if (_queue.Count == 0) return;
            (group, _queue) = (_queue, []);

            // Sums that were queued may be older by now than those that another thread has written since.
            batches = group.ConvertAll(queued => queued.Batch);
            batches[^1] = batches[^1] with { Status = sums.Build(PushState.Running) };
        }

        ExceptionDispatchInfo? fault = null;
        try
        {
            journal.Outcomes.Write(pushKey, batches);
        }
        catch (Exception e)
        {
            // Each of those who have queued one throws it.
            fault = ExceptionDispatchInfo.Capture(e);
        }

        foreach (var queued in group) queued.End(fault);
    }

    // A batch that waits for its transaction. The session's lock guards its end.
    private sealed class QueuedBatch(OutcomeBatch batch)
    {
        public OutcomeBatch Batch => batch;

        public bool IsDone { get; private set; }

        public ExceptionDispatchInfo? Fault { get; private set; }

        public void End(ExceptionDispatchInfo? fault) => (IsDone, Fault) = (true, fault);
    }
}
