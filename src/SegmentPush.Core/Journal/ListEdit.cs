namespace SegmentPush.Journal;

/// <summary>A person that a push put on its list, or took off it, or may have: its process ended before it heard the answer.</summary>
/// <param name="Outcome"><see cref="PersonOutcome.Added"/> or <see cref="PersonOutcome.Removed"/>.</param>
/// <param name="Identity">The identity; empty where it is not known, or kept as a hash.</param>
/// <param name="Change">What the push did with the person's record.</param>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell.</param>
/// <param name="IdentityHash">Keyed hash of the identity by which snapshots know people; null where it is not known.</param>
internal sealed record ListEdit(PersonOutcome Outcome, string Identity, PersonChange Change, long? MarketoId, Hash128? IdentityHash)
{
    /// <summary>Whether the answer is not known, so that the list alone tells what happened.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether nothing tells, not even the list, if the person was on it before the push.</summary>
    public bool IsUnsure { get; init; }

    /// <summary>Whether the snapshot knew the person on the list.</summary>
    public bool WasMember { get; init; }

    /// <summary>Whether the push was about to put the person on the list, and a later push has done so.</summary>
    public bool IsAddedLater { get; init; }
}
