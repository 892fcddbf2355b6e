using SegmentPush.Journal;
using SegmentPush.Sandbox;
using SegmentPush.Sandbox.Platform;
using static SegmentPush.Core.Tests.Pushes.AudienceFixture;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Pushes of an audience that a file destination of the platform exports.</summary>
public sealed class AudienceThroughTests
{
    private const string Run = "/data/core/activation/disflowprovider/adhocrun";

    [Fact]
    public async Task A_push_that_is_killed_before_it_hears_of_its_run_goes_on_with_it_though_it_has_ended()
    {
        await using var fixture = await StartThroughAsync();
        fixture.Platform.Platform.Inject(SandboxFault.BreakAfter() with { Path = Run });
        using var stop = new CancellationTokenSource();
        var push = fixture.PushAsync(cancellation: stop.Token);
        while (fixture.Platform.Platform.DestinationRuns.Count == 0 && !push.IsCompleted) await Task.Delay(1, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        var stopped = await push;
        fixture.Platform.Platform.ClearFaults();

        var resumed = await fixture.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Interrupted, PushState.Completed, 1), (stopped.State, resumed.State, resumed.Added));
        Assert.Single(fixture.Platform.Platform.DestinationRuns);
    }

    [Fact]
    public async Task A_push_whose_signature_is_refused_for_long_can_be_resumed()
    {
        await using var fixture = await StartThroughAsync();
        fixture.Platform.Platform.Inject(SandboxFault.HttpStatus(403) with { Path = "/dlz-destination/exports/SegmentPush*" });
        var stopped = await fixture.PushAsync();
        fixture.Platform.Platform.ClearFaults();

        var resumed = await fixture.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Interrupted, "LandingZoneRefused"), (stopped.State, stopped.ErrorId));
        Assert.Equal((PushState.Completed, 1), (resumed.State, resumed.Added));
        Assert.Single(fixture.Platform.Platform.DestinationRuns);
    }

    [Fact]
    public async Task Identities_that_the_files_of_a_destination_lack_are_a_missing_column()
    {
        await using var fixture = await StartThroughAsync();
        fixture.Mapping = [new("identityMap.Email", "email", "Email"), new("person.name.firstName", "firstName")];

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.PushAsync());

        Assert.Equal("SourceColumnNotFound", error.ErrorId);
        Assert.Contains("workEmail_address", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_who_have_left_do_not_count_in_the_files_of_a_destination()
    {
        await using var fixture = await StartThroughAsync(options => options with { ExportsLeavers = true });
        fixture.Add(Profile("Gone", [], work: "gone@example.com", status: "exited"));

        var status = await fixture.PushAsync();

        Assert.Equal(["ann@example.com"], fixture.Marketo.Push.Members());
        Assert.Equal((2, 1), (status.Received, status.NotMember));
    }

    private static async Task<AudienceFixture> StartThroughAsync(Func<PlatformSandboxOptions, PlatformSandboxOptions>? adjust = null)
    {
        var fixture = await StartAsync(adjust: adjust);
        fixture.Through = fixture.Platform.Platform.Options.DataflowId;
        fixture.Mapping = [new("workEmail.address", "email", "Email"), new("person.name.firstName", "firstName")];
        fixture.Add(Profile("Ann", [], work: "ann@example.com"));
        return fixture;
    }
}
