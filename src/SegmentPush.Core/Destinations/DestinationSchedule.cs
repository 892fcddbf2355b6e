namespace SegmentPush.Destinations;

/// <summary>When a destination is pushed to: by whole days of its own time zone, the last one included.</summary>
internal static class DestinationSchedule
{
    /// <summary>Whether something is due at a moment.</summary>
    /// <returns>Null where it is; else <see cref="PushState.NotStarted"/> or <see cref="PushState.Ended"/>.</returns>
    public static PushState? StateAt(SegmentDestination destination, DateTimeOffset now)
    {
        var today = TimeZoneInfo.ConvertTime(now, ZoneOf(destination.TimeZone)).Date;
        return today < destination.StartDate ? PushState.NotStarted : today > destination.EndDate ? PushState.Ended : null;
    }

    /// <summary>The time zone with an id of IANA's or Windows's.</summary>
    /// <exception cref="SegmentPushException">There is none (<c>TimeZoneNotFound</c>).</exception>
    public static TimeZoneInfo ZoneOf(string id)
    {
        string name = id.Trim();

        // A machine may have a zone of its own making, whose name nobody else knows.
        if (name.Equals(LocalZone, StringComparison.OrdinalIgnoreCase)) return TimeZoneInfo.Local;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;

        // Where zones are files, their names are found by case as files are, until all have been read once.
        return TimeZoneInfo.GetSystemTimeZones().FirstOrDefault(known => known.Id.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new SegmentPushException(
                "TimeZoneNotFound", $"There is no time zone '{id}'.", "Give one such as Europe/Paris or America/New_York; Get-TimeZone -ListAvailable shows all.", id);
    }

    /// <summary>A time zone's name that machines of all kinds know, such as <c>Europe/Paris</c>.</summary>
    public static string NameOf(TimeZoneInfo zone) =>
        !zone.HasIanaId && TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out string? iana) ? iana : zone.Id;

    /// <summary>This machine's time zone.</summary>
    public static string LocalZone => NameOf(TimeZoneInfo.Local);
}
