namespace SegmentPush.Marketo;

/// <summary>A person that a lookup found.</summary>
/// <param name="Id">The person's id in Marketo.</param>
/// <param name="Value">Value of the field that was searched, as Marketo has it; its case may differ from what was asked.</param>
/// <param name="UpdatedAt">When the person was last updated; null where Marketo does not say.</param>
/// <param name="MoreFields">Values of the further fields that were asked for, by name; empty if none were.</param>
internal sealed record LeadMatch(
    long Id, string Value, DateTimeOffset? UpdatedAt, IReadOnlyDictionary<string, string?> MoreFields);
