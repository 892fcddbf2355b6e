using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A push is stopped while it waits for another attempt of a call that Marketo has refused: nothing of the call is in doubt then.</summary>
public sealed class StoppedBackOffTests
{
    private const string Additions = "POST /rest/v1/lists/1021/leads.json", Removals = "DELETE /rest/v1/lists/1021/leads.json";

    private static readonly string[] s_rows = ["ann@example.com,Ann,realized", "bob@example.com,Bob,realized"];

    [Theory]
    [InlineData("POST /rest/v1/leads.json", "606", 0)]
    [InlineData(Additions, "606", 2)]
    [InlineData(Additions, "611", 2)]
    public async Task Nobody_counts_as_perhaps_created_or_added_by_a_call_that_was_refused(string call, string code, int notAdded)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);

        var push = await StopAsync(fixture, call, code, s_rows);

        using var journal = PushJournal.Open(fixture.Push.Journal);
        long key = journal.Pushes.GetStarted(push).Key;
        Assert.Empty(journal.Rows.GetPeople(key, Stage.Sent));
        Assert.Empty(journal.Rows.GetPeople(key, Stage.Written));
        Assert.Equal(notAdded, journal.Rows.GetPeople(key, Stage.NotAdded).Count);
    }

    [Fact]
    public async Task Somebody_who_was_not_taken_off_by_a_call_that_was_refused_is_not_put_back_by_the_undo()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta);
        await fixture.PushAsync(s_rows);
        var push = await StopAsync(fixture, Removals, "606", "ann@example.com,Ann,exited");
        fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id);

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 0L, 1L), (push.State, push.Removed, push.NotMember));
    }

    [Theory]
    [InlineData("1016")]
    [InlineData("606")]
    public async Task An_upload_that_was_refused_is_not_waited_for(string code)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append);
        fixture.Push.Delivery = Delivery.Bulk;

        var push = await StopAsync(fixture, "POST /bulk/v1/leads.json", code, s_rows);

        using var journal = PushJournal.Open(fixture.Push.Journal);
        Assert.Empty(journal.Imports.GetUnanswered(journal.Pushes.GetStarted(push).Key));
    }

    private static async Task<PushStatus> StopAsync(DestinationFixture fixture, string call, string code, params string[] rows)
    {
        string[] parts = call.Split(' ');
        fixture.Marketo.Inject(SandboxFault.Error(code, "Refused") with { Method = parts[0], Path = parts[1] });
        using var stop = new CancellationTokenSource();
        fixture.Push.Connection.CallFinished += Stop;
        string file = fixture.File(["email,first,segmentMembership.status", .. rows]);
        var push = await fixture.Push.WatchAsync(Push.RunAsync(fixture.OptionsFor(), [PushSource.OpenFile(file, FormOptions.None)], stop.Token), null);
        fixture.Push.Connection.CallFinished -= Stop;
        fixture.Marketo.ClearFaults();
        Assert.Equal(PushState.Interrupted, push.State);
        return push;

        void Stop(CallReport report)
        {
            if (report.Call == call && !report.Succeeded) stop.Cancel();
        }
    }
}
