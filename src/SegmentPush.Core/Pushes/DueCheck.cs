using System.Globalization;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Segments;
using SegmentPush.Segments.Exports;

namespace SegmentPush.Pushes;

/// <summary>Whether a destination is due.</summary>
internal enum DueKind
{
    /// <summary>A push of its segment has something to do.</summary>
    Due,

    /// <summary>A push has nothing to do, as on most hours of a day.</summary>
    NotDue,

    /// <summary>A push can't be right: its segment is lost, not complete, or older than the one before.</summary>
    Amiss,
}

/// <summary>Whether a destination is due, and why.</summary>
/// <param name="Kind">Whether it is.</param>
/// <param name="Reason">Why, as a sentence.</param>
internal sealed record DueAnswer(DueKind Kind, MessageText Reason);

/// <summary>Decides whether a destination is due: by its dates, its newest pushes, and its segment. No service is asked.</summary>
/// <param name="journal">The journal of its pushes.</param>
/// <param name="now">The moment.</param>
internal sealed class DueCheck(PushJournal journal, DateTimeOffset now)
{
    private static readonly StringComparer s_paths = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Decides it.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="find">Finds the exports that a push of now would read. It throws where one is missing or not complete.</param>
    public DueAnswer Of(SegmentDestination destination, Func<IReadOnlyList<Export>> find)
    {
        if (DestinationSchedule.StateAt(destination, now) is { } state) return NotDue(MessageText.AsIs(Pushes.NotDue.StatusOf(destination, state, now).Reason!));
        if (destination is { HasAudience: false, Path.Count: 0 }) return NotDue("The destination keeps no segment: each push brings its own.");
        if (Newest(new PushFilter { Destinations = [destination.Name] }, destination) is { State: PushState.Running or PushState.Interrupted } open)
        {
            return open.State == PushState.Running
                ? NotDue($"The push {open.ShortId} is under way.")
                : Due($"The push {open.ShortId} was interrupted.");
        }

        var last = Newest(new PushFilter { Destinations = [destination.Name], StaticListId = destination.StaticListId, States = [PushState.Completed, PushState.AlreadyPushed] }, destination);
        try
        {
            return destination.HasAudience ? OfAudience(destination, last) : OfFiles(find(), last);
        }
        catch (SegmentPushException error)
        {
            return Amiss(error.Text);
        }
    }

    // Experience Platform evaluates an audience once a day.
    private DueAnswer OfAudience(SegmentDestination destination, PushStatus? last)
    {
        if (last is null) return Due("No push has completed yet.");
        var zone = DestinationSchedule.ZoneOf(destination.TimeZone);
        return DayOf(last.Started, zone) < DayOf(now, zone)
            ? Due($"No push of today has completed; the last one was {Named(last)}.")
            : NotDue($"The audience was pushed today, by {Named(last)}.");
    }

    private DueAnswer OfFiles(IReadOnlyList<Export> exports, PushStatus? last)
    {
        if (last is null) return Due("No push has completed yet.");
        string[] files = [.. exports.SelectMany(export => export.Files)];
        if (files.FirstOrDefault(file => File.GetLastWriteTimeUtc(file) > last.Started) is { } written)
            return Due($"'{Path.GetFileName(written)}' was written after {Named(last)} had begun.");
        var pushed = PushedBy(last);
        if (files.FirstOrDefault(file => !pushed.ContainsKey(file)) is { } other)
        {
            var moment = exports.First(export => export.Files.Contains(other)).Moment;
            var before = pushed.Keys.Max(file => ExportName.Parse(file)?.Moment);
            return moment < before
                ? Amiss($"The newest export, '{Path.GetFileName(other)}', is older than the one that was pushed by {Named(last)}, which was of {before:yyyy-MM-dd HH:mm} UTC.")
                : Due($"'{Path.GetFileName(other)}' was not pushed by {Named(last)}.");
        }

        return files.FirstOrDefault(file => pushed[file] is { } hash && HashingStream.OfFile(file) != hash) is { } changed
            ? Amiss($"'{Path.GetFileName(changed)}' is not what was pushed by {Named(last)}, and was last written before that push: it may be an older export.")
            : NotDue($"The files have not changed since {Named(last)}.");
    }

    // The hash of each file that the push has read; null where an older SegmentPush kept none.
    private Dictionary<string, string?> PushedBy(PushStatus push)
    {
        var pushed = new Dictionary<string, string?>(s_paths);
        foreach (var stored in journal.Pushes.Get(new PushFilter { Ids = [push.Id] }, null, 1))
        {
            foreach (var source in journal.Pushes.GetAsked(stored.Key).Sources)
                pushed[source.Name] = source is { Form: { } form, Spool: null } ? SavedForm.Parse(form).ContentHash : null;
        }

        return pushed;
    }

    // What was undone is not pushed again before its segment is another one.
    private PushStatus? Newest(PushFilter filter, SegmentDestination destination) =>
        journal.History.Get(filter with { WithoutUndos = true, Last = 1 }) is [var push] && push.Instance == destination.Instance ? push : null;

    private static DateOnly DayOf(DateTimeOffset moment, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);

    private static MessageText Named(PushStatus push) =>
        $"the push {push.ShortId} of {push.Started.LocalDateTime:yyyy-MM-dd HH:mm}";

    private static DueAnswer Due(MessageText why) => new(DueKind.Due, why);

    private static DueAnswer NotDue(MessageText why) => new(DueKind.NotDue, why);

    private static DueAnswer Amiss(MessageText why) => new(DueKind.Amiss, why);
}
