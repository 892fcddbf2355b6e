using SegmentPush.Pushes;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class TimeLeftTests
{
    [Fact]
    public void Half_done_in_a_minute_leaves_a_minute() =>
        Assert.Equal(TimeSpan.FromMinutes(1), ProgressTeller.TimeLeft(TimeSpan.FromMinutes(1), 0, 0.5));

    [Fact]
    public void What_an_earlier_process_did_says_nothing_of_the_speed_now() =>
        Assert.Equal(TimeSpan.FromMinutes(4), ProgressTeller.TimeLeft(TimeSpan.FromMinutes(1), 0.5, 0.6));

    [Fact]
    public void No_time_is_told_where_hardly_anything_was_done() => Assert.Null(ProgressTeller.TimeLeft(TimeSpan.FromMinutes(1), 0.5, 0.505));
}
