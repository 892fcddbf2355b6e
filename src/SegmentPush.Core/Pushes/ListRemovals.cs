using System.Collections.Concurrent;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>A person to be taken off the list, whose id is known. The list is known to hold the person: by the snapshot, because it was read, or because Marketo was asked.</summary>
/// <param name="Person">The person.</param>
internal readonly record struct Removal(Person Person)
{
    /// <summary>Whether the person gets no outcome where Marketo no longer knows the id: somebody else may have the identity of the row by now.</summary>
    public bool StaysOpenIfGone { get; init; }

    /// <summary>Whether other people leave with this person's row.</summary>
    public bool HasOthers { get; init; }
}

/// <summary>Takes people off the list, 300 a call, and settles them. Nobody is deleted from Marketo.</summary>
internal sealed class ListRemovals(PushTarget target, MarketoConnection connection, Settlement settlement)
{
    private readonly ConcurrentBag<Person> _gone = [];
    private readonly ConcurrentBag<SettledPerson> _waiting = [];

    /// <summary>The reason of the outcome where the person was not there.</summary>
    public static string NotOnList => MessageText.Say("The person was not on the list.");

    /// <summary>The reason of the outcome where Marketo does not know the id.</summary>
    public static string NotKnown => MessageText.Say("Marketo no longer knows this person.");

    /// <summary>Settles the person of a row where another row has led to the same person.</summary>
    public static SettledPerson SamePerson(Person person, long id) => new(
        person, PersonOutcome.NotMember, PersonChange.Unchanged, id, "SamePerson", MessageText.Say("Another row leads to the same person, and that one took the person off."));

    /// <summary>People without an outcome, whose ids Marketo does not know any more.</summary>
    public IReadOnlyList<Person> Gone => [.. _gone];

    /// <summary>Takes people off.</summary>
    public async Task DeliverAsync(IReadOnlyList<Removal> people, CancellationToken cancellation)
    {
        // Two rows may lead to one person; Marketo is told an id once.
        var byId = people.ToLookup(removal => removal.Person.MarketoId!.Value);
        var options = new ParallelOptions { MaxDegreeOfParallelism = connection.MaxConcurrency, CancellationToken = cancellation };

        // When one call fails for good, the others may finish and be settled.
        await Parallel.ForEachAsync(
            byId.Select(same => same.Key).Chunk(StaticLists.MaxRecords),
            options,
            async (ids, _) => await RemoveAsync(ids, byId, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        settlement.Settle([.. _waiting]);
        _waiting.Clear();
    }

    private async Task RemoveAsync(long[] ids, ILookup<long, Removal> byId, CancellationToken cancellation)
    {
        // If the answer is lost, the next process knows the people that it may find off the list already.
        Person[] sent = [.. ids.SelectMany(id => byId[id]).Select(removal => removal.Person)];
        bool isSent = false;
        try
        {
            var results = await connection.StaticLists.RemoveAsync(target.StaticList.Id, ids, cancellation, RecordSending, notRun: () => isSent = false).ConfigureAwait(false);
            var gone = ids.Where((_, i) => results[i].Code == RecordCodes.NotFound).SelectMany(id => byId[id]).Where(removal => removal.StaysOpenIfGone).Select(removal => removal.Person).ToHashSet();
            settlement.RecordReceived(gone);
            var settled = ids.SelectMany((id, i) => SettledOf([.. byId[id].Where(removal => !gone.Contains(removal.Person))], results[i])).ToArray();

            // A row with an outcome leads to nobody any more. Where others leave with it, perhaps with another call, the next process must find them by the row.
            var leaders = ids.SelectMany(id => byId[id]).Where(removal => removal.HasOthers).Select(removal => removal.Person).ToHashSet();
            settlement.Settle([.. settled.Where(person => !leaders.Contains(person.Person))]);
            SettledPerson[] waiting = [.. settled.Where(person => leaders.Contains(person.Person))];

            // The next process must not take them for removed.
            settlement.RecordReceived([.. waiting.Where(person => person.Outcome != PersonOutcome.Removed).Select(person => person.Person)]);
            foreach (var person in waiting) _waiting.Add(person);
            foreach (var person in gone) _gone.Add(person);
        }
        catch (Exception e) when (!isSent || e is MarketoException { MayHaveRun: false })
        {
            // Marketo refused the call, and took nobody off. Of a call of an earlier process that is still not known.
            settlement.RecordReceived([.. sent.Where(person => person.Stage == Stage.SentOff && !settlement.MayBeOff(person.MarketoId!.Value))]);
            throw;
        }

        void RecordSending()
        {
            isSent = true;
            settlement.RecordSentOff(sent, connection.MarketoNow);
        }
    }

    // The list loses one person, so that one row counts as Removed.
    private IEnumerable<SettledPerson> SettledOf(Removal[] same, RecordResult result)
    {
        if (same.Length == 0) return [];
        var first = SettledOf(same[0], result);
        return
        [
            first,
            .. same.Skip(1).Select(other => first.Outcome == PersonOutcome.Removed
                ? SamePerson(other.Person, other.Person.MarketoId!.Value)
                : SettledOf(other, result)),
        ];
    }

    private SettledPerson SettledOf(Removal removal, RecordResult result)
    {
        var person = removal.Person;
        return result switch
        {
            { Status: RecordStatus.Removed } => Settled(PersonOutcome.Removed),

            // A call has taken them off whose answer was lost.
            { Code: RecordCodes.NotOnList } when result.MayBeDoneBefore || settlement.MayBeOff(person.MarketoId!.Value) => Settled(PersonOutcome.Removed),
            { Code: RecordCodes.NotOnList } => Settled(PersonOutcome.NotMember, RecordCodes.NotOnList, NotOnList),
            { Code: RecordCodes.NotFound } => Settled(PersonOutcome.NotMember, RecordCodes.NotFound, NotKnown),
            _ => SettledPerson.Refused(person, result, PersonChange.Unchanged),
        };

        SettledPerson Settled(PersonOutcome outcome, string? code = null, string? reason = null) =>
            new(person, outcome, PersonChange.Unchanged, person.MarketoId, code, reason);
    }
}
