using SegmentPush.Destinations;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>Fills what the user left open about the form of files from what the destination says of it, and checks that.</summary>
internal static class DestinationForm
{
    /// <summary>What the user says, and what a destination keeps where the user says nothing.</summary>
    /// <param name="said">What the user says.</param>
    /// <param name="destination">The destination; null for none.</param>
    public static FormOptions Or(this FormOptions said, SegmentDestination? destination) => destination is null ? said : said with
    {
        Encoding = said.Encoding ?? destination.Encoding,
        Delimiter = said.Delimiter ?? destination.Delimiter,
        Escape = said.Escape ?? destination.Escape,
        NullText = said.NullText ?? destination.NullText,
    };

    /// <summary>Finds out whether files can be read as a destination says.</summary>
    /// <exception cref="SegmentPushException"><c>EncodingNotFound</c>, <c>DelimiterInvalid</c>, <c>FileFormNotUsed</c>.</exception>
    public static void Check(SegmentDestination destination)
    {
        var form = FormOptions.None.Or(destination);
        form.Check();
        if (destination is not { HasAudience: true, Through: null } || (form == FormOptions.None && !destination.Newest)) return;
        throw new SegmentPushException(
            "FileFormNotUsed",
            $"The destination '{destination.Name}' says how files are read, and its segment is an audience, which an export job writes as Parquet.",
            "Leave -Delimiter, -Encoding, -Escape, -NullText and -Newest out.",
            destination.Name);
    }
}
