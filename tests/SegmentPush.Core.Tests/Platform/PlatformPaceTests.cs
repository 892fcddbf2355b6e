using SegmentPush.Platform;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Platform;

/// <summary>How fast calls follow one another, and what slows them down.</summary>
public sealed class PlatformPaceTests
{
    private const string Audience = "/data/core/ups/audiences/*";

    [Theory]
    [InlineData(429, "")]
    [InlineData(503, "")]
    [InlineData(429, "{\"error_code\":\"429050\",\"message\":\"Too many requests\"}")]
    public async Task The_wait_of_a_Retry_After_header_is_kept(int status, string body)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(status, body, "application/json") with { Path = Audience, Times = 1, RetryAfter = 40 });

        // A timer of the machine may end a millisecond early, and the clock is a hurried one.
        Assert.InRange(await MeasureAsync(fixture, () => FindAsync(connection)), TimeSpan.FromSeconds(39.9), TimeSpan.FromSeconds(100));
    }

    [Theory]
    [InlineData("30000")]
    [InlineData("\"30000\"")]
    public async Task The_wait_of_retryAfterMs_is_kept_as_a_number_and_as_text(string milliseconds)
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        string body = """[{"message":"slow down","cause":"limit","retryAfterMs":MS,"statusCode":"429"}]""".Replace("MS", milliseconds, StringComparison.Ordinal);
        fixture.Platform.Inject(SandboxFault.HttpStatus(429, body, "application/json") with { Path = Audience, Times = 1 });

        Assert.InRange(await MeasureAsync(fixture, () => FindAsync(connection)), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task All_calls_wait_when_the_platform_says_that_it_is_too_much_for_one()
    {
        using var fixture = new PlatformFixture();
        using var connection = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(429) with { Path = Audience, Times = 1, RetryAfter = 30 });
        var first = FindAsync(connection);
        await Task.Delay(TimeSpan.FromSeconds(5), fixture.Time, PlatformFixture.Stop);

        var waited = await MeasureAsync(fixture, () => connection.Datasets.FindAsync(PlatformFixture.Stop));
        await first;

        Assert.InRange(waited, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task At_most_four_calls_run_at_once_with_sign_ins_among_them()
    {
        using var fixture = new PlatformFixture(options => options with { Latency = TimeSpan.FromSeconds(1) });
        using var connection = await fixture.ConnectAsync();

        for (int round = 0; round < 3; round++)
        {
            fixture.Platform.InvalidateTokens();
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => FindAsync(connection)));
        }

        Assert.InRange(fixture.Platform.MostCallsAtOnce, 2, 4);
        Assert.Equal(4, fixture.Platform.Tokens.Count);
    }

    [Fact]
    public async Task At_most_four_calls_run_at_once_in_the_landing_zone()
    {
        using var fixture = new PlatformFixture(options => options with { Latency = TimeSpan.FromMilliseconds(400) });
        using var connection = await fixture.ConnectAsync();
        using var zone = await connection.LandingZone.OpenAsync(null, PlatformFixture.Stop);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => LandingZone.ListAsync(zone, PlatformFixture.Stop)));

        Assert.InRange(fixture.Platform.MostCallsAtOnce, 2, 4);
    }

    [Fact]
    public async Task Processes_of_one_machine_share_four_calls_at_once_and_five_a_second()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new PlatformFixture(options => options with { Latency = TimeSpan.FromSeconds(1) });
        fixture.Options = fixture.Options with { PaceFolder = folder.Path };
        using var first = await fixture.ConnectAsync();
        using var second = await fixture.ConnectAsync();
        using var third = await fixture.ConnectAsync();

        var took = await MeasureAsync(fixture, () => Task.WhenAll(Enumerable.Range(0, 45).Select(i => FindAsync(i % 3 == 0 ? first : i % 3 == 1 ? second : third))));

        Assert.InRange(fixture.Platform.MostCallsAtOnce, 2, 4);
        Assert.InRange(took, TimeSpan.FromSeconds(8), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Processes_of_one_machine_share_a_pause()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new PlatformFixture();
        fixture.Options = fixture.Options with { PaceFolder = folder.Path };
        using var connection = await fixture.ConnectAsync();
        using var other = await fixture.ConnectAsync();
        fixture.Platform.Inject(SandboxFault.HttpStatus(429) with { Path = Audience, Times = 1, RetryAfter = 30 });
        var first = FindAsync(connection);
        await Task.Delay(TimeSpan.FromSeconds(5), fixture.Time, PlatformFixture.Stop);

        var waited = await MeasureAsync(fixture, () => other.Datasets.FindAsync(PlatformFixture.Stop));
        await first;

        Assert.InRange(waited, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_place_of_a_process_that_has_ended_is_free_again()
    {
        using var folder = new TemporaryFolder();
        using var fixture = new PlatformFixture();
        fixture.Options = fixture.Options with { PaceFolder = folder.Path };
        using var connection = await fixture.ConnectAsync();
        var held = Directory.EnumerateFiles(folder.Path, "*.place").Select(path => new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)).ToArray();
        var more = Enumerable.Range(held.Length + 1, PlatformPace.MaxConcurrency - held.Length)
            .Select(i => new FileStream(PlaceOf(held[0].Name, i), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None)).ToArray();

        var call = FindAsync(connection);
        await Task.Delay(TimeSpan.FromSeconds(5), fixture.Time, PlatformFixture.Stop);
        bool waited = !call.IsCompleted;
        held[0].Dispose();
        await call;
        foreach (var file in held.Concat(more)) file.Dispose();

        Assert.True(waited);
    }

    private static string PlaceOf(string first, int number) => first[..first.LastIndexOf('-')] + $"-{number}.place";

    private static Task<PlatformAudience?> FindAsync(PlatformConnection connection) => connection.Audiences.FindByIdAsync(PlatformFixture.Webinar, PlatformFixture.Stop);

    private static async Task<TimeSpan> MeasureAsync(PlatformFixture fixture, Func<Task> work)
    {
        var begun = fixture.Time.GetUtcNow();
        await work();
        return fixture.Time.GetUtcNow() - begun;
    }
}
