using SegmentPush.Journal;

namespace SegmentPush.Pushes.Audiences;

/// <summary>Reads and records in the journal how the export of one push stands, and whether its files may be deleted. Any thread may use it.</summary>
/// <param name="record">The push.</param>
internal sealed class AudienceExportLog(PushRecord record)
{
    /// <summary>Takes a turn that one push at a time has.</summary>
    /// <returns>Null where another push has it.</returns>
    public IDisposable? TryTakeTurn(string subject) => record.Do((journal, _) => journal.Locks.TryTake(subject));

    /// <summary>The export as far as it has come; null where it has not begun.</summary>
    public AudienceExportEntry? Find() => record.Do((journal, key) => journal.Exports.Find(key));

    /// <summary>Ids of the jobs that the journal knows of other pushes.</summary>
    public IReadOnlySet<string> GetJobsOfOthers() => record.Do((journal, key) => journal.Exports.GetJobsOfOthers(key).ToHashSet(StringComparer.Ordinal));

    /// <summary>Notes that an export is about to be asked for.</summary>
    public void Begin(AudienceExportEntry export) => record.Do((journal, key) => journal.Exports.Begin(key, export));

    /// <summary>Notes the job.</summary>
    public void SetJob(string jobId) => record.Do((journal, key) => journal.Exports.SetJob(key, jobId));

    /// <summary>Notes the batch.</summary>
    public void SetBatch(string batchId) => record.Do((journal, key) => journal.Exports.SetBatch(key, batchId));

    /// <summary>Notes the files.</summary>
    public void SetFiles(IReadOnlyList<AudienceFileEntry> files) => record.Do((journal, key) => journal.Exports.SetFiles(key, files));

    /// <summary>Notes that a file is there.</summary>
    public void SetFetched(int number) => record.Do((journal, key) => journal.Exports.SetFetched(key, number));

    /// <summary>Notes the form of a file; null where it is to be looked at again.</summary>
    public void SetForm(int number, string? form) => record.Do((journal, key) => journal.Exports.SetForm(key, number, form));

    /// <summary>Pushes of a destination that did not complete, and that a newer one has superseded: a resume would only put the list back to an older day.</summary>
    public IReadOnlySet<Guid> GetSuperseded(string destination) => record.Do((journal, _) => journal.History
        .Get(new PushFilter { Destinations = [destination], States = [PushState.Superseded, PushState.Failed] })
        .Where(push => push.IsSuperseded).Select(push => push.Id).ToHashSet());

    /// <summary>Deletes the files of audiences that pushes have left on this machine.</summary>
    public void DeleteFilesOf(IReadOnlySet<Guid> pushes) => record.Do((journal, _) =>
    {
        foreach (string spool in pushes.SelectMany(journal.Pushes.GetSpools).Where(AudienceSpool.IsName)) AudienceSpool.Delete(Path.Combine(journal.Folder, spool));
    });

    /// <summary>Batches that older pushes of a destination have left, without the newest ones.</summary>
    public IReadOnlyList<OldBatch> GetOldBatches(string destination, int kept, IReadOnlySet<Guid> superseded) =>
        record.Do((journal, _) => journal.Exports.GetOldBatches(destination, kept, superseded));

    /// <summary>Notes that a batch is not there any more.</summary>
    public void SetDeleted(string batchId) => record.Do((journal, _) => journal.Exports.SetDeleted(batchId));
}
