using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>A person with the outcome that the push brought.</summary>
internal readonly record struct SettledPerson(
    Person Person,
    PersonOutcome Outcome,
    PersonChange Change = PersonChange.Unknown,
    long? MarketoId = null,
    string? Code = null,
    string? Reason = null)
{
    /// <summary>A person whom Marketo does not know.</summary>
    public static SettledPerson Unmatched(Person person, Mapping mapping) => new(
        person, PersonOutcome.Unmatched, Code: "NobodyFound", Reason: $"Nobody in Marketo has this {mapping.IdentityField.Name}.");
}
