using System.Diagnostics;
using System.Diagnostics.Metrics;
using SegmentPush.Calls;
using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>
/// What a push tells to listeners of .NET's diagnostics, such as OpenTelemetry: the source and the meter <c>SegmentPush</c>. No person and no secret
/// is in it. Without a listener nothing is made.
/// </summary>
internal sealed class PushTelemetry
{
    /// <summary>Name of the source of activities and of the meter.</summary>
    public const string Name = "SegmentPush";

    private static readonly ActivitySource s_source = new(Name);
    private static readonly Meter s_meter = new(Name);
    private static readonly Counter<long> s_pushes = s_meter.CreateCounter<long>("segmentpush.pushes", "{push}", "Pushes that have ended, by state.");
    private static readonly Histogram<double> s_pushSeconds = s_meter.CreateHistogram<double>("segmentpush.push.duration", "s", "From the start of a push to its end.");
    private static readonly Counter<long> s_people = s_meter.CreateCounter<long>("segmentpush.people", "{person}", "People by outcome.");
    private static readonly Counter<long> s_calls = s_meter.CreateCounter<long>("segmentpush.calls", "{call}", "Attempts of calls.");
    private static readonly Histogram<double> s_callSeconds = s_meter.CreateHistogram<double>("segmentpush.call.duration", "s", "From the sending of a call to the end of its answer.");
    private static readonly Histogram<double> s_waitSeconds = s_meter.CreateHistogram<double>("segmentpush.call.wait", "s", "Time that a call waited for the pace and between attempts.");

    private readonly ActivityContext _parent;
    private PushStatus? _begun;
    private Activity? _phase;

    private PushTelemetry(Activity? push)
    {
        Push = push;
        _parent = push?.Context ?? default;
    }

    /// <summary>The activity of the push; null where nobody samples it.</summary>
    public Activity? Push { get; }

    /// <summary>Begins to tell of a push, in whose activity its work then runs.</summary>
    /// <returns>Null where nobody listens.</returns>
    public static PushTelemetry? Begin()
    {
        bool isMeasured = s_pushes.Enabled || s_pushSeconds.Enabled || s_people.Enabled || s_calls.Enabled || s_callSeconds.Enabled || s_waitSeconds.Enabled;
        return isMeasured || s_source.HasListeners() ? new PushTelemetry(s_source.StartActivity("push")) : null;
    }

    /// <summary>Takes note of what has happened.</summary>
    public void Note(PushEvent happened)
    {
        switch (happened)
        {
            case PushStarted { Status: var status }:
                _begun = status;
                Push?.SetTag("segmentpush.push.id", status.Id.ToString());
                Push?.SetTag("segmentpush.destination", status.Destination);
                Push?.SetTag("segmentpush.instance", status.Instance);
                Push?.SetTag("segmentpush.list.id", status.StaticListId);
                break;
            case PushPhaseBegan { Text: var text }:
                _phase?.Dispose();
                _phase = Push is null ? null : s_source.StartActivity("phase", ActivityKind.Internal, _parent);
                _phase?.SetTag("segmentpush.phase", text.English);
                break;
            case CallFinished { Report: var report }:
                Note(report);
                break;
            case PushEnded { Status: var status }:
                Note(status);
                break;
        }
    }

    /// <summary>Ends what is open. A push without an end could not begin.</summary>
    /// <param name="fault">Why it could not; null where it has ended.</param>
    public void End(Exception? fault)
    {
        _phase?.Dispose();
        if (fault is SegmentPushException error) Push?.SetTag("error.type", error.ErrorId);
        if (fault is not null) Push?.SetStatus(ActivityStatusCode.Error);
        Push?.Dispose();
    }

    private void Note(CallReport report)
    {
        var tags = new TagList { { "http.response.status_code", report.Status }, { "error.type", report.ErrorId } };
        s_calls.Add(1, tags);
        s_callSeconds.Record(report.Duration.TotalSeconds, tags);
        s_waitSeconds.Record(report.WaitBefore.TotalSeconds);
        using var call = Push is null ? null : s_source.StartActivity("call", ActivityKind.Client, _phase?.Context ?? _parent);
        if (call is null) return;

        // The report comes when the call is over.
        call.SetStartTime(call.StartTimeUtc - report.Duration);
        call.SetTag("segmentpush.call", report.Call);
        call.SetTag("segmentpush.call.attempt", report.Attempt);
        call.SetTag("segmentpush.call.people", report.Records);
        call.SetTag("segmentpush.call.wait_seconds", report.WaitBefore.TotalSeconds);
        call.SetTag("http.response.status_code", report.Status);
        call.SetTag("error.type", report.ErrorId);
        if (!report.Succeeded) call.SetStatus(ActivityStatusCode.Error);
    }

    private void Note(PushStatus status)
    {
        var tags = new TagList { { "segmentpush.destination", status.Destination }, { "segmentpush.state", $"{status.State}" }, { "error.type", status.ErrorId } };
        s_pushes.Add(1, tags);
        s_pushSeconds.Record(status.Duration.TotalSeconds, tags);

        // What an earlier process has counted does not count again.
        foreach (var (outcome, count) in OutcomesOf(status).Zip(OutcomesOf(_begun), (now, before) => (now.Outcome, now.Count - before.Count)))
        {
            if (count > 0) s_people.Add(count, new TagList { { "segmentpush.destination", status.Destination }, { "segmentpush.outcome", outcome } });
        }

        Push?.SetTag("segmentpush.state", $"{status.State}");
        Push?.SetTag("segmentpush.exit_code", status.ExitCode);
        Push?.SetTag("error.type", status.ErrorId);
        if (status.ExitCode != ExitCodes.Done) Push?.SetStatus(ActivityStatusCode.Error);
    }

    private static IEnumerable<(string Outcome, long Count)> OutcomesOf(PushStatus? status) =>
    [
        (nameof(PushStatus.Added), status?.Added ?? 0), (nameof(PushStatus.AlreadyMember), status?.AlreadyMember ?? 0), (nameof(PushStatus.Removed), status?.Removed ?? 0), (nameof(PushStatus.NotMember), status?.NotMember ?? 0),
        (nameof(PushStatus.Unmatched), status?.Unmatched ?? 0), (nameof(PushStatus.NoIdentity), status?.NoIdentity ?? 0), (nameof(PushStatus.NoConsent), status?.NoConsent ?? 0), (nameof(PushStatus.Duplicate), status?.Duplicate ?? 0),
        (nameof(PushStatus.Rejected), status?.Rejected ?? 0), (nameof(PushStatus.NotDelivered), status?.NotDelivered ?? 0),
    ];
}
