using System.Runtime.ExceptionServices;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>
/// Sends people by their identity with calls that can create them. A call whose answer was lost is sent again once a lookup has told
/// who is there, and once the lost call can't run any more.
/// </summary>
/// <param name="target">What the push is aimed at.</param>
/// <param name="connection">The instance.</param>
/// <param name="settlement">Takes the stages.</param>
/// <param name="writer">Writes the records.</param>
/// <param name="takeResults">Takes people with a result for each.</param>
/// <param name="takeFound">Takes people that a lookup has found after a lost answer.</param>
internal sealed class SyncUpserts(
    PushTarget target,
    MarketoConnection connection,
    Settlement settlement,
    RecordWriter writer,
    Func<IReadOnlyList<Person>, IReadOnlyList<RecordResult>, CancellationToken, Task> takeResults,
    Func<IReadOnlyList<Person>, CancellationToken, Task> takeFound)
{
    /// <summary>How often a create whose answer was lost is sent again at most.</summary>
    private const int LostAnswerLimit = 5;

    /// <summary>Sends people.</summary>
    /// <param name="people">At most as many as a call takes.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task SendAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        for (int lost = 0; people.Count > 0; lost++)
        {
            var (sentAt, sentStamp) = (DateTimeOffset.MaxValue, 0L);
            var request = RequestFor(people, now => (sentAt, sentStamp) = (now, connection.Time.GetTimestamp()));
            var (answered, failure) = await TrySyncAsync(people, request, cancellation).ConfigureAwait(false);
            Person[] rest = [.. people.Skip(answered.Count)];

            // A refusal executed nothing, so a resume need not wait for a call that may still create these people.
            if (failure is not null and not AnswerLostException && target.Creates) settlement.RecordReceived([.. rest.Where(IsCertain)]);
            await takeResults(people, answered, cancellation).ConfigureAwait(false);
            if (failure is null) return;
            if (failure is not AnswerLostException || lost >= Math.Min(LostAnswerLimit, connection.RetryLimit)) ExceptionDispatchInfo.Throw(failure);
            people = rest;

            people = await FindAsync(people, sentAt, cancellation).ConfigureAwait(false);
            if (people.Count == 0) return;
            await CallExpiry.WaitAsync(connection.Time.GetElapsedTime(sentStamp), connection.Time, cancellation).ConfigureAwait(false);

            // The call may have run meanwhile.
            people = await FindAsync(people, sentAt, cancellation).ConfigureAwait(false);
        }
    }

    // The results that Marketo gave, and what ended the call before all were there. Calls that follow may fail, too, and are none of its business.
    private async Task<(IReadOnlyList<RecordResult> Answered, MarketoException? Failure)> TrySyncAsync(
        IReadOnlyList<Person> people, SyncLeadsRequest request, CancellationToken cancellation)
    {
        var answered = new List<RecordResult>(request.Count);
        bool isSent = false;
        try
        {
            await connection.Sync.SyncAsync(request with { Sending = TellSending, NotRun = () => isSent = false }, answered, cancellation).ConfigureAwait(false);
            return (answered, null);
        }
        catch (MarketoException failure)
        {
            return (answered, failure);
        }
        catch (Exception) when (!isSent && target.Creates)
        {
            // It was stopped while it waited for another attempt, and Marketo has executed none.
            settlement.RecordReceived([.. people.Skip(answered.Count).Where(person => person.Stage == Stage.Sent && IsCertain(person))]);
            throw;
        }

        void TellSending(int first, int count)
        {
            isSent = true;
            request.Sending!(first, count);
        }
    }

    // People that Marketo knows by now need no create, also where others made them. Returns the others, who are to be sent again.
    private async Task<IReadOnlyList<Person>> FindAsync(IReadOnlyList<Person> people, DateTimeOffset sentAt, CancellationToken cancellation)
    {
        Person[] asked = [.. people.Where(person => LeadLookup.CanLookUp(person.Identity))];
        foreach (var person in people.Except(asked).Where(person => person.Stage == Stage.Sent)) person.MayBeCreated = true;
        if (asked.Length == 0) return people;
        var matches = await PersonMatches
            .FindAsync(connection, target, [.. asked.Select(person => person.Identity)], cancellation, withCreation: true).ConfigureAwait(false);
        var found = new List<Person>();
        foreach (var person in asked)
        {
            if (matches.Of(person.Identity) is not { } match) continue;
            person.MarketoId = match.Id;
            person.WasCreated |= LostCalls.HasCreated(match, sentAt);
            if (match.IsOneOfSeveral) person.Remark(PersonRemarks.OneOfSeveral);
            found.Add(person);
        }

        await takeFound(found, cancellation).ConfigureAwait(false);
        return [.. people.Where(person => person.MarketoId is null)];
    }

    // A call before, whose answer was lost, may have created the others, and only the stage Sent tells that to a later process.
    private static bool IsCertain(Person person) => !person.MayBeCreated || LeadLookup.CanLookUp(person.Identity);

    private SyncLeadsRequest RequestFor(IReadOnlyList<Person> people, Action<DateTimeOffset> sending)
    {
        var request = new SyncLeadsRequest(
            (target.Creates, target.WritesExisting) switch
            {
                (true, true) => "createOrUpdate",
                (true, false) => "createOnly",
                _ => "updateOnly",
            },
            target.Mapping.IdentityField.Name,
            target.Partition?.Name,
            people.Count,
            (json, i) => writer.Write(json, people[i]));
        return request with { Sending = target.Creates ? Record : (first, count) => settlement.NoteWriting(people.Skip(first).Take(count)) };

        void Record(int first, int count)
        {
            var now = connection.MarketoNow;
            sending(now);
            settlement.RecordSent([.. people.Skip(first).Take(count)], now);
        }
    }
}
