using SegmentPush.Journal;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>The sums of a push in memory, and the status that they make.</summary>
/// <param name="begun">The push at its start; where it is resumed, as it stood.</param>
/// <param name="time">The clock.</param>
/// <param name="calls">Tells the number of calls that the push has made.</param>
internal sealed class PushSums(PushStatus begun, TimeProvider time, Func<long> calls)
{
    private readonly Dictionary<PersonOutcome, long> _outcomes = Enum.GetValues<PersonOutcome>().ToDictionary(outcome => outcome, _ => 0L);
    private long _received;
    private long _created;
    private long _updated;
    private long _multipleMatches = begun.MultipleMatches;
    private long _withoutCompanyFields = begun.WithoutCompanyFields;
    private long _valuesLeftOut;

    /// <summary>When an earlier process of the push wrote to the journal last; where there is none, when the push began.</summary>
    public DateTimeOffset StoodAt { get; } = begun.StoodAt;

    /// <summary>The calls that change people or the list, as far as their answers are not known.</summary>
    public OpenChanges Changes { get; } = new(begun.OpenUntil, begun.Changed, time);

    /// <summary>What the status says besides sums.</summary>
    public PushStatus Begun { get; set; } = begun;

    /// <summary>How Marketo is reached.</summary>
    public Delivery Delivery { get; set; } = begun.Delivery;

    /// <summary>People by outcome.</summary>
    public IReadOnlyDictionary<PersonOutcome, long> Outcomes => _outcomes;

    /// <summary>Counts people who came in. Any thread may call it.</summary>
    public void AddReceived(long people) => Interlocked.Add(ref _received, people);

    /// <summary>Counts values that were left out. Any thread may call it.</summary>
    public void AddValuesLeftOut(long values) => Interlocked.Add(ref _valuesLeftOut, values);

    /// <summary>
    /// Counts the remarks on people. It is to be done in the transaction that enters them at a stage from which a resume goes on without their rows: people
    /// who are sent again are looked up again.
    /// </summary>
    public void CountRemarks(IEnumerable<Person> people)
    {
        foreach (var person in people) CountRemark(person.TakeRemarks(), 1);
    }

    /// <summary>Counts people with one remark.</summary>
    public void CountRemark(PersonRemarks remark, long people)
    {
        if (remark.HasFlag(PersonRemarks.OneOfSeveral)) _multipleMatches += people;
        if (remark.HasFlag(PersonRemarks.WithoutCompanyFields)) _withoutCompanyFields += people;
    }

    /// <summary>Notes that Marketo does not tell of some people whether it created them.</summary>
    public void NoteUnknownChanges() => Begun = Begun with { HasUnknownChanges = true };

    /// <summary>Counts people with an outcome.</summary>
    public void Count(PersonOutcome outcome, PersonChange change, long people)
    {
        _outcomes[outcome] += people;
        if (change == PersonChange.Created) _created += people;
        if (change == PersonChange.Updated) _updated += people;
    }

    /// <summary>Sets the number of people without an outcome who are in the journal.</summary>
    public void SetOpen(long people) => _outcomes[PersonOutcome.NotDelivered] = people;

    /// <summary>Takes all sums from the journal: what it holds has been received, and counts as it stands there.</summary>
    public void Recount(ISumStore journal, long pushKey)
    {
        Interlocked.Exchange(ref _received, journal.CountPeople(pushKey));
        RecountOutcomes(journal, pushKey);
    }

    /// <summary>Takes the outcomes from the journal. People who wait for theirs are not in it, and stay received.</summary>
    public void RecountOutcomes(ISumStore journal, long pushKey)
    {
        foreach (var outcome in _outcomes.Keys) _outcomes[outcome] = 0;
        foreach (var (outcome, count) in journal.CountOutcomes(pushKey))
        {
            if (outcome != PersonOutcome.NotDelivered) _outcomes[outcome] = count;
        }

        _created = journal.CountChanges(pushKey, PersonChange.Created);
        _updated = journal.CountChanges(pushKey, PersonChange.Updated);
    }

    /// <summary>The status of the push now.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="reason">Why it did not complete; null where it did, or runs.</param>
    public PushStatus Build(PushState state, string? reason = null)
    {
        var now = time.GetUtcNow();
        return Begun with
        {
            State = state,
            Reason = reason,
            Delivery = Delivery,
            Ended = state == PushState.Running ? null : now,
            Duration = now - Begun.Started,
            Received = Interlocked.Read(ref _received),
            Added = _outcomes[PersonOutcome.Added],
            AlreadyMember = _outcomes[PersonOutcome.AlreadyMember],
            Removed = _outcomes[PersonOutcome.Removed],
            NotMember = _outcomes[PersonOutcome.NotMember],
            Unmatched = _outcomes[PersonOutcome.Unmatched],
            NoIdentity = _outcomes[PersonOutcome.NoIdentity],
            NoConsent = _outcomes[PersonOutcome.NoConsent],
            Duplicate = _outcomes[PersonOutcome.Duplicate],
            Rejected = _outcomes[PersonOutcome.Rejected],
            NotDelivered = _outcomes[PersonOutcome.NotDelivered],
            Created = _created,
            Updated = _updated,
            MultipleMatches = _multipleMatches,
            WithoutCompanyFields = _withoutCompanyFields,

            // A resumed push reads all rows again, and counts from the first.
            ValuesLeftOut = Math.Max(Begun.ValuesLeftOut, Interlocked.Read(ref _valuesLeftOut)),
            Calls = calls(),
            Changed = Changes.Changed,
            OpenUntil = Changes.Until,
        };
    }
}
