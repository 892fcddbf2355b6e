using System.Globalization;
using SegmentPush.Journal;
using SegmentPush.Marketo;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>What Marketo says of the rows that an import refused: each refusal reaches its person, or nobody counts as delivered.</summary>
public sealed class ImportRejectTests
{
    private const string Failures = "/bulk/v1/leads/batch/2001/failures.json";
    private const string Batch = "/bulk/v1/leads/batch/2001.json";

    [Theory]
    [InlineData("Import Failure Reason,email\n\"Bad, value\",p7@example.com\n")]
    [InlineData("firstName,email,Import Failure Reason\nFirst7,p7@example.com,Bad, value\n")]
    [InlineData("Import Failure Reason;company;lastName;email\nBad, value;;Last;P7@example.com\n")]
    [InlineData("\uFEFF\"email\",\"firstName\",\"lastName\",\"company\",\"Message\"\r\n\"p7@example.com\",\"First7\",\"Last\",,\"Bad, value\"\r\n")]
    public async Task A_refusal_reaches_its_person_in_each_form_of_the_file(string file)
    {
        await using var it = await StartAsync();
        RefuseSeventh(it);
        it.Marketo.Inject(SandboxFault.Body(file, "text/csv") with { Path = Failures });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(50));

        Assert.Equal((PushState.Completed, 49, 1), (status.State, status.Added, status.Rejected));
        Assert.Equal((PersonOutcome.Rejected, "Bad, value"), (it.PersonOf(status, 8).Outcome, it.PersonOf(status, 8).Reason));
        Assert.DoesNotContain("p7@example.com", it.Members());
    }

    [Theory]
    [InlineData("firstName,Import Failure Reason\nFirst7,Bad value\n")]
    [InlineData("email,Import Failure Reason\nsomebody.else@example.com,Bad value\n")]
    [InlineData("Import Failure Reason,email,company\nBad,p7@example.com,p8@example.com,Acme\n")]
    [InlineData("email,Import Failure Reason\np7@example.com,Bad value\nsomebody.else@example.com,Bad value\n")]
    [InlineData("email,Import Failure Reason\n")]
    [InlineData("")]
    public async Task A_refusal_whose_person_cannot_be_told_is_no_success_and_a_resume_sends_everybody_by_calls(string file)
    {
        await using var it = await StartAsync(new HurriedTime());
        RefuseSeventh(it);
        it.Marketo.Inject(SandboxFault.Body(file, "text/csv") with { Path = Failures });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(50));

        Assert.Equal(("ImportIncomplete", 0, 50), (it.Error?.ErrorId, status.Added, status.NotDelivered));
        it.Marketo.ForgetCalls();
        var resumed = await it.ResumeAsync(status.Id);

        Assert.Equal((PushState.Completed, 49, 1), (resumed.State, resumed.Added, resumed.Rejected));
        Assert.Equal((PersonOutcome.Rejected, "1003"), (it.PersonOf(resumed, 8).Outcome, it.PersonOf(resumed, 8).Code));
        Assert.False(it.Calls().ContainsKey("import"));
        Assert.Equal((49, 49), (it.Marketo.PersonCount, it.Members().Length));
    }

    [Fact]
    public async Task A_failures_file_that_is_ready_a_little_later_is_asked_for_again()
    {
        await using var it = await StartAsync();
        RefuseSeventh(it);
        it.Marketo.Inject(SandboxFault.Body("email,Import Failure Reason\n", "text/csv") with { Path = Failures, Times = 2 });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(50));

        Assert.Equal((PushState.Completed, 49, 1), (status.State, status.Added, status.Rejected));
    }

    [Fact]
    public async Task A_person_who_is_there_several_times_is_not_sent_with_a_row_that_the_file_gives_in_part()
    {
        await using var it = await StartAsync();
        it.Exist("p7@example.com", "p7@example.com");
        it.Marketo.Inject(SandboxFault.Body("email,Import Failure Reason\np7@example.com,Multiple lead match lookup criteria\n", "text/csv") with { Path = Failures });

        var status = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People(50));
        Assert.Equal("ImportIncomplete", it.Error?.ErrorId);
        var resumed = await it.ResumeAsync(status.Id);

        Assert.Equal((PushState.Completed, 50, 1), (resumed.State, resumed.Added, resumed.MultipleMatches));
        Assert.Contains(it.Marketo.FindPeople("email", "p7@example.com"), person => person["firstName"] == "First7");
    }

    [Fact]
    public async Task A_permission_that_was_taken_away_does_not_pass_for_an_import_that_Marketo_has_forgotten()
    {
        await using var it = await StartAsync(new HurriedTime());
        using var stop = new CancellationTokenSource();
        var stopped = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            People(50),
            happened: e =>
            {
                if (e is SegmentPush.Pushes.CallFinished { Report.Call: var call } && call.StartsWith("POST /bulk", StringComparison.Ordinal)) stop.Cancel();
            },
            cancellation: stop.Token);
        Assert.Equal(PushState.Interrupted, stopped.State);
        it.Marketo.Inject(SandboxFault.Error("603", "Access denied") with { Path = Batch });

        var refused = await it.ResumeAsync(stopped.Id);

        Assert.Equal(("AccessDenied", PushState.Failed, 50), (it.Error?.ErrorId, refused.State, refused.NotDelivered));
        it.Marketo.ClearFaults();
        var resumed = await it.ResumeAsync(stopped.Id);
        Assert.Equal((PushState.Completed, 50, 1), (resumed.State, resumed.Added, it.Calls()["import"]));
    }

    [Theory]
    [InlineData(Delivery.Bulk, "/bulk/v1/leads.json")]
    [InlineData(Delivery.Sync, "/rest/v1/leads.json")]
    public async Task Without_retries_a_create_whose_answer_was_lost_is_not_sent_again_before_the_push_is_resumed(Delivery delivery, string path)
    {
        var time = new HurriedTime();
        await using var it = await PushFixture.StartAsync(time: time);
        it.Delivery = delivery;
        using var connection = await PushFixture.ConnectAsync(it.Marketo, time, retryLimit: 0);
        it.Marketo.Inject(SandboxFault.BreakAfter() with { Path = path, Times = 1 });

        var status = await it.PushAsync(it.OptionsFor(PersonCreation.MatchExistingAndCreateMissing) with { Connection = connection }, People(50));

        Assert.Equal((PushState.Interrupted, 50), (status.State, status.NotDelivered));
        Assert.Single(it.Marketo.Calls, call => call.Path == path);
        var resumed = await it.ResumeAsync(status.Id);
        Assert.Equal((PushState.Completed, 50, 50), (resumed.State, resumed.Added, it.Marketo.PersonCount));
    }

    private static async Task<PushFixture> StartAsync(TimeProvider? time = null)
    {
        var it = await PushFixture.StartAsync(time: time);
        it.Delivery = Delivery.Bulk;
        return it;
    }

    private static void RefuseSeventh(PushFixture it) =>
        it.Marketo.Inject(SandboxFault.RejectRecords("1003", "Bad, value", record => record.Contains("p7@", StringComparison.Ordinal)));

    private static IEnumerable<string[]> People(int count) =>
        Enumerable.Range(0, count).Select(i => new[] { string.Create(CultureInfo.InvariantCulture, $"p{i}@example.com"), "First" + i, "Last" });
}
