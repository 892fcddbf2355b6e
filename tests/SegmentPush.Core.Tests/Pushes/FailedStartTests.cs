using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Pushes that fail before they begin, as the administrator of a scheduled task finds them the next morning.</summary>
public sealed class FailedStartTests
{
    [Fact]
    public async Task A_push_into_a_list_that_does_not_exist_leaves_a_Failed_status_with_its_error_and_nothing_to_resume()
    {
        await using var it = await PushFixture.StartAsync();
        it.List = "9999";

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com"]]));

        var push = Single(it.Folder);
        Assert.Equal((PushState.Failed, error.ErrorId, error.Message, 9999L), (push.State, push.ErrorId, push.Reason, push.StaticListId));
        Assert.Equal((1, 1), (push.ExitCode, error.ExitCode));
        Assert.NotNull(push.Ended);
        Assert.Empty(Directory.GetFiles(it.Folder, "spool-*"));
        var again = await Assert.ThrowsAsync<SegmentPushException>(() => it.ResumeAsync(push.Id));
        Assert.Equal("NothingToResume", again.ErrorId);
    }

    [Fact]
    public async Task A_column_that_the_export_lacks_is_seen_in_the_status_and_in_the_destination()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        string file = fixture.File("mail,first", "ann@example.com,Ann");

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.PushFilesAsync([file]));

        var push = Single(fixture.Push.Folder);
        Assert.Equal((PushState.Failed, error.ErrorId, "Webinar EMEA", 1), (push.State, push.ErrorId, push.Destination, push.ExitCode));
        fixture.Save(fixture.Destination);
        Assert.Equal((push.Id, PushState.Failed, error.ErrorId), (fixture.Destination.LastPush, fixture.Destination.LastState, fixture.Destination.LastError));
        Assert.DoesNotContain(fixture.Marketo.Calls, call => call.Path.StartsWith("/rest", StringComparison.Ordinal) && call.Method != "GET");
    }

    [Fact]
    public async Task A_file_that_is_missing_is_entered_for_its_destination()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        var missing = new SegmentPushException("SourceNotFound", "There is no file 'segment.csv'.");

        var status = new FailedStart { Journal = fixture.Push.Journal, Destination = fixture.Destination, Source = ["segment.csv"] }.Save(missing);

        var push = Single(fixture.Push.Folder);
        Assert.Equal((status!.Id, PushState.Failed, "SourceNotFound", 1), (push.Id, push.State, push.ErrorId, push.ExitCode));
        Assert.Equal(["segment.csv"], push.Source);
    }

    [Fact]
    public void A_failure_that_names_neither_destination_nor_list_leaves_no_status()
    {
        using var folder = new TemporaryFolder();

        Assert.Null(new FailedStart { Journal = folder.Path }.Save(new SegmentPushException("SourceNotFound", "There is no file.")));

        using var journal = PushJournal.Open(folder.Path);
        Assert.Empty(journal.History.Get(new PushFilter()));
    }

    [Fact]
    public async Task A_network_that_is_away_at_the_start_of_a_push_leaves_one_that_can_be_resumed()
    {
        await using var it = await PushFixture.StartAsync(time: new HurriedTime());
        it.Marketo.Inject(SandboxFault.HttpStatus(503));

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]]);

        Assert.Equal((PushState.Interrupted, 2, 2), (status.State, status.ExitCode, it.Error!.ExitCode));
        it.Marketo.ClearFaults();
        Assert.Equal((PushState.Completed, 1L), ((await it.ResumeAsync(status.Id)).State, (long)it.Marketo.PersonCount));
    }

    private static PushStatus Single(string folder)
    {
        using var journal = PushJournal.Open(folder);
        return Assert.Single(journal.History.Get(new PushFilter()));
    }
}
