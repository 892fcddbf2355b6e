using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>
/// One push in the journal, with its sums. It owns the journal's session while the push runs: the session serves one thread at a time,
/// and every part of the push reaches it through here.
/// </summary>
internal sealed class PushRecord(PushJournal journal, long pushKey, PushSums sums)
{
    /// <summary>What to do about a fault of our own.</summary>
    public const string ReportIt = "This is a fault of SegmentPush: report it with the push's id; the journal holds what is certain.";

    private readonly Lock _lock = new();

    /// <summary>The sums. What is not said to be for any thread belongs into <see cref="Do"/>.</summary>
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
        lock (_lock) return work(journal, pushKey);
    }

    /// <inheritdoc cref="Do{T}"/>
    public void Do(Action<PushJournal, long> work)
    {
        lock (_lock) work(journal, pushKey);
    }
}
