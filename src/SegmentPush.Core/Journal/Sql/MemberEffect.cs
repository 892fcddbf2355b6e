namespace SegmentPush.Journal.Sql;

/// <summary>What a person's outcome means for the snapshot of the list.</summary>
internal enum MemberEffect
{
    /// <summary>Nothing: the snapshot learns nothing of the person.</summary>
    None,

    /// <summary>A member stays, with what was sent and the id where they are known.</summary>
    Stays,

    /// <summary>A person has joined the list.</summary>
    Joins,

    /// <summary>Nobody knows what was sent last for a member: a call is about to write other values.</summary>
    Doubts,

    /// <summary>Nobody has a member's identity any more. The person may be on the list with another identity, and stays known by the id.</summary>
    LosesIdentity,

    /// <summary>A member is not on the list any more.</summary>
    Leaves,
}

/// <summary>Decides what outcomes mean for the snapshot of the list.</summary>
internal static class MemberEffects
{
    /// <summary>What a person's outcome means. A person is on the list as soon as Marketo has confirmed it, and not before.</summary>
    public static MemberEffect Of(in PersonEntry person) => (person.Outcome, person.Mark) switch
    {
        (_, null) => MemberEffect.None,
        (PersonOutcome.Added or PersonOutcome.AlreadyMember, { Number: not null }) => MemberEffect.Stays,
        (PersonOutcome.Added or PersonOutcome.AlreadyMember, _) => MemberEffect.Joins,
        (PersonOutcome.NotDelivered, { Number: not null, SentHash: not (null or 0) }) when person.Stage == Stage.Sent => MemberEffect.Doubts,
        (PersonOutcome.Unmatched, { Number: not null, MayHaveOtherIdentity: true }) => MemberEffect.LosesIdentity,

        // The person stays on the list. Where another entry stands for the person, the reconciler has forgotten this one.
        (PersonOutcome.NotMember, { Number: not null }) when person.Code == PersonEntry.NamedByAnotherRow => MemberEffect.None,
        (PersonOutcome.Removed or PersonOutcome.NotMember or PersonOutcome.Unmatched, { Number: not null }) => MemberEffect.Leaves,
        _ => MemberEffect.None,
    };

    /// <summary>Numbers of other members with the identity of a person whose fields were written: what was sent for them before does not count any more.</summary>
    public static IReadOnlyList<int> TwinsWritten(in PersonEntry person) =>
        person is { Outcome: PersonOutcome.Added or PersonOutcome.AlreadyMember, Mark: { SentHash: not null } mark } ? mark.Twins : [];
}
