using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Pushes;

/// <summary>What an undo does about one edit of a push.</summary>
/// <param name="Edit">The edit.</param>
/// <param name="MarketoId">The person's id in Marketo; null where it is not known.</param>
/// <param name="Action">Add, Remove or Leave.</param>
internal sealed record UndoDecision(ListEdit Edit, long? MarketoId, ListAction Action)
{
    /// <summary>Whether the person stays on the list: the person was there before the push, which also took the person off, or a later push has put the person there.</summary>
    public bool IsNamedOtherwise { get; init; }

    /// <summary>Whether the list holds the person.</summary>
    public bool IsOnList { get; init; }

    /// <summary>The outcome where nothing is done. Who is put back by another edit counts as a member, because this one must not take the person out of the snapshot.</summary>
    public PersonOutcome OutcomeIfLeft => IsOnList || IsNamedOtherwise ? PersonOutcome.AlreadyMember : PersonOutcome.NotMember;

    /// <summary>SegmentPush's code of the reason; null where there is none.</summary>
    public string? Code { get; init; }

    /// <summary>Why nothing is done, in a sentence; null where that needs no reason.</summary>
    public string? Reason { get; init; }

    /// <summary>Decides about all edits of a push.</summary>
    /// <param name="edits">The edits.</param>
    /// <param name="listed">The people on the list.</param>
    /// <param name="snapshot">What is known of the list; null for nothing.</param>
    public static IReadOnlyList<UndoDecision> Of(IReadOnlyList<ListEdit> edits, ListBeforeUndo listed, Snapshot? snapshot)
    {
        var removed = edits.Where(edit => edit is { Outcome: PersonOutcome.Removed, MarketoId: not null }).Select(edit => edit.MarketoId!.Value).ToHashSet();
        return [.. edits.Select(edit => Of(edit, FindIds(edit, listed, snapshot), removed, listed, snapshot))
            .Select(undo => undo with { IsOnList = undo.MarketoId is { } id && listed.Ids.Contains(id) })];
    }

    private static UndoDecision Of(ListEdit edit, IReadOnlyList<long> ids, HashSet<long> removed, ListBeforeUndo listed, Snapshot? snapshot)
    {
        if (ids.Count == 0)
            return new UndoDecision(edit, null, ListAction.Leave) { Code = "NotOnList", Reason = MessageText.Say("Nobody on the list has the identity of this person.") };
        if (ids.Count > 1)
        {
            return new UndoDecision(edit, null, ListAction.Leave)
            {
                Code = "SeveralOnList", Reason = MessageText.Say("Several people on the list have this identity, and it is not known which one the push added; take the right one off by hand."),
            };
        }

        // It stays until that push is undone.
        if (edit.IsAddedLater && listed.Ids.Contains(ids[0])) return new UndoDecision(edit, ids[0], ListAction.Leave) { IsNamedOtherwise = true };
        if ((edit.IsUnsure || IsKnownOtherwise(edit, ids[0], snapshot)) && listed.Ids.Contains(ids[0]))
        {
            return new UndoDecision(edit, ids[0], ListAction.Leave)
            {
                Code = "MemberInDoubt", Reason = MessageText.Say("It is not known whether this person was on the list before the push; take the person off by hand if not."),
            };
        }

        if (edit is { IsUnsure: true, Outcome: PersonOutcome.Removed })
        {
            return new UndoDecision(edit, ids[0], ListAction.Leave)
            {
                Code = "MemberInDoubt", Reason = MessageText.Say("It is not known whether this person was on the list before the push; put the person on it by hand if so."),
            };
        }

        // What the push added is to leave, what it removed is to be on the list. A person that it removed was there before.
        bool wasAdded = edit.Outcome == PersonOutcome.Added, isBoth = wasAdded && removed.Contains(ids[0]);
        var facts = new PersonFacts(IsMember: false, listed.Ids.Contains(ids[0]), wasAdded ? NamedBy.Exit : NamedBy.Row) { IsNamedOtherwise = isBoth };
        var action = ListReconciler.Decide(PushMode.Delta, facts);
        return new UndoDecision(edit, ids[0], action is ListAction.Add or ListAction.Remove ? action : ListAction.Leave) { IsNamedOtherwise = isBoth };
    }

    // An import did not tell the id. Who has the identity is a member that the snapshot knows by another one, and may have been there before.
    private static bool IsKnownOtherwise(ListEdit edit, long id, Snapshot? snapshot) =>
        edit is { MarketoId: null, IdentityHash: { } hash } && snapshot?.HeldIdOtherwise(id, hash) == true;

    /// <summary>
    /// The ids that the person of an edit may have. Where an import did not tell the id, the snapshot may have learnt it, and the list tells the
    /// identities.
    /// </summary>
    public static IReadOnlyList<long> FindIds(ListEdit edit, ListBeforeUndo listed, Snapshot? snapshot)
    {
        if (edit.MarketoId is { } id) return [id];
        if (edit.IdentityHash is not { } hash) return [];
        if (snapshot?.IdsOf(hash) is not [_, ..] known) return listed.Find(hash);

        // Of several, some may have another identity by now.
        return known.Count > 1 && known.Intersect(listed.Find(hash)).ToArray() is [var one] ? [one] : known;
    }
}
