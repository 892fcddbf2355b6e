using SegmentPush.Journal;
using SegmentPush.Platform;
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
        var error = await Assert.ThrowsAsync<PlatformException>(() => fixture.PushAsync());
        fixture.Platform.Platform.ClearFaults();
        PushStatus stopped;
        using (var journal = PushJournal.Open(fixture.Marketo.Push.Folder)) stopped = Assert.Single(journal.History.Get(new PushFilter()));

        var resumed = await fixture.ResumeAsync(stopped.Id);

        Assert.Equal(("LandingZoneRefused", PushState.Interrupted), (error.ErrorId, stopped.State));
        Assert.Equal((PushState.Completed, 1), (resumed.State, resumed.Added));
        Assert.Single(fixture.Platform.Platform.DestinationRuns);
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
