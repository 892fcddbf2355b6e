using System.Xml.Linq;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Reports;

/// <summary>Writes the report of a destination as a page.</summary>
/// <param name="report">What it tells.</param>
/// <param name="text">The texts in the language of the page.</param>
internal sealed class DestinationPage(DestinationReport report, ReportText text)
{
    private SegmentDestination Destination => report.Destination;

    /// <summary>The page as text.</summary>
    /// <param name="written">When it is written.</param>
    public string Write(DateTimeOffset written) => ReportPage.Of(
        text, text.Of("TitleDestination", Destination.Name), written, [Head(written), Pushes(), Members(), Rejects()]);

    private IEnumerable<object?> Head(DateTimeOffset now) =>
    [
        report.Pushes.Count > 0 ? Html.Of("p", PushPage.StateMark(text, report.Pushes[0].Push.State)) : null,
        report.Pushes is [{ Push.Reason: { } reason }, ..] ? Html.Of("p", text.Of("Why", reason)) : null,
        ReportPage.Facts(
        [
            (text["Description"], Destination.Description),
            (text["StaticList"], $"{Destination.StaticListName} ({Destination.StaticListId})"),
            (text["Mode"], Destination.Mode.ToString()),
            (text["Members"], text.Number(Destination.Members)),
            (text["Due"], DueAt(now)),
            (text["Account"], Destination.Account),
            (text["Instance"], Destination.Instance),
        ]),
    ];

    private string DueAt(DateTimeOffset now) => DestinationSchedule.StateAt(Destination, now) switch
    {
        PushState.NotStarted => text.Of("DueFrom", text.Day(Destination.StartDate!.Value)),
        PushState.Ended => text.Of("DueNever", text.Day(Destination.EndDate!.Value)),
        _ when Destination is { HasAudience: false, Path.Count: 0 } => text["DueWithoutSegment"],
        _ when Destination.EndDate is { } last => text.Of("DueUntil", text.Day(last)),
        _ when Destination.Path.Count > 0 => text["DueWithFiles"],
        _ => text["DueNow"],
    };

    private XElement Pushes() => report.Pushes.Count == 0
        ? ReportPage.Section(text["NoPushesTitle"], Html.Of("p", text["NoPushes"]))
        : ReportPage.Section(
            text.Of("Pushes", report.Pushes.Count),
            Html.Table(
                text.Of("Pushes", report.Pushes.Count),
                [
                    (text["Push"], false), (text["Started"], false), (text["State"], false), (text["Received"], true), (text["Added"], true), (text["Removed"], true),
                    (text["Rejected"], true), (text["ListAfter"], true),
                ],
                report.Pushes.Select(row => RowOf(row.Push, row.List))));

    private object?[] RowOf(PushStatus push, ListSums? list) =>
    [
        push.ShortId, text.Moment(push.Started), StateOf(push), text.Number(push.Received), text.Number(push.Added), text.Number(push.Removed),
        text.Number(push.Rejected), list?.After is { } after ? text.Number(after) : "–",
    ];

    // Of an undo it is told what it takes back, and of a push that did not complete, why.
    private object?[] StateOf(PushStatus push) =>
    [
        PushPage.StateMark(text, push.State),
        push.ErrorId is { } error ? " " + error : null,
        push.UndoOf is { } undone ? " " + text.Of("UndoOfPush", PushIds.Short(undone)) : null,
    ];

    private XElement? Members() => ChartOf(
        "MembersOverTime", "Members", points => Chart.Curve(text["MembersOverTime"], points, Whole), (push, list) => list is null ? null : list.After ?? list.Before + push.Added - push.Removed);

    private XElement? Rejects() => ChartOf(
        "RejectsOverTime", "Rejected", points => Chart.Columns(text["RejectsOverTime"], points, Whole), (push, _) => push.Rejected);

    private XElement? ChartOf(string heading, string column, Func<IReadOnlyList<ChartPoint>, XElement> draw, Func<PushStatus, ListSums?, long?> value)
    {
        bool isOneDay = report.Pushes.Select(row => text.Date(row.Push.Started)).Distinct().Count() == 1;
        ChartPoint[] points = [.. report.Pushes.Reverse().Select(row => PointOf(row.Push, value(row.Push, row.List), isOneDay))];
        if (points.All(point => point.Value is null)) return null;
        var table = Html.Table(
            text[heading], [(text["Started"], false), (text[column], true)],
            report.Pushes.Reverse().Zip(points).Select(pair => new object?[] { text.Moment(pair.First.Push.Started), pair.Second.Text }));
        return ReportPage.Section(text[heading], ReportPage.Figure(text, null, draw(points), table));
    }

    private ChartPoint PointOf(PushStatus push, long? value, bool isOneDay) => new(isOneDay ? text.Clock(push.Started) : text.Date(push.Started), value, value is { } known ? text.Number(known) : "–") { Colour = "warn" };

    private string Whole(double number) => text.Number((long)number);
}
