using System.Text.Json;

namespace SegmentPush.Marketo;

/// <summary>People to create or update, up to 300.</summary>
/// <param name="Action"><c>createOrUpdate</c>, <c>createOnly</c> or <c>updateOnly</c>.</param>
/// <param name="LookupField">Field that tells people apart; each record must hold it.</param>
/// <param name="PartitionName">Lead partition; null for the default.</param>
/// <param name="Count">Number of records.</param>
/// <param name="WriteRecord">Writes the record with the given index as one JSON object.</param>
internal sealed record SyncLeadsRequest(
    string Action, string LookupField, string? PartitionName, int Count, Action<Utf8JsonWriter, int> WriteRecord)
{
    /// <summary>
    /// Is called before each attempt is sent, with the index of its first record and their number: a request may take several calls,
    /// and a call may wait long for its turn. Null where nobody wants to know.
    /// </summary>
    public Action<int, int>? Sending { get; init; }

    /// <summary>Is called after an attempt that Marketo has not executed, where none before it in the same call may have been either; null where nobody wants to know.</summary>
    public Action? NotRun { get; init; }

    /// <summary>Whether sending it twice creates nobody twice.</summary>
    public bool Repeatable => Action == "updateOnly";
}
