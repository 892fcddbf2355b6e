namespace SegmentPush.Journal;

/// <summary>
/// Keeps the rows of pipelines where every machine reaches them, until their push has ended. It is used beside the other stores by a thread of its own.
/// </summary>
internal interface ISpoolStore : IDisposable
{
    /// <summary>How many bytes of a source's rows are kept, from the first one on.</summary>
    long GetLength(long pushKey, int source);

    /// <summary>Keeps more of a source's rows.</summary>
    /// <param name="pushKey">The push.</param>
    /// <param name="source">Number of the source.</param>
    /// <param name="begins">How many bytes are kept already.</param>
    /// <param name="content">The bytes behind them.</param>
    /// <exception cref="SegmentPushException">The push was taken over (<c>JournalLeaseLost</c>), or the database can't be reached.</exception>
    void Append(long pushKey, int source, long begins, ReadOnlySpan<byte> content);

    /// <summary>Writes what is kept of a source's rows.</summary>
    void Read(long pushKey, int source, Stream into);

    /// <summary>Forgets the rows of a push.</summary>
    void Remove(long pushKey);

    /// <summary>Forgets the rows of pushes that have ended, and whose process was killed before it did that.</summary>
    void Sweep();
}
