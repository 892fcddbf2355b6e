using SegmentPush.Destinations;

namespace SegmentPush.Completion;

/// <summary>Offers time zones, such as <c>Europe/Paris</c>.</summary>
public sealed class TimeZoneCompleter : Completer
{
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) =>
        TimeZoneInfo.GetSystemTimeZones().Select(zone => new Candidate(DestinationSchedule.NameOf(zone), zone.DisplayName));
}
