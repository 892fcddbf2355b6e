using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>Ends a push in the journal, once its sums agree with what the journal holds.</summary>
internal sealed class JournalClosing(PushRecord record, ImportSettlement imports)
{
    private const int PeopleAtOnce = 10_000;

    /// <summary>Settles people who wait for an outcome as not delivered, and checks the sums. The push still runs then.</summary>
    /// <param name="ending">How the push ends.</param>
    /// <returns>The status, still of a push that runs.</returns>
    /// <exception cref="SegmentPushException">The sums do not agree with the journal (<c>SumsDisagree</c>).</exception>
    public PushStatus CheckSums(PushEnding ending) => record.Do((journal, key) =>
    {
        // They keep the stage that they have come to, from which a resume goes on.
        var left = record.Outstanding.TakeAll()
            .Select(person => PersonEntries.AtStage(person) with { Code = "NotDelivered", Reason = ending.Reason }).ToArray();
        foreach (var entry in left) record.Sums.Count(entry.Outcome, entry.Change, 1);
        foreach (var part in left.Chunk(PeopleAtOnce)) journal.Outcomes.Write(key, new OutcomeBatch(record.Sums.Build(PushState.Running)) { People = part });
        if (imports.HasOpen) journal.Imports.Explain(key, "NotDelivered", ending.Reason);
        Prove(journal.Sums, key, ending.State);
        return record.Sums.Build(PushState.Running);
    });

    /// <summary>Takes the sums of the journal, where some people could not be entered: they are delivered again by a resume.</summary>
    /// <exception cref="SegmentPushException">The journal can't be read.</exception>
    public PushStatus TakeSumsOfJournal(PushEnding ending) => record.Do((journal, key) =>
    {
        record.Outstanding.TakeAll();
        imports.Recount();
        Prove(journal.Sums, key, ending.State);
        return record.Sums.Build(PushState.Running);
    });

    /// <summary>Ends the push.</summary>
    /// <param name="ending">How it ends.</param>
    /// <param name="isVerified">Whether the list was read back and holds the right people.</param>
    /// <param name="rejectPath">File with the rejected rows; null for none.</param>
    /// <exception cref="SegmentPushException">The journal can't be written.</exception>
    public PushStatus End(PushEnding ending, bool isVerified, string? rejectPath) => record.Do((journal, key) =>
    {
        record.Sums.Begun = record.Sums.Begun with
        {
            ErrorId = ending.ErrorId,
            IsVerified = isVerified,
            HasBegun = ending.HasBegun,
            RejectPath = rejectPath ?? record.Sums.Begun.RejectPath,
        };
        var status = record.Sums.Build(ending.State, ending.Reason);
        journal.Outcomes.Write(key, new OutcomeBatch(status));
        return status;
    });

    // Two independent counts: what came in, and what the journal holds.
    private void Prove(ISumStore journal, long pushKey, PushState state)
    {
        var held = journal.CountOutcomes(pushKey);

        // People left in an open stage by an earlier process, and not reached by this one, exist only in the journal.
        long open = held.GetValueOrDefault(PersonOutcome.NotDelivered);
        if (open > 0 && state == PushState.Completed)
            throw new SegmentPushException("SumsDisagree", $"The push ended with {Counted.People(open)} without outcome.", PushRecord.ReportIt);
        record.Sums.SetOpen(open);
        foreach (var (outcome, count) in record.Sums.Outcomes)
        {
            long inJournal = held.GetValueOrDefault(outcome);
            if (inJournal == count) continue;
            throw new SegmentPushException(
                "SumsDisagree", $"{Counted.People(count)} settled as {outcome}, and the journal holds {inJournal}.", PushRecord.ReportIt);
        }

        var status = record.Sums.Build(PushState.Running);
        if (status.Received == status.Activated + status.Excluded + status.Failed) return;
        throw new SegmentPushException(
            "SumsDisagree",
            $"{Counted.Rows(status.Received)} received, but {status.Activated} activated, {status.Excluded} excluded, {status.Failed} failed.",
            PushRecord.ReportIt);
    }
}
