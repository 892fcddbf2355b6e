namespace SegmentPush.Lists;

/// <summary>Decides what is to be done about each person and a list. Plan, push, verification and undo share it.</summary>
internal static class ListReconciler
{
    /// <summary>Decides about one person.</summary>
    /// <param name="mode">How the list is kept in step.</param>
    /// <param name="person">What is known.</param>
    public static ListAction Decide(PushMode mode, PersonFacts person) => person switch
    {
        { IsMember: true, IsListed: false } => DecideMissing(mode, person),
        { IsMember: true, HasBetterEntry: true } => ListAction.Forget,
        { IsMember: false, IsListed: false, MayBeOff: true } when mode.TakesOffAbsent => ListAction.CountRemoved,
        { IsMember: false, IsListed: not true } => person.Named.HasFlag(NamedBy.Row) ? ListAction.Add : ListAction.Leave,
        _ when IsIn(person) || !IsToLeave(mode, person) => person.IsMember ? ListAction.Leave : ListAction.Learn,
        _ => ListAction.Remove,
    };

    /// <summary>
    /// Whether a person that an import of the push put on the list was on it before: only where the snapshot knew that very person. The outcome
    /// of the row is AlreadyMember then, and Added otherwise.
    /// </summary>
    public static bool WasMember(ImportedIdentity identity) => identity switch
    {
        ImportedIdentity.KnownOtherwise => true,
        ImportedIdentity.Replaced or ImportedIdentity.LeftBehind => false,
        _ => throw new ArgumentOutOfRangeException(nameof(identity), identity, null),
    };

    /// <summary>
    /// Whether any row says that a person on the list may stay. A row at fault counts: the person has not left because a value is wrong. Only an
    /// exit with the same identity is the last valid word on it.
    /// </summary>
    public static bool IsIn(NamedBy named) => named.HasFlag(NamedBy.Row) || (named.HasFlag(NamedBy.Fault) && !named.HasFlag(NamedBy.Exit));

    private static bool IsIn(PersonFacts person) => (IsIn(person.Named) && !person.IsIdentityTaken) || person.IsNamedOtherwise;

    private static bool IsToLeave(PushMode mode, PersonFacts person) => mode.TakesOffAbsent || person.Named.HasFlag(NamedBy.Exit);

    // The list was read, and does not hold a member.
    private static ListAction DecideMissing(PushMode mode, PersonFacts person)
    {
        if (IsToBePutBack(mode, person)) return ListAction.PutBack;

        // In the other modes a row says that the person has left, and gets the outcome.
        return person is { MayBeOff: true, HasBetterEntry: false } && mode.TakesOffAbsent ? ListAction.CountRemoved : ListAction.Forget;
    }

    // Only people with a row can be put back without an id.
    private static bool IsToBePutBack(PushMode mode, PersonFacts person)
    {
        if (person.IsIdentityTaken || person.HasBetterEntry) return false;
        if (person.Named.HasFlag(NamedBy.Row)) return true;

        // An exit is the last word. A row at fault changes nothing: it keeps a person on the list, and puts nobody there.
        if (person.Named != NamedBy.Nobody) return false;

        // A Delta segment is what all its changes have made of it: today's rows name only some of its people.
        return mode.ReadsMembership && person is { IsFromSegment: true, HasId: true };
    }
}
