using SegmentPush.Commands;

namespace SegmentPush.Completion;

/// <summary>Offers the audiences that this session has seen: the first ones when it connected, and those that Get-PlatformAudience showed.</summary>
public sealed class AudienceCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) => SessionConnection.Platform?.Audiences.Known
        .OrderBy(audience => audience.Value, StringComparer.OrdinalIgnoreCase)
        .Select(audience => new Candidate(audience.Value, audience.Key)) ?? [];
}
