namespace SegmentPush.Marketo;

/// <summary>Marketo's answer for one record, at the place the record had in the request.</summary>
/// <param name="Id">The person's id; null where Marketo gives none.</param>
/// <param name="Status">What was done.</param>
/// <param name="Code">Marketo's code of the first reason; null where there is none.</param>
/// <param name="Message">Marketo's text of that reason, as it came; it may repeat a person's data.</param>
internal sealed record RecordResult(long? Id, RecordStatus Status, string? Code = null, string? Message = null)
{
    /// <summary>Whether an earlier attempt of the same call may have been executed, so that this one may have found its work done.</summary>
    public bool MayBeDoneBefore { get; init; }
}
