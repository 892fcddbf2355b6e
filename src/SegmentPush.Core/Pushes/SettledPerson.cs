using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>A person with the outcome that the push brought.</summary>
internal readonly record struct SettledPerson(
    Person Person,
    PersonOutcome Outcome,
    PersonChange Change = PersonChange.Unknown,
    long? MarketoId = null,
    string? Code = null,
    string? Reason = null);
