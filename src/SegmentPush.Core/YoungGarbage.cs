namespace SegmentPush;

/// <summary>
/// Bounds the memory that young garbage takes. By itself the runtime lets as much of it gather as the processor's cache is large: on a large
/// server 200 MB, more than everything that a push keeps.
/// </summary>
internal static class YoungGarbage
{
    private const long MostBytes = 16 * 1024 * 1024;

    private static long s_allocatedBefore;
    private static int s_collectionsBefore;

    /// <summary>Collects young garbage where much has gathered since the last collection. Work that goes on for long calls it again and again.</summary>
    public static void Bound()
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
}
