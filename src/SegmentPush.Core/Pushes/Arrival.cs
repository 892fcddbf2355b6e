using System.Globalization;
using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>Decides whether a push has brought enough people to their list to count as a success.</summary>
internal static class Arrival
{
    /// <summary>The error of a push that was delivered, and for which too few people arrived.</summary>
    /// <param name="status">The sums of the push.</param>
    /// <param name="maxRejectPercent">Most rows that may be rejected, in percent.</param>
    /// <param name="reasons">The codes of its people who did not arrive, the commonest first; asked for only where they did not.</param>
    /// <returns>Null where enough have arrived, or no rows came.</returns>
    public static SegmentPushException? FindFault(PushStatus status, int maxRejectPercent, Func<IReadOnlyList<ReasonCount>> reasons) =>
        status.Received == 0 ? null
        : status.Activated == 0 ? Error(
            SegmentPushException.NobodyArrived, status, $"Nobody arrived: none of the {Number(status.Received)} rows brought anybody onto the list or off it.", reasons())
        : IsTooMany(status.Rejected, status.Received, maxRejectPercent) ? Error(
            SegmentPushException.TooManyRejected,
            status,
            string.Create(CultureInfo.InvariantCulture, $"{Number(status.Rejected)} of {Number(status.Received)} rows were rejected, which is more than {maxRejectPercent} %."),
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
        areAll ? $"Nothing was sent: all rows were rejected, {Number(rejected)} of {Number(rejected)}." : $"Nothing was sent: the first {Number(rejected)} rows were all rejected.",
        reasons);

    private static SegmentPushException Error(string id, PushStatus status, string what, IReadOnlyList<ReasonCount> reasons) => new(
        id,
        reasons.Count == 0 ? what : $"{what} The commonest reason is {reasons[0].Code} ({Number(reasons[0].People)} rows).",
        $"Get-PushStatus -Id {status.Id} -Outcome Rejected, Unmatched, Duplicate names the rows with their reasons; mend the file or the mapping, and push it again.",
        status.Id);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
