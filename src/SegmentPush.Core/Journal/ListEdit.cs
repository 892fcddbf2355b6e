namespace SegmentPush.Journal;

/// <summary>Somebody whom a push put on the list, or took off it.</summary>
/// <param name="Outcome"><see cref="PersonOutcome.Added"/> or <see cref="PersonOutcome.Removed"/>.</param>
/// <param name="Identity">The identity; empty where it is not known, or kept as a hash.</param>
/// <param name="Change">What the push did with the person's record.</param>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell.</param>
/// <param name="Mark">How the snapshot of the push's destination knows the person.</param>
internal sealed record ListEdit(PersonOutcome Outcome, string Identity, PersonChange Change, long? MarketoId, MemberMark? Mark);
