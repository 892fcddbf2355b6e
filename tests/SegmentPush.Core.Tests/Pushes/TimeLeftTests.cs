using Microsoft.Extensions.Time.Testing;
using SegmentPush.Pushes;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class TimeLeftTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_rest_takes_as_long_as_the_speed_so_far_says()
    {
        var left = new RemainingTime(_time, 0);
        _time.Advance(60 * s_second);

        Assert.Equal(60 * s_second, left.Of(0.5));
    }

    [Fact]
    public void What_an_earlier_process_did_says_nothing_about_the_speed()
    {
        var left = new RemainingTime(_time, 0.5);
        _time.Advance(60 * s_second);

        Assert.Equal(4, left.Of(0.6)!.Value.TotalMinutes, 3);
    }

    [Fact]
    public void No_time_is_told_where_hardly_anything_was_done()
    {
        var left = new RemainingTime(_time, 0.5);
        _time.Advance(60 * s_second);

        Assert.Null(left.Of(0.505));
    }

    [Fact]
    public void The_time_never_grows_while_the_push_waits_for_its_pace()
    {
        // 134 calls in all, 50 in 20 seconds: the third window begins after 40 seconds.
        var left = new RemainingTime(_time, 0, 50);
        _time.Advance(3 * s_second);
        var first = left.Of(50 / 134.0, 50)!.Value;
        Assert.InRange(first.TotalSeconds, 36, 42);

        for (int second = 4; second <= 19; second++)
        {
            _time.Advance(s_second);
            var next = left.Of(50 / 134.0, 50)!.Value;
            Assert.Equal(s_second, first - next);
            first = next;
        }

        // Calls under way have done nothing yet: they are no reason to expect another window.
        _time.Advance(s_second);
        Assert.InRange(left.Of(51 / 134.0, 58)!.Value.TotalSeconds, 10, 22);
    }

    [Fact]
    public void A_time_that_has_run_out_is_told_no_more()
    {
        var left = new RemainingTime(_time, 0);
        _time.Advance(10 * s_second);
        Assert.Equal(10 * s_second, left.Of(0.5));
        _time.Advance(11 * s_second);

        Assert.Null(left.Of(0.5));
    }
}
