namespace SegmentPush.Marketo;

/// <summary>A file to import, and where to.</summary>
/// <param name="LookupField">Field that finds people; with <c>id</c> nobody is created.</param>
/// <param name="ListId">Static list that the people are put on.</param>
/// <param name="PartitionName">Lead partition; null for the instance's own rules.</param>
/// <param name="File">Comma-separated UTF-8 with a header of field names, the lookup field first.</param>
/// <param name="Records">Number of people in it.</param>
internal sealed record ImportRequest(string LookupField, long ListId, string? PartitionName, IReadOnlyList<ReadOnlyMemory<byte>> File, int Records)
{
    /// <summary>Is called before each attempt is sent, after the call has waited for its turn; null where nobody wants to know.</summary>
    public Action? Sending { get; init; }

    /// <summary>Is called after an attempt that Marketo has not executed, where none before it may have been either; null where nobody wants to know.</summary>
    public Action? NotRun { get; init; }

    /// <summary>Whether no row of the file can change anybody.</summary>
    public bool ChangesNobody { get; init; }
}

/// <summary>Where an import stands.</summary>
internal enum ImportState
{
    /// <summary>Queued or importing: nothing is known yet.</summary>
    UnderWay,

    /// <summary>Over; each row was taken or refused.</summary>
    Complete,

    /// <summary>Over; nothing is promised of any row.</summary>
    Failed,
}

/// <summary>How an import stands.</summary>
internal sealed record ImportStatus(long BatchId, ImportState State, long Processed, long Failed, long Warnings, string Message);
