using SegmentPush.Platform;

namespace SegmentPush.Completion;

/// <summary>Offers the ids of what exports left in Experience Platform, with what they are.</summary>
public sealed class PlatformExportCompleter : Completer
{
    private static readonly SlowAnswers s_exports = new();

    private protected override IEnumerable<Candidate> Offer(CompletionLine line) => line.PlatformConnection is { } connection
        ? s_exports.Get($"{connection.GetHashCode()}", stop => AskAsync(connection, stop)).Select(export => new Candidate(export.Key, export.Value))
        : [];

    private static async Task<IReadOnlyList<KeyValuePair<string, string>>> AskAsync(PlatformConnection connection, CancellationToken stop) =>
    [
        .. (await connection.Exports.GetAsync(stop).ConfigureAwait(false)).Select(export => KeyValuePair.Create(
            export.BatchId ?? export.JobId ?? string.Empty, $"{export.Audience ?? export.AudienceId}, {export.State}")),
    ];
}
