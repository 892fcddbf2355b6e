namespace SegmentPush;

/// <summary>How the modes differ: the one table, which all others ask.</summary>
internal static class PushModeTraits
{
    extension(PushMode mode)
    {
        /// <summary>Whether the segment is a full one, whose absent people are taken off the list.</summary>
        public bool TakesOffAbsent => mode == PushMode.Mirror;

        /// <summary>Whether a column says of each row that its person joins or leaves.</summary>
        public bool ReadsMembership => mode == PushMode.Delta;
    }
}
