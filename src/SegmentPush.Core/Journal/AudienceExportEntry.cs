namespace SegmentPush.Journal;

/// <summary>The export of an audience that a push reads, as far as it has come.</summary>
/// <param name="AudienceId">The audience.</param>
/// <param name="DatasetId">The dataset that the export job writes into; null for a run of a destination.</param>
/// <param name="Fields">The fields that the job writes, separated by commas.</param>
/// <param name="Asked">The moment by the platform's clock before which no job of this push can have been made.</param>
internal sealed record AudienceExportEntry(string AudienceId, string? DatasetId, string Fields, DateTimeOffset Asked)
{
    /// <summary>Id of the job, or of the destination's run; null where it is not known whether there is one.</summary>
    public string? JobId { get; init; }

    /// <summary>Id of the batch that the job writes; null before it has one.</summary>
    public string? BatchId { get; init; }

    /// <summary>Its files; null before they are listed.</summary>
    public IReadOnlyList<AudienceFileEntry>? Files { get; init; }
}

/// <summary>A file of an export.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="FileId">Id by which the platform finds it.</param>
/// <param name="Name">Its name within that.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="SpoolName">Name of the file beside the journal that it is fetched into.</param>
/// <param name="IsFetched">Whether it is there.</param>
/// <param name="Form">Its form as text, with the hash of its bytes; null before it was looked at.</param>
internal sealed record AudienceFileEntry(int Number, string FileId, string Name, long Length, string SpoolName, bool IsFetched = false, string? Form = null);

/// <summary>A batch of an older push.</summary>
/// <param name="PushKey">The push.</param>
/// <param name="BatchId">The batch.</param>
internal sealed record OldBatch(long PushKey, string BatchId);
