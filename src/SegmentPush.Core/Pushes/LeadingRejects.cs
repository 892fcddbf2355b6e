namespace SegmentPush.Pushes;

/// <summary>How the rows of a push begin, as far as they have been read.</summary>
/// <param name="Rejected">Rows that were rejected before the first one that was not; all of them where there was none.</param>
/// <param name="HasOther">Whether there was one that was not.</param>
internal readonly record struct LeadingRejects(long Rejected, bool HasOther)
{
    /// <summary>After so many rejected rows nothing is sent.</summary>
    public const int MostRejected = 1_000;

    /// <summary>Whether the push begins with so many rejected rows that nothing is sent.</summary>
    public bool AreTooManyRejected => Rejected >= MostRejected;

    /// <summary>Whether there were rows, and all of them were rejected.</summary>
    public bool AreAllRejected => Rejected > 0 && !HasOther;

    /// <summary>With one more row.</summary>
    public LeadingRejects With(bool isRejected) => HasOther ? this : isRejected ? this with { Rejected = Rejected + 1 } : this with { HasOther = true };
}
