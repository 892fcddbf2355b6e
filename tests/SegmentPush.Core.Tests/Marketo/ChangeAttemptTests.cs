using SegmentPush.Marketo;

namespace SegmentPush.Core.Tests.Marketo;

/// <summary>Until when a call may change people or lists counts from the moment at which it leaves.</summary>
public sealed class ChangeAttemptTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private DateTimeOffset _now = s_start;

    [Fact]
    public void Where_the_journal_was_waited_for_the_moment_is_told_again()
    {
        var watch = new Watch(() => _now += TimeSpan.FromSeconds(_now == s_start ? 40 : 0));
        using (var attempt = Attempt(watch))
        {
            attempt.Tell();
            attempt.Leave();
        }

        Assert.Equal([s_start.AddSeconds(70)], watch.Open);
    }

    [Fact]
    public void What_is_written_between_delays_it_too()
    {
        var watch = new Watch(() => { });
        using (var attempt = Attempt(watch))
        {
            attempt.Tell();
            _now += TimeSpan.FromSeconds(5);
            attempt.Tell();
            attempt.Leave();
        }

        Assert.Equal([s_start.AddSeconds(35)], watch.Open);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_attempt_that_was_answered_or_has_not_left_is_over(bool isAnswered)
    {
        var watch = new Watch(() => { });
        using (var attempt = Attempt(watch))
        {
            attempt.Tell();
            if (isAnswered) attempt.Leave();
            attempt.Answered();
        }

        Assert.Empty(watch.Open);
    }

    [Fact]
    public void A_journal_that_is_always_slow_does_not_hold_the_call_up_for_ever()
    {
        var watch = new Watch(() => _now += TimeSpan.FromSeconds(10));
        using var attempt = Attempt(watch);

        attempt.Tell();

        Assert.Single(watch.Open);
    }

    private ChangeAttempt Attempt(Watch watch)
    {
        CallGuard.TellChanges(watch);
        return new ChangeAttempt(new MarketoCall(HttpMethod.Post, "/rest/v1/lists/1021/leads.json") { RunsFor = TimeLimits.OfLists }, () => _now);
    }

    private sealed class Watch(Action write) : IChangeWatch
    {
        public List<DateTimeOffset> Open { get; } = [];

        public void Sending(DateTimeOffset runsUntil)
        {
            Open.Add(runsUntil);
            write();
        }

        public void Ended(DateTimeOffset runsUntil) => Assert.True(Open.Remove(runsUntil));
    }
}
