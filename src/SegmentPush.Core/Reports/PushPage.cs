using System.Xml.Linq;
using SegmentPush.Journal;
using SegmentPush.Lists;

namespace SegmentPush.Reports;

/// <summary>Writes the report of a push as a page.</summary>
/// <param name="report">What it tells.</param>
/// <param name="text">The texts in the language of the page.</param>
/// <param name="showsIdentities">Whether identities are shown as they are.</param>
internal sealed class PushPage(PushReport report, ReportText text, bool showsIdentities)
{
    private static readonly PersonOutcome[] s_outcomes =
    [
        PersonOutcome.Added, PersonOutcome.AlreadyMember, PersonOutcome.Removed, PersonOutcome.NotMember,
        PersonOutcome.Unmatched, PersonOutcome.NoIdentity, PersonOutcome.NoConsent, PersonOutcome.Duplicate, PersonOutcome.Rejected, PersonOutcome.NotDelivered,
    ];

    private PushStatus Push => report.Push;

    // A push that failed before it began may not know the list's name.
    private string ListName => Push.StaticListName.Length == 0 ? $"{Push.StaticListId}" : $"{Push.StaticListName} ({Push.StaticListId})";

    /// <summary>The page as text.</summary>
    /// <param name="written">When it is written.</param>
    public string Write(DateTimeOffset written) => ReportPage.Of(
        text, text.Of("Title", Push.Destination ?? (Push.StaticListName.Length == 0 ? ListName : Push.StaticListName), Push.ShortId), written, [Head(), People(), Reasons(), Rejected(), List(), Calls()]);

    private IEnumerable<object?> Head() =>
    [
        Html.Of("p", StateMark(text, Push.State)),
        Push.Reason is { } reason ? Html.Of("p", text.Of("Why", reason)) : null,
        Next() is { } next ? Html.Of("p", next) : null,
        ReportPage.Facts(
        [
            (text["Destination"], Push.Destination),
            (text["StaticList"], ListName),
            (text["Mode"], Push.Mode?.ToString()),
            (text["UndoOf"], Push.UndoOf is { } undone ? PushIds.Short(undone) : null),
            (text["Source"], string.Join(", ", Push.Source)),
            (text["Started"], text.Moment(Push.Started)),
            (text["Duration"], text.Duration(Push.Duration)),
            (text["Instance"], Push.Instance),
            (text["Id"], Push.Id.ToString()),
        ]),
    ];

    private string? Next() => Push switch
    {
        { State: PushState.Running } => text["NextRunning"],
        { ErrorId: "GuardStopped" } => text["NextGuard"],
        { State: PushState.Interrupted, UndoOf: { } undone } => text.Of("NextUndo", PushIds.Short(undone)),
        { CanBeResumed: true } => text.Of("NextInterrupted", Push.ShortId),
        { State: PushState.Completed, IsVerified: true } => text["Verified"],
        { State: PushState.Completed } => text["NotVerified"],
        _ => null,
    };

    private XElement People()
    {
        long open = Push.Received - Push.Activated - Push.Excluded - Push.Failed;
        var shown = s_outcomes.Select(outcome => (Outcome: outcome, People: Count(outcome))).Where(count => count.People > 0).ToArray();
        return ReportPage.Section(
            text["People"],
            Html.Of("p", text.Of("PeopleLead", [.. new[] { Push.Received, Push.Activated, Push.Excluded, Push.Failed }.Select(text.Number)])),
            open == 0 ? null
                : Push.State == PushState.Running ? Html.Of("p", text.Of("SumsRunning", text.Number(open)))
                : Html.Classed("p", "bad", text["SumsDisagree"]),
            Html.Table(
                text["People"],
                [(text["Outcome"], false), (text["People"], true), (text["Share"], true), (text["Meaning"], false)],
                [
                    .. shown.Select(count => new object?[] { OutcomeName(count.Outcome), text.Number(count.People), text.Percent((double)count.People / Push.Received), text["Means" + count.Outcome] }),
                    new object?[] { text["Received"], text.Number(Push.Received), "", text["MeansReceived"] },
                ]),
            shown.Length == 0 ? null : Html.Of("figure", Chart.Columns(
                text["People"], [.. shown.Select(count => new ChartPoint(text[count.Outcome.ToString()], count.People, text.Number(count.People)) { Colour = ColourOf(count.Outcome) })], Whole)),
            Html.Of("p", Push.ChangesAreKnown ? text.Of("Changes", text.Number(Push.Created), text.Number(Push.Updated)) : text["ChangesUnknown"]),
            Push.ValuesLeftOut > 0 ? Html.Of("p", text.Of("LeftOut", text.Number(Push.ValuesLeftOut))) : null);
    }

    private XElement? Reasons() => Push.Received == 0 ? null : ReportPage.Section(
        text["Reasons"],
        report.Reasons.Count == 0
            ? Html.Of("p", text["NoReasons"])
            : Html.Table(
                text["Reasons"],
                [(text["Code"], false), (text["Outcome"], false), (text["People"], true), (text["Column"], false), (text["ReasonFirst"], false)],
                report.Reasons.Select(group => new object?[] { group.Code ?? "–", OutcomeName(group.Outcome), text.Number(group.People), group.Column, group.Reason })));

