using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Marketo says that people were added, and its list does not hold them: that is found out, told, and mended.</summary>
public sealed class ListMismatchTests
{
    private static readonly string[] s_rows = [.. Enumerable.Range(0, 10).Select(i => $"p{i}@example.com,P{i},realized")];
    private static readonly string[] s_lost = ["lost1@example.com", "lost2@example.com"];
    private static readonly string[] s_more = [.. s_rows, "new@example.com,New,realized", .. s_lost.Select(address => $"{address},Lost,realized")];

    [Theory]
    [InlineData(PushMode.Mirror, Delivery.Sync)]
    [InlineData(PushMode.Mirror, Delivery.Bulk)]
    [InlineData(PushMode.Append, Delivery.Sync)]
    [InlineData(PushMode.Delta, Delivery.Sync)]
    public async Task People_that_Marketo_adds_twice_in_vain_fail_the_push_and_the_next_one_brings_them(PushMode mode, Delivery delivery)
    {
        await using var fixture = await DestinationFixture.StartAsync(mode);
        fixture.Push.Delivery = delivery;
        await PushAsync(fixture, s_rows);
        var lie = LieFrom(fixture, times: int.MaxValue);

        var failed = await PushAsync(fixture, s_more);

        Assert.Equal((PushState.Failed, "ListMismatch", false), (failed.State, failed.ErrorId, failed.IsVerified));
        Assert.Equal("ListMismatch", fixture.Push.Error!.ErrorId);
        Assert.Contains($"-Id {failed.ShortId} ", fixture.Push.Error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal((13, 1, 10, 2), (failed.Received, failed.Added, failed.AlreadyMember, failed.Rejected));
        Assert.Equal(s_lost.Select(address => $"{address} NotOnList"), RejectedOf(fixture, failed));
        Assert.Equal(Sorted([.. s_rows, "new@example.com"]), fixture.Push.Members());

        fixture.Push.Connection.CallFinished -= lie;
        var next = await PushAsync(fixture, s_more);

        Assert.Equal((PushState.Completed, true, 2, 11), (next.State, next.IsVerified, next.Added, next.AlreadyMember));
        Assert.Equal(Sorted(s_more), fixture.Push.Members());
        var sums = fixture.ListSumsOf(next);
        Assert.Equal((11L, 2L, 0L, 0L, 0L, 13L), (sums.Before, sums.Added, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After!.Value));
    }

    [Theory]
    [InlineData(PushMode.Mirror, Delivery.Sync)]
    [InlineData(PushMode.Mirror, Delivery.Bulk)]
    [InlineData(PushMode.Append, Delivery.Sync)]
    [InlineData(PushMode.Delta, Delivery.Sync)]
    public async Task People_that_Marketo_adds_once_in_vain_are_added_again_and_counted_once(PushMode mode, Delivery delivery)
    {
        await using var fixture = await DestinationFixture.StartAsync(mode);
        fixture.Push.Delivery = delivery;
        await PushAsync(fixture, s_rows);
        LieFrom(fixture, times: 1);

        var push = await PushAsync(fixture, s_more);

        Assert.Equal((PushState.Completed, true, 3, 10), (push.State, push.IsVerified, push.Added, push.AlreadyMember));
        Assert.Equal(Sorted(s_more), fixture.Push.Members());
        var sums = fixture.ListSumsOf(push);
        Assert.Equal((10L, 3L, 0L, 0L, 0L, 13L), (sums.Before, sums.Added, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After!.Value));
    }

    [Fact]
    public async Task People_whose_second_addition_Marketo_refuses_are_told_with_its_reason_and_the_mirror_goes_on()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        await PushAsync(fixture, s_rows);
        LieFrom(fixture, times: 1);
        bool refuses = false;
        fixture.Push.Connection.CallFinished += call => refuses |= call.Call == "POST /rest/v1/lists/1021/leads.json";
        fixture.Marketo.Inject(SandboxFault.RejectRecords("1029", "No more people fit.", _ => refuses) with { Path = "/rest/v1/lists/1021/leads.json", Method = "POST" });

        var push = await PushAsync(fixture, [.. s_more.Skip(1)]);

        Assert.Equal((PushState.Completed, true, 1L, 9L, 1L, 2L), (push.State, push.IsVerified, push.Added, push.AlreadyMember, push.Removed, push.Rejected));
        Assert.Equal(s_lost.Select(address => $"{address} 1029"), RejectedOf(fixture, push));
        Assert.Equal(Sorted([.. s_rows.Skip(1), "new@example.com"]), fixture.Push.Members());
        var sums = fixture.ListSumsOf(push);
        Assert.Equal((10L, 1L, 1L, 0L, 0L, 10L), (sums.Before, sums.Added, sums.Removed, sums.AddedByOthers, sums.RemovedByOthers, sums.After!.Value));

        // The destination does not take them for members.
        fixture.Marketo.ClearFaults();
        Assert.Equal(2, (await PushAsync(fixture, [.. s_more.Skip(1)])).Added);
    }

    // What Marketo has just put on the list is gone before the client hears of it.
    private static Action<CallReport> LieFrom(DestinationFixture fixture, int times)
    {
        fixture.Push.Connection.CallFinished += Lie;
        return Lie;

        void Lie(CallReport call)
        {
            bool adds = call.Call == "POST /rest/v1/lists/1021/leads.json";
            bool imports = call.Call.StartsWith("GET /bulk/v1/leads/batch/", StringComparison.Ordinal);
            if (!adds && !imports) return;
            var lost = s_lost.SelectMany(address => fixture.Marketo.FindPeople("email", address)).Select(person => person.Id);
            int removed = times > 0 ? lost.Count(id => fixture.Marketo.RemoveFromList(PushFixture.ListId, id)) : 0;
            if (removed > 0) times--;
        }
    }

    private static Task<PushStatus> PushAsync(DestinationFixture fixture, string[] rows) =>
        fixture.PushFilesAsync([fixture.File(["email,first,segmentMembership.status", .. rows])], verify: true);

    private static IEnumerable<string> RejectedOf(DestinationFixture fixture, PushStatus push)
    {
        using var journal = PushJournal.Open(fixture.Push.Journal);
        return [.. journal.People.Get(push.Id, [PersonOutcome.Rejected]).Select(person => $"{person.Identity} {person.Code}")];
    }

    private static string[] Sorted(string[] rows) => [.. rows.Select(row => row.Split(',')[0]).Order(StringComparer.Ordinal)];
}
