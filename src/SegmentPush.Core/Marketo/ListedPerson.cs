namespace SegmentPush.Marketo;

/// <summary>A person on a static list, told by as little as keeping a list in step needs.</summary>
/// <param name="Id">The person's id in Marketo.</param>
/// <param name="Identity">Value of the field that was asked for; null where the person has none.</param>
internal readonly record struct ListedPerson(long Id, string? Identity);
