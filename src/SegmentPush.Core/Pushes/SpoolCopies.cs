using SegmentPush.Journal;
using SegmentPush.Segments.Spools;

namespace SegmentPush.Pushes;

/// <summary>
/// Copies the rows of pipelines into a journal that machines share, as fast as they come. A row is pushed after it was copied, so another machine that
/// resumes the push finds every row that this one has sent.
/// </summary>
internal sealed class SpoolCopies : IDisposable
{
    private const int BlockBytes = 1 << 20;

    private readonly List<(Spool Spool, Thread? Thread)> _copies = [];
    private readonly CancellationTokenSource _end = new();
    private readonly ISpoolStore? _store;
    private readonly long _pushKey;

    private SpoolCopies(ISpoolStore? store, long pushKey) => (_store, _pushKey) = (store, pushKey);

    /// <summary>Begins to copy. Where the journal is of one machine, there is nothing to do.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="pushKey">The push.</param>
    /// <param name="sources">Its sources.</param>
    public static SpoolCopies Begin(PushJournal journal, long pushKey, IReadOnlyList<PushSource> sources)
    {
        // Rows hold identities as they are. Who wants hashes in the journal wants no rows there.
        var copies = new SpoolCopies(journal.Identities.AreHashed ? null : journal.Spools, pushKey);
        if (copies._store is not { } store) return copies;
        store.Sweep();
        for (int i = 0; i < sources.Count; i++)
        {
            if (sources[i].Spool is not { } spool) continue;
            int number = i;
            long copied = store.GetLength(pushKey, number);
            var file = spool.FollowToCopy(copied);
            if (journal.HasOwnThreads)
            {
                var thread = new Thread(() => copies.Copy(number, spool, file, copied)) { IsBackground = true, Name = "SegmentPush spool" };
                copies._copies.Add((spool, thread));
                thread.Start();
            }
            else
            {
                copies._copies.Add((spool, null));
                copies.Copy(number, spool, file, copied);
            }
        }

        return copies;
    }

    /// <summary>Opens the rows of a pipeline: those of this machine, or those of the journal where it holds more.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="pushKey">The push.</param>
    /// <param name="source">Number of the source.</param>
    /// <param name="path">The file of the rows.</param>
    /// <returns>Whether there are any.</returns>
    /// <exception cref="SegmentPushException">They can't be written here (<c>SpoolNotWritable</c>).</exception>
    public static bool Restore(PushJournal journal, long pushKey, int source, string path)
    {
        long here = File.Exists(path) ? new FileInfo(path).Length : 0;
        if (journal.Spools is not { } store || store.GetLength(pushKey, source) <= here) return here > 0;
        SpoolFiles.Write(path, file => store.Read(pushKey, source, file));
        return true;
    }

    public void Dispose()
    {
        // What has come whole is copied to its end, where the push can be resumed: another machine can do it then.
        if (_copies.Exists(copy => !copy.Spool.IsKept || !copy.Spool.HasEnded)) _end.Cancel();
        foreach (var (_, thread) in _copies) thread?.Join();
        _end.Dispose();
        if (_copies.Count == 0 || _copies.Exists(copy => copy.Spool.IsKept)) return;
        try
        {
            _store!.Remove(_pushKey);
        }
        catch (SegmentPushException)
        {
            // The next push with a pipeline removes them.
        }
    }

    private void Copy(int source, Spool spool, SpoolStream file, long copied)
    {
        try
        {
            using (file)
            {
                file.Cancellation = _end.Token;
                byte[] block = new byte[BlockBytes];
                for (int read; (read = file.Read(block)) > 0; spool.NoteCopied(copied))
                {
                    _store!.Append(_pushKey, source, copied, block.AsSpan(0, read));
                    copied += read;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The push has ended before its rows had come.
        }
        catch (SegmentPushException e)
        {
            spool.EndCopying(e);
        }
        catch (Exception e)
        {
            // The thread has nobody else to tell, and a reader waits.
            spool.EndCopying(SpoolFiles.NotWritable(spool.Path, e));
        }
    }
}
