using System.Diagnostics;
using System.Diagnostics.Metrics;
using SegmentPush.Pushes;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>What listeners of .NET's diagnostics hear of a push.</summary>
public sealed class PushTelemetryTests
{
    // Sources and meters are the process's, and other tests push at the same time.
    private static readonly AsyncLocal<bool> s_isMine = new();

    [Fact]
    public async Task A_push_is_an_activity_with_its_phases_and_calls_below_it()
    {
        await using var it = await PushFixture.StartAsync();
        using var heard = new Heard();

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann", "", ""], ["bob@example.com", "Bob", "", ""]]);

        var push = Assert.Single(heard.Activities, activity => activity.OperationName == "push");
        Assert.Equal(status.Id.ToString(), push.GetTagItem("segmentpush.push.id"));
        Assert.Equal("Completed", push.GetTagItem("segmentpush.state"));
        Assert.Equal(0, push.GetTagItem("segmentpush.exit_code"));
        Assert.Equal(ActivityStatusCode.Unset, push.Status);
        var phases = heard.Activities.Where(activity => activity.OperationName == "phase").ToArray();
        Assert.NotEmpty(phases);
        Assert.All(phases, phase => Assert.Equal(push.SpanId, phase.ParentSpanId));
        var calls = heard.Activities.Where(activity => activity.OperationName == "call").ToArray();
        Assert.Equal(status.Calls, calls.Length);
        Assert.All(calls, call => Assert.Equal(push.TraceId, call.TraceId));
        Assert.Contains(calls, call => (string?)call.GetTagItem("segmentpush.call") == "POST /rest/v1/leads.json" && call.Duration > TimeSpan.Zero);
    }

    [Fact]
    public async Task People_are_counted_by_outcome_and_calls_one_by_one()
    {
        await using var it = await PushFixture.StartAsync();
        it.Exist("ann@example.com");
        using var heard = new Heard();

        var status = await it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com", "", "", ""], ["nobody@example.com", "", "", ""], ["ann@example.com", "", "", ""]]);

        Assert.Equal(1, heard.Sum("segmentpush.people", ("segmentpush.outcome", "Added")));
        Assert.Equal(1, heard.Sum("segmentpush.people", ("segmentpush.outcome", "Unmatched")));
        Assert.Equal(1, heard.Sum("segmentpush.people", ("segmentpush.outcome", "Duplicate")));
        Assert.Equal(3, heard.Sum("segmentpush.people"));
        Assert.Equal(status.Calls, heard.Sum("segmentpush.calls"));
        Assert.Equal(1, heard.Sum("segmentpush.pushes", ("segmentpush.state", "Completed")));
        Assert.Equal(status.Calls, heard.Count("segmentpush.call.wait"));
    }

    [Fact]
    public async Task A_push_that_could_not_begin_is_an_activity_with_the_id_of_its_error()
    {
        await using var it = await PushFixture.StartAsync();
        it.List = "9999";
        using var heard = new Heard();

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com", "", "", ""]]));

        var push = Assert.Single(heard.Activities, activity => activity.OperationName == "push");
        Assert.Equal((ActivityStatusCode.Error, error.ErrorId), (push.Status, push.GetTagItem("error.type")));
    }

    [Fact]
    public async Task No_person_is_told_to_a_listener()
    {
        await using var it = await PushFixture.StartAsync();
        using var heard = new Heard();

        await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann", "", ""], ["no address", "Zoe", "", ""]]);

        var tags = heard.Activities.SelectMany(activity => activity.TagObjects).Select(tag => $"{tag.Value}").Concat(heard.Tags).ToArray();
        Assert.NotEmpty(tags);
        Assert.DoesNotContain(tags, tag => tag.Contains("ann@", StringComparison.Ordinal) || tag.Contains("Zoe", StringComparison.Ordinal) || tag.Contains("no address", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_made_where_nobody_listens()
    {
        // A test that runs at the same time may listen, but not in this flow.
        if (Heard.AreAny) return;

        Assert.Null(PushTelemetry.Begin());
    }

    private sealed class Heard : IDisposable
    {
        private static int s_listeners;

        private readonly List<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> _measurements = [];
        private readonly ActivityListener _activities;
        private readonly MeterListener _meters = new();

        public Heard()
        {
            Interlocked.Increment(ref s_listeners);
            s_isMine.Value = true;
            _activities = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "SegmentPush",
                Sample = (ref _) => s_isMine.Value ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
                ActivityStopped = activity =>
                {
                    lock (Activities) Activities.Add(activity);
                },
            };
            ActivitySource.AddActivityListener(_activities);
            _meters.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "SegmentPush") listener.EnableMeasurementEvents(instrument);
            };
            _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _meters.Start();
        }

        public static bool AreAny => Volatile.Read(ref s_listeners) > 0;

        public List<Activity> Activities { get; } = [];

        public IEnumerable<string> Tags => _measurements.SelectMany(measured => measured.Tags).Select(tag => $"{tag.Value}");

        public double Sum(string name, params (string Key, string Value)[] tags) => Matching(name, tags).Sum(measured => measured.Value);

        public int Count(string name) => Matching(name, []).Count();

        public void Dispose()
        {
            _activities.Dispose();
            _meters.Dispose();
            s_isMine.Value = false;
            Interlocked.Decrement(ref s_listeners);
        }

        private IEnumerable<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> Matching(string name, (string Key, string Value)[] tags) =>
            _measurements.Where(measured => measured.Name == name && tags.All(tag => measured.Tags.Any(found => found.Key == tag.Key && $"{found.Value}" == tag.Value)));

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (!s_isMine.Value) return;
            lock (_measurements) _measurements.Add((instrument.Name, value, tags.ToArray()));
        }
    }
}
