namespace SegmentPush.Pushes.InStep;

/// <summary>What the snapshot of a destination knows of a person of the segment.</summary>
/// <param name="Member">Who it is on the list; null for somebody who is not known to be on it.</param>
/// <param name="IsUnchanged">Whether the person is known to be on the list with just these values, so that there is nothing to do.</param>
internal readonly record struct MetPerson(KnownMember? Member, bool IsUnchanged);
