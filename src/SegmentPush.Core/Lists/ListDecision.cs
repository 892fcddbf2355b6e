namespace SegmentPush.Lists;

/// <summary>What was decided about one person and a list.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Facts">What was known of the person.</param>
/// <param name="MarketoId">The person's id in Marketo; null where an import did not tell, and the list was not read.</param>
/// <param name="Number">Number in the snapshot; null where the snapshot does not know the person.</param>
/// <param name="Key">Key of the identity by which the person is known.</param>
/// <param name="Identity">The identity as the list told it; null where it did not.</param>
internal readonly record struct ListDecision(ListAction Action, PersonFacts Facts, long? MarketoId, int? Number, MemberKey Key, string? Identity = null)
{
    /// <summary>The id of the member that an import has put in doubt, or somebody else on the list with the identity; null where there is none.</summary>
    public long? DoubtedId { get; init; }

    /// <summary>Decides about a member.</summary>
    /// <param name="mode">How the list is kept in step.</param>
    /// <param name="known">The member.</param>
    /// <param name="facts">What is known of it.</param>
    public static ListDecision Of(PushMode mode, KnownMember known, PersonFacts facts) =>
        new(ListReconciler.Decide(mode, facts), facts, known.Member.MarketoId, known.Member.Number, known.Member.Key) { DoubtedId = known.Member.DoubtedId };

    /// <summary>The person, whose number is 0 where the snapshot does not know the person.</summary>
    public SnapshotMember Person => new(Number ?? 0, MarketoId, Key) { DoubtedId = DoubtedId };

    /// <summary>Whether a row says that the person has left.</summary>
    public bool IsExit => Facts.Named.HasFlag(NamedBy.Exit);

    /// <summary>Whether somebody has to know of the decision.</summary>
    public bool Matters => Action != ListAction.Leave || Facts.IsNamedOtherwise;
}
