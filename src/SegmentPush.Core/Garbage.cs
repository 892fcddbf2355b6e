namespace SegmentPush;

/// <summary>Bounds the memory that garbage takes, where the runtime by itself would let much of it gather.</summary>
internal static class Garbage
{
    private const long MostBytes = 16 * 1024 * 1024;

    private static long s_allocatedBefore;
    private static int s_collectionsBefore;

    /// <summary>
    /// Collects young garbage where much has gathered since the last collection. Work that goes on for long calls it again and again. By itself the
    /// runtime waits until there is as much as the processor's cache holds: on a large server 200 MB, more than everything that a push keeps.
    /// </summary>
    public static void BoundYoung()
    {
        long allocated = GC.GetTotalAllocatedBytes();
        int collections = GC.CollectionCount(0);
        if (Interlocked.Exchange(ref s_collectionsBefore, collections) != collections)
        {
            Interlocked.Exchange(ref s_allocatedBefore, allocated);
            return;
        }

        long before = Interlocked.Read(ref s_allocatedBefore);
        if (allocated - before < MostBytes || Interlocked.CompareExchange(ref s_allocatedBefore, allocated, before) != before) return;
        GC.Collect(0, GCCollectionMode.Forced);
    }

    /// <summary>Collects all garbage and gives its memory back to the system. It takes some 50 ms; call it after large work only.</summary>
    public static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
