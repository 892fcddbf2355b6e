using System.Management.Automation;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>Whether a destination is due, with the files that a session finds for it.</summary>
internal static class DueSegment
{
    /// <summary>Decides it. Files are found and, where they seem unchanged, compared; nothing is asked of a service.</summary>
    /// <param name="journal">The journal of its pushes.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="session">The session, whose drives the paths may be on.</param>
    public static DueAnswer Check(PushJournal journal, SegmentDestination destination, SessionState session) =>
        new DueCheck(journal, journal.Now).Of(destination, () => SegmentFiles.Choose(
            SegmentFiles.Find(session, destination.Path, [], _ => { }),
            SegmentFiles.NewestOf(null, destination),
            _ => { }));
}
