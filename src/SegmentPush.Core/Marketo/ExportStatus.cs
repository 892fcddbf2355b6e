namespace SegmentPush.Marketo;

/// <summary>Where an export stands.</summary>
internal enum ExportState
{
    /// <summary>Made, and waiting for somebody to queue it.</summary>
    Created,

    /// <summary>Queued or being written: nothing is known yet.</summary>
    UnderWay,

    /// <summary>The file is there.</summary>
    Completed,

    /// <summary>Over without a file.</summary>
    Failed,

    /// <summary>Somebody called it off.</summary>
    Cancelled,
}

/// <summary>How an export stands.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Records">Number of people in the file; null before it is completed.</param>
/// <param name="FileSize">Size of the file in bytes; null before it is completed.</param>
/// <param name="Checksum">SHA-256 of the file as Marketo writes it; null where it gives none.</param>
/// <param name="Message">Marketo's words on why it failed; empty otherwise.</param>
internal sealed record ExportStatus(ExportState State, long? Records, long? FileSize, string? Checksum, string Message);
