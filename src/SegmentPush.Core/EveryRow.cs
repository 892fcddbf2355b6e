using System.Runtime.CompilerServices;

namespace SegmentPush;

/// <summary>How methods are compiled through which every row goes.</summary>
internal static class EveryRow
{
    /// <summary>
    /// Once and fully, at their first call. The runtime would otherwise run them slowly, measure them, and compile them twice
    /// while a push runs, which takes as long as some 10,000 rows.
    /// </summary>
    public const MethodImplOptions Compiled = MethodImplOptions.AggressiveOptimization;
}
