namespace SegmentPush.Lists;

/// <summary>What is known of the members that an exit names by an identity.</summary>
internal enum ExitedMembers
{
    /// <summary>They are on the list, and their ids are known.</summary>
    Listed,

    /// <summary>The list does not hold them.</summary>
    NotListed,

    /// <summary>Another row says that the same person is in the segment.</summary>
    NamedOtherwise,

    /// <summary>Not enough: Marketo has to be asked who has the identity.</summary>
    Unknown,
}

/// <summary>Tells for an identity that an exit names whether its members are on the list, are gone, are named by another row, or are not known.</summary>
internal sealed class ExitLookup
{
    private readonly ILookup<MemberKey, ListDecision> _leaving;
    private readonly ILookup<MemberKey, ListDecision> _takenOff;
    private readonly HashSet<MemberKey> _notListed;
    private readonly HashSet<MemberKey> _namedOtherwise;
    private readonly IReadOnlySet<MemberKey> _newNames;

    /// <summary>Takes the decisions about a list.</summary>
    /// <param name="steps">The decisions.</param>
    /// <param name="mayBeOff">Whether an earlier process of the push may have taken a person off.</param>
    public ExitLookup(ListSteps steps, Func<long, bool> mayBeOff)
    {
        _leaving = steps.Removals.Where(removal => removal.IsExit).ToLookup(removal => removal.Key);
        var absent = steps.Decisions.Where(decision => decision is { Action: ListAction.Forget or ListAction.CountRemoved, Facts: { IsMember: true, IsListed: false } }).ToArray();
        _notListed = [.. absent.Select(decision => decision.Key)];
        _takenOff = absent
            .Where(decision => decision is { Action: ListAction.Forget, Facts.HasBetterEntry: false, MarketoId: { } id } && mayBeOff(id))
            .ToLookup(decision => decision.Key);
        _namedOtherwise = [.. steps.Decisions
            .Where(decision => decision is { Action: ListAction.Leave or ListAction.Forget, Facts.IsNamedOtherwise: true }).Select(decision => decision.Key)];
        _newNames = steps.NewNames;
    }

    /// <summary>What is known of the members with an identity.</summary>
    public ExitedMembers Of(MemberKey key)
    {
        // Another member has the identity by now, or of several members some have ids that are not known: then a lookup completes what is known.
        bool isOthers = _newNames.Contains(key), hasIds = _leaving[key].Any(HasId);
        if (!isOthers && hasIds && _leaving[key].All(HasId)) return ExitedMembers.Listed;
        if (!isOthers && !hasIds && _notListed.Contains(key)) return ExitedMembers.NotListed;
        return _namedOtherwise.Contains(key) ? ExitedMembers.NamedOtherwise : ExitedMembers.Unknown;
    }

    /// <summary>The members with an identity that leave and whose ids are known, the newest one first.</summary>
    public IReadOnlyList<ListDecision> MembersWithIds(MemberKey key) => [.. _leaving[key].Where(HasId).OrderByDescending(removal => removal.Number)];

    /// <summary>The members with an identity that a call of an earlier process, whose answer was lost, has taken off the list.</summary>
    public IReadOnlyList<ListDecision> TakenOffBefore(MemberKey key) => [.. _takenOff[key]];

    private static bool HasId(ListDecision removal) => removal.MarketoId is not null;
}