    private XElement? Rejected() => report.Rejected.Count == 0 ? null : ReportPage.Section(
        text["RejectedRows"],
        report.Rejected.Count < Push.Rejected ? Html.Of("p", text.Of("RejectedMore", text.Number(report.Rejected.Count), text.Number(Push.Rejected), Push.ShortId)) : null,
        showsIdentities ? null : Html.Classed("p", "soft", text["Masked"]),
        Html.Table(
            text["RejectedRows"],
            [(text["Row"], true), (text["File"], false), (text["Identity"], false), (text["Code"], false), (text["Reason"], false)],
            report.Rejected.Select(person => new object?[] { person.Row is { } row ? text.Number(row) : null, Path.GetFileName(person.Source), IdentityOf(person), person.Code, person.Reason })));

    private XElement? List()
    {
        if (report.List is not { } list) return null;
        double afterAdded = list.Before + list.Added, afterRemoved = afterAdded - list.Removed, afterOthers = afterRemoved + list.AddedByOthers;
        var steps = new List<ChartPoint>
        {
            Step("ListBefore", list.Before, 0, "neutral"),
            Step("ListAdded", list.Added, list.Before, "good"),
            Step("ListRemoved", list.Removed, afterRemoved, "warn"),
        };
        if (list.After is { } after)
        {
            steps.Add(Step("ListAddedByOthers", list.AddedByOthers, afterRemoved, "soft"));
            steps.Add(Step("ListRemovedByOthers", list.RemovedByOthers, afterOthers - list.RemovedByOthers, "soft"));
            steps.Add(Step("ListAfter", after, 0, "neutral"));
        }

        string caption = list.After is null ? text["ListUnread"] : text["ListAgrees"];
        var table = Html.Table(text["List"], [(text["Step"], false), (text["People"], true)], steps.Select(step => new object?[] { step.Label, step.Text }));
        return ReportPage.Section(
            text["List"],
            list.Agree == false ? Html.Classed("p", "bad", text["ListDisagrees"]) : null,
            ReportPage.Figure(text, caption, Chart.Columns(text["List"], steps, Whole), table));
    }

    private XElement Calls()
    {
        if (report.Calls.Count == 0) return ReportPage.Section(text["Calls"], Html.Of("p", text.Of("CallsTotal", text.Number(Push.Calls))));
        var length = report.Calls[0].Length;
        double permitted = report.Calls.Sum(span => span.Permitted);
        var table = Html.Table(
            text["Calls"],
            [(text["At"], false), (text["Calls"], true), (text["Permitted"], true)],
            report.Calls.Select(span => new object?[] { text.MomentToTheSecond(span.Began), text.Number(span.Calls), text.Number((long)span.Permitted) }));
        return ReportPage.Section(
            text["Calls"],
            Html.Of("p", text.Of("CallsLead", text.Number(Push.Calls), text.Duration(Push.Duration), text.Percent(Push.Calls / permitted))),
            ReportPage.Figure(
                text,
                text.Of("CallsChart", text.Duration(length)),
                Chart.Columns(text["Calls"], [.. report.Calls.Select(span => new ChartPoint(text.Clock(span.Began), span.Calls, text.Number(span.Calls)))], Whole, report.Calls[0].Permitted),
                table));
    }

    /// <summary>The state of a push in its colour. The word says the same as the colour.</summary>
    public static XElement StateMark(ReportText text, PushState state) => Html.Classed("span", "state " + state switch
    {
        PushState.Completed => "good",
        PushState.Failed or PushState.Abandoned => "bad",
        PushState.Interrupted or PushState.Superseded => "warn",
        _ => "neutral",
    }, text.State(state));

    private ChartPoint Step(string key, long people, double from, string colour) => new(text[key], people, text.Number(people)) { From = from, Colour = colour };

    private string OutcomeName(PersonOutcome outcome) => text[outcome.ToString()];

    private string Whole(double number) => text.Number((long)number);

    private string? IdentityOf(PersonStatus person) => showsIdentities || string.IsNullOrEmpty(person.Identity) ? person.Identity : MaskedIdentity.Of(person.Identity);

    private static string ColourOf(PersonOutcome outcome) => outcome switch
    {
        PersonOutcome.Added or PersonOutcome.AlreadyMember => "good",
        PersonOutcome.Removed or PersonOutcome.NotMember => "neutral",
        PersonOutcome.Rejected or PersonOutcome.NotDelivered => "bad",
        _ => "warn",
    };

    private long Count(PersonOutcome outcome) => outcome switch
    {
        PersonOutcome.Added => Push.Added,
        PersonOutcome.AlreadyMember => Push.AlreadyMember,
        PersonOutcome.Removed => Push.Removed,
        PersonOutcome.NotMember => Push.NotMember,
        PersonOutcome.Unmatched => Push.Unmatched,
        PersonOutcome.NoIdentity => Push.NoIdentity,
        PersonOutcome.NoConsent => Push.NoConsent,
        PersonOutcome.Duplicate => Push.Duplicate,
        PersonOutcome.Rejected => Push.Rejected,
        PersonOutcome.NotDelivered => Push.NotDelivered,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
