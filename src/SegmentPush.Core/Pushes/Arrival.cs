using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>Decides whether a push has brought enough people to their list to count as a success.</summary>
internal static class Arrival
{
    /// <summary>The error of a push that was delivered, and for which too few people arrived.</summary>
    /// <param name="status">The sums of the push.</param>
    /// <param name="maxRejectPercent">Most rows that may be rejected, in percent.</param>
    /// <param name="reasons">The codes of its people who did not arrive, the commonest first; asked for only where they did not.</param>
    /// <param name="beforeRemovals">Whether people who are to leave the list are still to be taken off, such as those whose consent says no.</param>
    /// <returns>Null where enough have arrived, or no rows came.</returns>
    public static SegmentPushException? FindFault(
        PushStatus status, int maxRejectPercent, Func<IReadOnlyList<ReasonCount>> reasons, bool beforeRemovals = false) =>
        status.Received == 0 || (beforeRemovals && status.Received == status.NoConsent) ? null
        : status.Activated == 0 ? Error(
            SegmentPushException.NobodyArrived, status, Nobody(status.Received), reasons())
        : IsTooMany(status.Rejected, status.Received, maxRejectPercent) ? Error(
            SegmentPushException.TooManyRejected,
            status,
            MessageText.Plural(
                status.Rejected,
                $"{status.Rejected:N0} of {Counted.Rows(status.Received)} was rejected, which is more than {maxRejectPercent:N0}%.",
                $"{status.Rejected:N0} of {Counted.Rows(status.Received)} were rejected, which is more than {maxRejectPercent:N0}%."),
            reasons())
        : null;

    /// <summary>Whether so many rejected rows are too many.</summary>
    public static bool IsTooMany(long rejected, long received, int maxRejectPercent) => rejected * 100 > received * maxRejectPercent;

    /// <summary>The error of a push that sent nothing, because it begins with rejected rows alone.</summary>
    /// <param name="status">The sums of the push.</param>
    /// <param name="rejected">How many rows were rejected.</param>
    /// <param name="areAll">Whether these are all rows.</param>
    /// <param name="reasons">The codes of the rows, the commonest first.</param>
    public static SegmentPushException NothingSent(PushStatus status, long rejected, bool areAll, IReadOnlyList<ReasonCount> reasons) => Error(
        SegmentPushException.NobodyArrived,
        status,
        rejected == 1 ? areAll ? (MessageText)"Nothing was sent: the only row was rejected." : "Nothing was sent: the first row was rejected."
            : areAll ? (MessageText)$"Nothing was sent: all rows were rejected, {Counted.Number(rejected)} of {Counted.Number(rejected)}."
            : $"Nothing was sent: the first {Counted.Rows(rejected)} were all rejected.",
        reasons);

    private static SegmentPushException Error(string id, PushStatus status, MessageText what, IReadOnlyList<ReasonCount> reasons) => new(
        id,
        reasons.Count == 0 ? what : $"{what} The commonest reason is {reasons[0].Code} ({Counted.Rows(reasons[0].People)}).",
        $"Get-PushStatus -Id {status.ShortId} -Outcome Rejected, Excluded names the rows with their reasons; mend the file or the mapping, and push it again.",
        status.Id);

    private static MessageText Nobody(long received) => received == 1
        ? (MessageText)"Nobody arrived: the only row brought nobody onto the list or off it."
        : $"Nobody arrived: none of the {Counted.Rows(received)} brought anybody onto the list or off it.";
}
