namespace SegmentPush.Destinations;

/// <summary>When a destination is pushed to: by whole days of its own time zone, the last one included.</summary>
internal static class DestinationSchedule
{
    /// <summary>Whether something is due at a moment.</summary>
    /// <returns>Null where it is; else <see cref="PushState.NotStarted"/> or <see cref="PushState.Ended"/>.</returns>
    public static PushState? StateAt(SegmentDestination destination, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, ZoneOf(destination.TimeZone)).DateTime);
        return today < destination.StartDate ? PushState.NotStarted : today > destination.EndDate ? PushState.Ended : null;
    }

    /// <summary>The time zone with an id of IANA's or Windows's.</summary>
    /// <exception cref="SegmentPushException">There is none (<c>TimeZoneNotFound</c>).</exception>
    public static TimeZoneInfo ZoneOf(string id)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id.Trim(), out var zone)) return zone;
        throw new SegmentPushException(
            "TimeZoneNotFound", $"There is no time zone '{id}'.", "Give one such as Europe/Paris or America/New_York; Get-TimeZone -ListAvailable shows all.", id);
    }

    /// <summary>This machine's time zone by the name that other machines know too.</summary>
    public static string LocalZone
    {
        get
        {
            string id = TimeZoneInfo.Local.Id;
            return TimeZoneInfo.Local.HasIanaId ? id : TimeZoneInfo.TryConvertWindowsIdToIanaId(id, out string? iana) ? iana : id;
        }
    }
}
