using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>Makes the entries of the journal out of people, and people out of entries.</summary>
internal static class PersonEntries
{
    /// <summary>The entry of a person at the stage that the person has come to.</summary>
    public static PersonEntry AtStage(Person person) =>
        new(person.Source, person.Row, person.Identity, PersonOutcome.NotDelivered, ChangeOf(person), person.Stage == Stage.Sent ? null : person.MarketoId)
        {
            Stage = person.Stage,
            Sent = person.SentAt,
            Mark = MarkOf(person),
        };

    /// <summary>Settles a person.</summary>
    /// <exception cref="SegmentPushException">The person is settled already (<c>SumsDisagree</c>).</exception>
    public static PersonEntry Settle(SettledPerson settled)
    {
        settled.Person.Advance(Stage.Settled);
        return Of(settled);
    }

    /// <summary>The entry of a person with an outcome.</summary>
    public static PersonEntry Of(SettledPerson settled)
    {
        var person = settled.Person;
        return new PersonEntry(
            person.Source, person.Row, person.Identity, settled.Outcome, settled.Change, settled.MarketoId, settled.Code, settled.Reason)
        {
            Mark = MarkOf(person),
        };
    }

    /// <summary>People of an import file. They are made one by one: an array would be large and stay long.</summary>
    public static IEnumerable<ImportedPerson> Imported(IReadOnlyCollection<Person> people)
    {
        foreach (var person in people)
            yield return new ImportedPerson(person.Source, person.Row, person.Identity, person.MarketoId, MarkOf(person));
    }

    /// <summary>The person of an entry, without the values of the row.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="findMember">Tells which people the snapshot knows by an identity. The entry holds no id of a member.</param>
    public static Person ToPerson(PersonEntry entry, Func<Hash128, SnapshotMatch> findMember)
    {
        bool isAgain = entry is { Stage: Stage.Written or Stage.NotAdded, Sent: not null };
        var match = !isAgain && entry.Mark is { Number: not null } mark ? findMember(mark.IdentityHash) : default;
        var member = MemberOf(match, entry.Mark?.Number);
        var person = new Person(entry.Source, entry.Row, entry.Identity, default)
        {
            MarketoId = entry.MarketoId,
            Change = entry.Change,
            IdentityHash = entry.Mark?.IdentityHash ?? default,
            SentHash = entry.Mark?.SentHash ?? 0,
            MemberNumber = entry.Mark?.Number,
            IsAgain = isAgain,
            MemberId = isAgain ? entry.MarketoId : member?.MarketoId,
            DoubtedMemberId = member?.DoubtedId,
            Twins = match.NumbersOfTwins,
            WasCreated = entry is { Stage: Stage.Sent, Change: PersonChange.Created },
        };

        // The entry has the member's number although the id is another one: Marketo has said that nobody has the id of the member.
        if (entry.Stage is Stage.Written or Stage.NotAdded && entry.Mark is { Number: not null } && person.NumberInSnapshot is null) person.WasGone = true;
        if (entry.Sent is { } sentAt) person.Advance(entry.Stage, sentAt);
        else person.Advance(entry.Stage);
        return person;
    }

    // Several members may have the identity.
    private static SnapshotMember? MemberOf(SnapshotMatch match, int? number) =>
        match.Twins is { } twins && twins.Any(twin => twin.Number == number) ? twins.First(twin => twin.Number == number) : match.Member;

    // A later process must know that a lost call has created the person.
    private static PersonChange ChangeOf(Person person) =>
        person is { Stage: Stage.Sent, WasCreated: true } ? PersonChange.Created : person.Change;

    private static MemberMark? MarkOf(Person person) => person is { IdentityHash: var hash, NumberInSnapshot: var number } && (!hash.IsZero || number is not null)
        ? new MemberMark(hash, hash.IsZero ? null : person.SentHash, number)
        {
            Twins = person.OthersInSnapshot,
            MayHaveOtherIdentity = (person.MemberId ?? person.DoubtedMemberId) is not null && person is { MarketoId: null, WasGone: false },
        }
        : null;
}
