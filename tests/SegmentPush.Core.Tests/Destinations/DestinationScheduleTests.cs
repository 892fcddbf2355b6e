using System.Globalization;
using SegmentPush.Destinations;

namespace SegmentPush.Core.Tests.Destinations;

/// <summary>A destination begins and ends with whole days of its own time zone, also where the clocks are changed that day.</summary>
public sealed class DestinationScheduleTests
{
    [Theory]
    // The clocks go forward on 29 March in Paris and on 8 March in New York, back on 25 October and on 1 November.
    [InlineData("Europe/Paris", "2026-03-29", "2026-10-25", "2026-03-28T22:59:59Z", "NotStarted")]
    [InlineData("Europe/Paris", "2026-03-29", "2026-10-25", "2026-03-28T23:00:00Z", null)]
    [InlineData("Europe/Paris", "2026-03-29", "2026-10-25", "2026-10-25T22:59:59Z", null)]
    [InlineData("Europe/Paris", "2026-03-29", "2026-10-25", "2026-10-25T23:00:00Z", "Ended")]
    [InlineData("Europe/Paris", null, "2026-03-29", "2026-03-29T21:59:59Z", null)]
    [InlineData("Europe/Paris", null, "2026-03-29", "2026-03-29T22:00:00Z", "Ended")]
    [InlineData("America/New_York", "2026-03-08", "2026-11-01", "2026-03-08T04:59:59Z", "NotStarted")]
    [InlineData("America/New_York", "2026-03-08", "2026-11-01", "2026-03-08T05:00:00Z", null)]
    [InlineData("America/New_York", "2026-03-08", "2026-11-01", "2026-11-02T04:59:59Z", null)]
    [InlineData("America/New_York", "2026-03-08", "2026-11-01", "2026-11-02T05:00:00Z", "Ended")]
    [InlineData("America/New_York", "2026-03-08", null, "2060-01-01T00:00:00Z", null)]
    public void A_push_is_due_from_the_first_day_to_the_last(string zone, string? start, string? end, string moment, string? state)
    {
        var destination = new SegmentDestination
        {
            Name = "Dated",
            Instance = "000-SBX-000",
            StaticListId = 1,
            StaticListName = "List",
            Mapping = [new("email", "email")],
            TimeZone = zone,
            StartDate = start is null ? null : DateTime.Parse(start, CultureInfo.InvariantCulture),
            EndDate = end is null ? null : DateTime.Parse(end, CultureInfo.InvariantCulture),
        };

        Assert.Equal(state, DestinationSchedule.StateAt(destination, DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture))?.ToString());
    }
}
