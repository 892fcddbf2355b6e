using SegmentPush.Journal;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <content>Going on with a push that was stopped: what the journal holds of it, and what is delivered again.</content>
internal sealed partial class Settlement
{
    /// <summary>Goes on with a push that the journal holds.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="started">The push.</param>
    /// <param name="time">The clock.</param>
    /// <param name="calls">Tells the number of calls that the push makes now.</param>
    public static Settlement Continue(PushJournal journal, StartedPush started, TimeProvider time, Func<long> calls)
    {
        var before = started.Status with { State = PushState.Running, Reason = null };
        var settlement = new Settlement(journal, started.Key, before, time, () => before.Calls + calls())
        {
            _multipleMatches = before.MultipleMatches,
            _withoutCompanyFields = before.WithoutCompanyFields,
            _sentOff = journal.GetSentOff(started.Key).Select(entry => entry.MarketoId!.Value).ToHashSet(),
        };
        settlement.Recount();
        return settlement;
    }

    /// <summary>Whether a process before may have taken a person off the list already, without hearing that it had.</summary>
    public bool MayBeOff(long marketoId) => _sentOff.Contains(marketoId);

    /// <summary>Takes people out who are to be delivered again.</summary>
    /// <param name="keepsSent">Whether those stay who were sent with a call whose answer never came.</param>
    /// <param name="lostImports">Imports that Marketo does not know any more.</param>
    public void Reopen(bool keepsSent, IReadOnlyCollection<int> lostImports)
    {
        lock (_lock)
        {
            _journal.Reopen(_pushKey, keepsSent, lostImports);
            Recount();
        }
    }

    /// <summary>Imports that Marketo has accepted, and whose outcome is not known yet.</summary>
    public IReadOnlyList<ImportEntry> GetOpenImports() => _journal.GetOpenImports(_pushKey);

    /// <summary>People who are written in Marketo, and only have to be put on the list.</summary>
    public IReadOnlyList<Person> GetStaged()
    {
        Person[] people =
        [
            .. _journal.GetStaged(_pushKey).Select(entry => PersonOf(entry, entry.MarketoId)),
        ];
        Await(people);
        return people;
    }

    /// <summary>Whether the identities of people can't be read from the journal.</summary>
    public bool HashesIdentities => _journal.HashesIdentities;

    /// <summary>People who were sent with a call whose answer never came, and when by Marketo's clock.</summary>
    public IReadOnlyList<(Person Person, DateTimeOffset Sent)> GetSent() =>
        [.. _journal.GetSent(_pushKey).Select(entry => (PersonOf(entry, null), entry.Sent!.Value))];

    /// <summary>Which rows the journal holds already.</summary>
    public EnteredRows GetEnteredRows() => new(after =>
    {
        lock (_lock) return _journal.GetRows(_pushKey, after, BlockSize);
    });

    /// <summary>Takes people back who have an outcome, because the list was seen not to bear it out; they are waited for again.</summary>
    public void TakeBack(IReadOnlyList<Person> people)
    {
        lock (_lock)
        {
            _journal.TakeOut(_pushKey, [.. people.Select(person => (person.Source, person.Row))]);
            foreach (var person in people) person.IsEntered = false;
            RecountOutcomes();
            Await(people);
        }
    }

    private static Person PersonOf(PersonEntry entry, long? marketoId) => new(entry.Source, entry.Row, entry.Identity, default)
    {
        MarketoId = marketoId,
        Change = entry.Change,
        IdentityHash = entry.Mark?.IdentityHash ?? default,
        SentHash = entry.Mark?.SentHash ?? 0,
        MemberNumber = entry.Mark?.Number,
    };

    // What is in the journal has been received, and counts as it stands there.
    private void Recount()
    {
        _received = _journal.CountPeople(_pushKey);
        RecountOutcomes();
        _imported.Clear();
        foreach (var import in _journal.GetOpenImports(_pushKey)) _imported[import.Number] = new ImportedCount(_journal.CountPeople(_pushKey, import.Number), _journal.CountMembers(_pushKey, import.Number));
        _imports = _journal.CountImports(_pushKey);
    }

    // People who wait for an outcome are not in the journal, and stay received.
    private void RecountOutcomes()
    {
        foreach (var outcome in _outcomes.Keys) _outcomes[outcome] = 0;
        foreach (var (outcome, count) in _journal.CountOutcomes(_pushKey))
        {
            if (outcome != PersonOutcome.NotDelivered) _outcomes[outcome] = count;
        }

        _created = _journal.CountChanges(_pushKey, PersonChange.Created);
        _updated = _journal.CountChanges(_pushKey, PersonChange.Updated);
    }
}
