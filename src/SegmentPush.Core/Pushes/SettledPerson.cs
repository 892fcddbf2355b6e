using SegmentPush.Mappings;
using SegmentPush.Marketo;

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
    /// <summary>A person that Marketo does not know.</summary>
    public static SettledPerson Unmatched(Person person, Mapping mapping) => new(
        person, PersonOutcome.Unmatched, Code: "NobodyFound", Reason: UnmatchedReason(mapping));

    /// <summary>Says that nobody has the identity.</summary>
    public static string UnmatchedReason(Mapping mapping) => MessageText.Say($"Nobody in Marketo has this {mapping.IdentityField.Name}.");

    /// <summary>A person that Marketo refused.</summary>
    /// <param name="person">The person.</param>
    /// <param name="result">What Marketo says.</param>
    /// <param name="change">What the push has done with the record; null for what the person says of it.</param>
    public static SettledPerson Refused(Person person, RecordResult result, PersonChange? change = null) => new(
        person,
        PersonOutcome.Rejected,
        change ?? person.Change,
        person.MarketoId ?? result.Id,
        result.Code ?? "Skipped",
        result.Message is null ? MessageText.Say("Marketo skipped this person and does not say why.") : SafeText.Of(result.Message));

    /// <summary>A person that Marketo does not know, and that is not created because of the address.</summary>
    public static SettledPerson NotCreated(Person person) => new(person, PersonOutcome.Rejected, Code: NotCreatedCode, Reason: NotCreatedReason);

    /// <summary>A person whose identity a lookup can't carry.</summary>
    public static SettledPerson NotSearchable(Person person, Mapping mapping) => new(
        person, PersonOutcome.Rejected, Code: NotSearchableCode, Reason: NotSearchableReason(mapping.IdentityField.Name));

    /// <summary>Code of people whose identity a lookup can't carry.</summary>
    public const string NotSearchableCode = "IdentityHasComma";

    /// <summary>Why a lookup can't carry their identity.</summary>
    /// <param name="field">The field that finds people.</param>
    public static string NotSearchableReason(string field) =>
        MessageText.Say($"Marketo can't look up a {field} with a comma in it; correct the value, or match by another field.");

    /// <summary>Code of people who are not created because of their address.</summary>
    public const string NotCreatedCode = "AddressMalformed";

    /// <summary>Why they are not created.</summary>
    public static string NotCreatedReason => MessageText.Say("Nobody in Marketo has this address, and nobody is created with it, because it is not of the form name@example.com; correct it.");
}
