namespace SegmentPush.Segments.Parquet;

/// <summary>
/// Buffers for pages, which readers hand on to one another: the files of an export are read one after the other, and large arrays that are garbage stay in
/// memory for long. They go when no reader is left. Any thread may use it.
/// </summary>
internal sealed class PageBuffers
{
    private static readonly WeakReference<PageBuffers> s_shared = new(new PageBuffers());
    private static readonly Lock s_lock = new();

    private readonly List<byte[]> _free = [];

    private PageBuffers()
    {
    }

    /// <summary>The buffers of all readers that there are now. A reader keeps what this returns for as long as it reads.</summary>
    public static PageBuffers Shared
    {
        get
        {
            lock (s_lock)
            {
                if (s_shared.TryGetTarget(out var shared)) return shared;
                s_shared.SetTarget(shared = new PageBuffers());
                return shared;
            }
        }
    }

    /// <summary>A buffer of at least so many bytes. What is in it is left from others.</summary>
    public byte[] Rent(int size)
    {
        lock (_free)
        {
            int best = -1, largest = -1;
            for (int i = 0; i < _free.Count; i++)
            {
                int length = _free[i].Length;
                if (length >= size && (best < 0 || length < _free[best].Length)) best = i;
                if (largest < 0 || length > _free[largest].Length) largest = i;
            }

            // One that is too small makes room for the new one, so that there are never more than readers need at once.
            int taken = best >= 0 ? best : largest;
            if (taken < 0) return new byte[size];
            byte[] buffer = _free[taken];
            _free.RemoveAt(taken);
            return buffer.Length >= size ? buffer : new byte[size];
        }
    }

    /// <summary>Takes a buffer back, which nobody may use any more.</summary>
    public void Return(byte[] buffer)
    {
        lock (_free) _free.Add(buffer);
    }
}
