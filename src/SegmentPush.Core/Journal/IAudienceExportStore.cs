namespace SegmentPush.Journal;

/// <summary>Keeps the exports of audiences that pushes read. Each step is written down before the next one begins.</summary>
internal interface IAudienceExportStore
{
    /// <summary>The export of a push; null where it has not begun one.</summary>
    AudienceExportEntry? Find(long pushKey);

    /// <summary>Ids of the jobs of other pushes.</summary>
    IReadOnlyList<string> GetJobsOfOthers(long pushKey);

    /// <summary>Notes that a job is about to be asked for.</summary>
    void Begin(long pushKey, AudienceExportEntry export);

    /// <summary>Notes the job.</summary>
    void SetJob(long pushKey, string jobId);

    /// <summary>Notes the batch that the job writes.</summary>
    void SetBatch(long pushKey, string batchId);

    /// <summary>Notes the files of the export, all of them.</summary>
    void SetFiles(long pushKey, IReadOnlyList<AudienceFileEntry> files);

    /// <summary>Notes that a file is there.</summary>
    void SetFetched(long pushKey, int number);

    /// <summary>Notes the form of a file, once it was looked at; null where it is to be looked at again.</summary>
    void SetForm(long pushKey, int number, string? form);

    /// <summary>
    /// Batches that the pushes of a destination have left, the newest ones left out. A batch that a push still reads, or that is among the newest of
    /// another destination, is not among them.
    /// </summary>
    /// <param name="destination">Name of the destination, compared without case.</param>
    /// <param name="kept">How many of its newest batches stay.</param>
    /// <param name="superseded">Its interrupted pushes that a newer one has superseded: their batches are not needed.</param>
    IReadOnlyList<OldBatch> GetOldBatches(string destination, int kept, IReadOnlySet<Guid> superseded);

    /// <summary>Notes that a batch is not there any more.</summary>
    void SetDeleted(string batchId);
}
