using System.Globalization;

namespace SegmentPush.Segments;

/// <summary>Tells where a row stands in its file, for people who look for it in an editor.</summary>
internal static class RowPlace
{
    /// <summary>A reason with the place of the row, where the row's number does not tell it.</summary>
    /// <remarks>After a header on the first line, row 12 is on line 13. It is further down where cells hold line ends, or blank lines or lines before the header are there.</remarks>
    /// <param name="reader">A reader that stands on the row.</param>
    /// <param name="reason">Why it was rejected.</param>
    public static string Add(ISegmentReader reader, string reason)
    {
        if (reader.Line is not { } line || line - reader.Row <= 1) return reason;
        MessageText place = $"Row {reader.Row} is on line {line} of the file.";

        // The journal may hold the reason in the language of another session.
        return MessageLanguage.All.Any(language => reason.EndsWith(place.In(language), StringComparison.Ordinal)) ? reason : $"{reason} {place}";
    }
}
