using System.Globalization;
using SegmentPush.Destinations;

namespace SegmentPush.Completion;

/// <summary>Offers time zones, such as <c>Europe/Paris</c>.</summary>
public sealed class TimeZoneCompleter : Completer
{
    // Their names in words would take a second to make, as would sorting by them.
    private protected override IEnumerable<Candidate> Offer(CompletionLine line) =>
        from zone in TimeZoneInfo.GetSystemTimeZones(skipSorting: true)
        let name = DestinationSchedule.NameOf(zone)
        where line.IsBegun(name)
        orderby name
        select new Candidate(name, Offset(zone.BaseUtcOffset));

    private static string Offset(TimeSpan offset) =>
        string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
}
