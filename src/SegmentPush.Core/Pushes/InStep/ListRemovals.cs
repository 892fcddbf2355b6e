using System.Threading.Channels;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes.InStep;

/// <summary>Takes people off the list, 300 a call, and settles them. Nobody is deleted from Marketo.</summary>
internal sealed class ListRemovals(PushTarget target, MarketoConnection connection, Settlement settlement)
{
    private readonly Gatherer<Person> _unknown = new(Paging.PageSize);
    private readonly Gatherer<Person> _known = new(StaticLists.MaxRecords);

    /// <summary>Takes people off until there are no more; who has no id yet is looked up.</summary>
    public async Task DeliverAsync(ChannelReader<IReadOnlyList<Person>> people, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = connection.MaxConcurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(people.ReadAllAsync(cancellation), options, async (batch, _) =>
        {
            foreach (var person in batch) person.MarketoId ??= person.MemberId;
            var byId = batch.ToLookup(person => person.MarketoId is not null);
            foreach (var full in _unknown.Add(byId[false])) await FindAsync(full, cancellation).ConfigureAwait(false);
            foreach (var full in _known.Add(byId[true])) await RemoveAsync(full, cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
        if (_unknown.TakeRest() is [_, ..] unknown) await FindAsync(unknown, cancellation).ConfigureAwait(false);
        if (_known.TakeRest() is [_, ..] known) await RemoveAsync(known, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes people off whose ids are known.</summary>
    public Task DeliverAsync(IEnumerable<Person> people, CancellationToken cancellation)
    {
        var channel = Channel.CreateUnbounded<IReadOnlyList<Person>>();
        foreach (var batch in people.Chunk(StaticLists.MaxRecords)) channel.Writer.TryWrite(batch);
        channel.Writer.Complete();
        return DeliverAsync(channel.Reader, cancellation);
    }

    private async Task FindAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var (found, others) = await PersonMatches.FindAsync(connection, target, settlement, people, cancellation).ConfigureAwait(false);
        settlement.Settle([.. others.Select(person => new SettledPerson(
            person, PersonOutcome.NotMember, Code: "NobodyFound", Reason: $"Nobody in Marketo has this {target.Mapping.IdentityField.Name}."))]);
        foreach (var full in _known.Add(found)) await RemoveAsync(full, cancellation).ConfigureAwait(false);
    }

    private async Task RemoveAsync(IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        long[] ids = [.. people.Select(person => person.MarketoId!.Value).Distinct()];

        // Recorded just before the call leaves: if the answer is lost, the next process knows who may be off the list already.
        var results = await connection.StaticLists
            .RemoveAsync(target.StaticList.Id, ids, cancellation, () => settlement.RecordSentOff(people, connection.MarketoNow)).ConfigureAwait(false);
        var byId = new Dictionary<long, RecordResult>(ids.Length);
        for (int i = 0; i < ids.Length; i++) byId[ids[i]] = results[i];
        settlement.Settle([.. people.Select(person => byId[person.MarketoId!.Value] switch
        {
            { Status: RecordStatus.Removed } => Removed(person),
            { Code: RecordCodes.NotOnList } when settlement.MayBeOff(person.MarketoId!.Value) => Removed(person),
            { Code: RecordCodes.NotOnList } => new SettledPerson(
                person, PersonOutcome.NotMember, PersonChange.Unchanged, person.MarketoId, RecordCodes.NotOnList, "The person was not on the list."),
            { Code: RecordCodes.NotFound } => new SettledPerson(
                person, PersonOutcome.NotMember, PersonChange.Unchanged, person.MarketoId, RecordCodes.NotFound, "Marketo no longer knows this person."),
            var result => new SettledPerson(
                person,
                PersonOutcome.Rejected,
                PersonChange.Unchanged,
                person.MarketoId,
                result.Code ?? "Skipped",
                result.Message is null ? "Marketo skipped this person and does not say why." : SafeText.Of(result.Message)),
        })]);

        static SettledPerson Removed(Person person) => new(person, PersonOutcome.Removed, PersonChange.Unchanged, person.MarketoId);
    }
}
