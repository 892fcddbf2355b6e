using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;

namespace SegmentPush.Pushes;

/// <summary>Finishes what an earlier process has left half done, by the rule of each stage, before the rows are read again.</summary>
internal sealed class StageResume(PushTarget target, PushOptions options, Settlement settlement, HalfDonePeople people, RowsAgain rows, Action<MessageText> warn)
{
    private readonly MarketoConnection _connection = options.Connection;

    // People that a lookup has found after a call whose answer was lost.
    private readonly List<Person> _found = [];

    /// <summary>Finishes it.</summary>
    /// <returns>Whether the others must be sent by calls, which answer for each person.</returns>
    public async Task<bool> ResumeAsync(CancellationToken cancellation)
    {
        var imports = new ImportRun(target, _connection, settlement, rows, options.Bulk);
        var lost = new Dictionary<int, ImportFileState>();
        foreach (var import in settlement.Imports.GetAccepted())
        {
            var state = await imports.ResumeAsync(import with { HasOthersSince = settlement.Snapshot.HasOthersSince }, settlement.Snapshot.ReadsImportsAgain, cancellation).ConfigureAwait(false);
            if (state != ImportFileState.Settled) lost.Add(import.Number, state);
        }

        // Before all those who are read again are taken out, or they would be delivered twice.
        if (imports.TakeOpen(cancellation) is [_, ..] open)
            await new SyncDelivery(target, _connection, settlement).DeliverAsync(open, cancellation).ConfigureAwait(false);

        // Before those who were sent are found: nobody has put them on the list yet.
        var written = people.GetWritten(settlement.Snapshot.IsUsed, settlement.Snapshot.MatchOf);
        await ResumeSentAsync(cancellation).ConfigureAwait(false);

        // An import that begins before the lost upload arrives would not prove that the lost one is over.
        if (people.FindLostUpload() is { } uploaded) await CallExpiry.WaitAsync(uploaded, _connection.MarketoNow, _connection.Time, warn, cancellation).ConfigureAwait(false);
        people.Reopen(settlement.Imports, ResumeRule.StagesFor(ResumeStep.ReadAgain, ResumeStep.WaitAndReadAgain), lost);
        await PutOnListAsync([.. written, .. _found], cancellation).ConfigureAwait(false);
        return settlement.Imports.HasUnaccounted;
    }

    private async Task ResumeSentAsync(CancellationToken cancellation)
    {
        if (people.GetSent(settlement.Snapshot.IsUsed, settlement.Snapshot.MatchOf) is not [_, ..] sent) return;
        await CallExpiry.WaitAsync(sent.Max(entry => entry.Sent), _connection.MarketoNow, _connection.Time, warn, cancellation).ConfigureAwait(false);
        people.AddCreated(sent.Where(entry => entry.Person.WasCreated).Select(entry => (entry.Person.Source, entry.Person.Row)));
        people.AddPerhapsCreated(sent.Where(entry => settlement.HashesIdentities || !LeadLookup.CanLookUp(entry.Person.Identity)).Select(entry => (entry.Person.Source, entry.Person.Row)));
        if (settlement.HashesIdentities) return;
        foreach (var batch in sent.Where(entry => LeadLookup.CanLookUp(entry.Person.Identity)).Chunk(Paging.PageSize))
        {
            var matches = await PersonMatches
                .FindAsync(_connection, target, [.. batch.Select(entry => entry.Person.Identity)], cancellation, withCreation: true)
                .ConfigureAwait(false);
            Take(batch, matches);
        }
    }

    // A lookup can't tell whose fields the lost call wrote, as others may have written since: where fields are written, all are sent again.
    private void Take(IReadOnlyList<(Person Person, DateTimeOffset Sent)> sent, PersonMatches matches)
    {
        var written = new List<Person>();
        foreach (var (person, at) in sent)
        {
            if (matches.Of(person.Identity) is not { } match) continue;
            person.WasCreated |= LostCalls.HasCreated(match, at);
            if (target.WritesExisting) continue;
            person.MarketoId = match.Id;
            person.Change = person.ChangeFor(PersonChange.Unchanged);
            if (match.IsOneOfSeveral) person.Remark(PersonRemarks.OneOfSeveral);
            written.Add(person);
        }

        people.AddCreated(sent.Where(entry => entry.Person.WasCreated).Select(entry => (entry.Person.Source, entry.Person.Row)));
        settlement.RecordWritten(written, _connection.MarketoNow);
        _found.AddRange(written);
    }

    private async Task PutOnListAsync(IReadOnlyList<Person> written, CancellationToken cancellation)
    {
        if (written.Count == 0) return;
        people.AddOutstanding(written);
        var delivery = new SyncDelivery(target, _connection, settlement, leavesGone: true);
        if (await delivery.PutOnListAsync(written, cancellation).ConfigureAwait(false) is [_, ..] gone) people.Reopen(settlement.Imports, gone);
    }
}
