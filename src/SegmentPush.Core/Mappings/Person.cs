namespace SegmentPush.Mappings;

/// <summary>One mapped person of a segment, and how far the push has come with it.</summary>
/// <param name="source">Which of the push's sources the row is from; 0 is the first.</param>
/// <param name="row">Number of the row within its source; 1 is the first.</param>
/// <param name="identity">The identity's value, without surrounding blanks.</param>
/// <param name="values">A value for each attribute of the mapping.</param>
internal sealed class Person(int source, long row, string identity, PersonValues values)
{
    public int Source { get; } = source;

    public long Row { get; } = row;

    public string Identity { get; } = identity;

    /// <summary>Let go once they are on their way, to save memory.</summary>
    public PersonValues Values { get; set; } = values;

    /// <summary>The person's id in Marketo, once known.</summary>
    public long? MarketoId { get; set; }

    /// <summary>Keyed hash of the identity, by which a destination's snapshot knows people; 0 in a push for no destination.</summary>
    public Hash128 IdentityHash { get; init; }

    /// <summary>Hash of the values that are sent; 0 where none are.</summary>
    public long SentHash { get; init; }

    /// <summary>The person's number in the snapshot; null for somebody who is not known to be on the list.</summary>
    public int? MemberNumber { get; init; }

    /// <summary>Numbers in the snapshot, and ids, of all people on the list with this identity, where they are several; null otherwise.</summary>
    public IReadOnlyDictionary<long, int>? Twins { get; init; }

    /// <summary>The number in the snapshot of the person with the id that Marketo told; null for somebody who is not known to be on the list.</summary>
    public int? NumberInSnapshot => MarketoId is { } id && Twins?.TryGetValue(id, out int number) == true ? number : IsOther ? null : MemberNumber;

    /// <summary>Numbers in the snapshot of the other members with this identity. What was sent for them by it does not count any more once it is another person's.</summary>
    public IReadOnlyList<int> OthersInSnapshot => Twins is null && NumberInSnapshot == MemberNumber
        ? []
        : [.. (Twins?.Values ?? []).Append(MemberNumber!.Value).Distinct().Where(number => number != NumberInSnapshot)];

    // Another person has the identity by now. The member that had it may be on the list all the same, unless Marketo has said that there is none.
    private bool IsOther => MarketoId is { } id && MemberId is { } known && id != known && !WasGone;

    /// <summary>Whether the snapshot knew the person on the list, and the list was seen not to hold it.</summary>
    public bool IsAgain { get; init; }

    /// <summary>Whether this push has added the person: it had confirmed that before the list was seen not to hold the person, or an earlier process may have done it.</summary>
    public bool WasAdded { get; set; }

    /// <summary>The id in Marketo that the snapshot remembers; the person may have another one by now.</summary>
    public long? MemberId { get; set; }

    /// <summary>The id that the snapshot remembers, and that an import has put in doubt: another person may have the identity by now. Null where there is none.</summary>
    public long? DoubtedMemberId { get; init; }

    /// <summary>Whether nobody may be created with this identity, so that the person is only looked up.</summary>
    public bool IsMatchOnly { get; set; }

    /// <summary>Whether Marketo has refused the fields of the person's company, so that the person is sent without them.</summary>
    public bool IsWithoutCompany => _remarks.HasFlag(PersonRemarks.WithoutCompanyFields);

    /// <summary>Whether the person is to be taken off the list.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>What the push has done with the person's record so far.</summary>
    public PersonChange Change { get; set; }

    /// <summary>When the call of this stage was sent, by Marketo's clock; null where a later process need not know of any.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>Whether this push has created the person already: with a call whose answer was lost, as a lookup showed afterwards, or before its row was sent again.</summary>
    public bool WasCreated { get; set; }

    /// <summary>Whether an import of this push may have created the person, and no answer tells.</summary>
    public bool MayBeCreated { get; set; }

    /// <summary>The change that counts for an answer of Marketo, where an earlier call or import of this push may have created the person.</summary>
    /// <param name="answered">The change that the answer tells.</param>
    public PersonChange ChangeFor(PersonChange answered) => WasCreated ? PersonChange.Created : MayBeCreated ? PersonChange.Unknown : answered;

    /// <summary>Whether Marketo did not know the person's id any more, and the person was looked for once more since.</summary>
    public bool WasGone { get; set; }

    /// <summary>Whether a lookup found nobody although Marketo had said that there is somebody, and the person was sent once more since.</summary>
    public bool WasMissed { get; set; }

    /// <summary>How far the push has come with the person.</summary>
    public Stage Stage { get; private set; }

    private PersonRemarks _remarks, _told;

    /// <summary>Whether the journal answers for this person: it holds the outcome, or the import that will bring it.</summary>
    public bool IsEntered => Stage is Stage.Imported or Stage.Settled;

    /// <summary>Adds a remark.</summary>
    public void Remark(PersonRemarks remark) => _remarks |= remark;

    /// <summary>Forgets that Marketo has refused the fields of the company: they were another person's.</summary>
    public void ForgetRefusedCompany() => _remarks &= ~PersonRemarks.WithoutCompanyFields;

    /// <summary>Takes the remarks that were not taken before, to be counted.</summary>
    public PersonRemarks TakeRemarks()
    {
        var untold = _remarks & ~_told;
        _told |= _remarks;
        return untold;
    }

    /// <summary>Notes remarks that were counted before the person was sent again, so that they don't count once more.</summary>
    public void LeaveUncounted(PersonRemarks remarks) => _told |= remarks;

    /// <summary>Takes what the row says, which was read again.</summary>
    public void TakeRow(Person row) => (Values, IsMatchOnly) = (row.Values, row.IsMatchOnly);

    /// <summary>Takes the person to the next stage.</summary>
    /// <exception cref="SegmentPushException">The table of stages does not permit it (<c>SumsDisagree</c>).</exception>
    public void Advance(Stage next)
    {
        Stage = StageTransitions.Advance(Stage, next, Row);
        SentAt = null;
    }

    /// <summary>Takes the person to a stage whose call is about to be sent.</summary>
    /// <inheritdoc cref="Advance(Stage)"/>
    public void Advance(Stage next, DateTimeOffset sentAt)
    {
        Advance(next);
        SentAt = sentAt;
    }
}
