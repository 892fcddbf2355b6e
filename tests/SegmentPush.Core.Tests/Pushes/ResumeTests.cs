using System.Globalization;
using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Journal.Sqlite;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class ResumeTests
{
    private const int Everybody = 2_000;

    [Theory]
    [InlineData(Delivery.Sync, PersonCreation.MatchExisting, JournalIdentity.Plain)]
    [InlineData(Delivery.Sync, PersonCreation.MatchExistingAndCreateMissing, JournalIdentity.Plain)]
    [InlineData(Delivery.Sync, PersonCreation.MatchExistingAndCreateMissing, JournalIdentity.Hash)]
    [InlineData(Delivery.Bulk, PersonCreation.MatchExisting, JournalIdentity.Hash)]
    [InlineData(Delivery.Bulk, PersonCreation.MatchExistingAndCreateMissing, JournalIdentity.Plain)]
    public async Task A_push_that_was_stopped_is_finished_by_another_connection(Delivery delivery, PersonCreation creation, JournalIdentity identities)
    {
        var time = new HurriedTime(50);
        await using var it = await PushFixture.StartAsync(NoLimits(time), time, concurrency: 2);
        it.HasAllRowsAtStart = true;
        it.Delivery = delivery;
        it.JournalIdentity = identities;
        it.Exist([.. Enumerable.Range(0, Everybody / 2).Select(i => Address(2 * i))]);
        using var stop = new CancellationTokenSource();
        int calls = delivery == Delivery.Bulk && creation == PersonCreation.MatchExistingAndCreateMissing ? 2 : 0;
        var stopped = await it.PushAsync(
            creation,
            People(),
            happened: e =>
            {
                if (e is CallFinished && ++calls == 6) stop.Cancel();
            },
            cancellation: stop.Token);
        Assert.Equal(PushState.Interrupted, stopped.State);
        Assert.NotEmpty(Directory.GetFiles(it.Folder, "spool-*"));
        using var other = await PushFixture.ConnectAsync(it.Marketo, time);

        var resumed = await it.ResumeAsync(stopped.Id, other);

        Assert.Null(it.Error);
        Assert.Equal((stopped.Id, PushState.Completed, Everybody, 0L), (resumed.Id, resumed.State, resumed.Received, resumed.NotDelivered));
        Assert.Equal(creation == PersonCreation.MatchExisting ? Everybody / 2 : Everybody, it.Members().Distinct().Count());
        Assert.Equal(creation == PersonCreation.MatchExisting ? Everybody / 2 : Everybody, it.Marketo.PersonCount);
        Assert.Empty(Directory.GetFiles(it.Folder, "spool-*"));
        Assert.True(resumed.Calls > stopped.Calls);
    }

    [Theory]
    [InlineData(JournalIdentity.Plain)]
    [InlineData(JournalIdentity.Hash)]
    public async Task A_create_that_was_under_way_when_the_push_was_stopped_makes_nobody_twice(JournalIdentity identities)
    {
        var time = new HurriedTime(50);
        await using var it = await PushFixture.StartAsync(NoLimits(time) with { Latency = TimeSpan.FromSeconds(40) }, time);
        it.HasAllRowsAtStart = true;
        it.Delivery = Delivery.Sync;
        it.JournalIdentity = identities;
        using var stop = new CancellationTokenSource();
        var pushing = it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People().Take(600), cancellation: stop.Token);
        await JournalSetup.WaitUntilSentAsync(it.Folder, 600);
        await stop.CancelAsync();
        var stopped = await pushing;
        Assert.Equal((PushState.Interrupted, 600L), (stopped.State, stopped.NotDelivered));

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, 600, 600), (resumed.State, it.Marketo.PersonCount, it.Members().Length));

        // All are sent again, as nobody knows which fields the two lost calls wrote. A lookup tells who was created, where identities are known.
        Assert.Equal(identities == JournalIdentity.Plain ? 600 : 0, resumed.Created);
        Assert.Equal(4, it.Calls()["sync"]);
    }

    [Fact]
    public async Task A_push_that_is_stopped_again_before_it_came_to_those_left_half_done_is_interrupted_and_goes_on_later()
    {
        var time = new HurriedTime(50);
        await using var it = await PushFixture.StartAsync(NoLimits(time) with { Latency = TimeSpan.FromSeconds(40) }, time);
        it.HasAllRowsAtStart = true;
        it.Delivery = Delivery.Sync;
        using var stop = new CancellationTokenSource();
        var pushing = it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, People().Take(600), cancellation: stop.Token);
        await Task.Delay(400, CancellationToken.None);
        await stop.CancelAsync();
        var stopped = await pushing;
        using var stopAgain = new CancellationTokenSource();

        // While it waits until the calls of the first one can no longer run.
        var stoppedAgain = await it.ResumeAsync(
            stopped.Id,
            happened: e =>
            {
                if (e is PushWarned) stopAgain.Cancel();
            },
            cancellation: stopAgain.Token);
        Assert.Equal((PushState.Interrupted, 600L, 600L), (stoppedAgain.State, stoppedAgain.Received, stoppedAgain.NotDelivered));

        var resumed = await it.ResumeAsync(stopped.Id);
        Assert.Equal((PushState.Completed, 600, 600), (resumed.State, it.Marketo.PersonCount, it.Members().Length));
    }

    [Fact]
    public async Task An_import_that_Marketo_has_accepted_is_found_again_and_not_uploaded_twice()
    {
        await using var it = await PushFixture.StartAsync(NoLimits(TimeProvider.System) with { ImportDuration = TimeSpan.FromSeconds(1) });
        it.Delivery = Delivery.Bulk;
        var stopped = await StopAtFirstPollAsync(it);
        Assert.Equal((PushState.Interrupted, Everybody), (stopped.State, stopped.NotDelivered));

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, null, Everybody), (resumed.State, resumed.Reason, resumed.Added));
        Assert.Equal(1, it.Calls()["import"]);
        Assert.Equal(Everybody, it.Members().Length);
    }

    [Fact]
    public async Task Whom_a_resumed_import_could_not_tell_apart_is_found_by_sync_calls_and_settled_once()
    {
        await using var it = await PushFixture.StartAsync(NoLimits(TimeProvider.System) with { ImportDuration = TimeSpan.FromSeconds(1) });
        it.Delivery = Delivery.Bulk;
        int[] twins = it.Exist(Address(7), Address(7));
        var stopped = await StopAtFirstPollAsync(it);

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Null(it.Error);
        Assert.Equal((PushState.Completed, Everybody, 1L), (resumed.State, resumed.Added, resumed.MultipleMatches));
        Assert.Contains(it.PersonOf(resumed, 8).MarketoId, twins.Select(id => (long?)id));
        Assert.Equal(Everybody + 1, it.Marketo.PersonCount);
    }

    [Fact]
    public async Task A_push_whose_list_is_busy_when_it_is_resumed_stays_interrupted()
    {
        await using var it = await PushFixture.StartAsync(NoLimits(TimeProvider.System) with { ImportDuration = TimeSpan.FromSeconds(1) });
        it.Delivery = Delivery.Bulk;
        var stopped = await StopAtFirstPollAsync(it);
        PushStatus busy;
        using (JournalLock.TryTake(it.Folder, $"list {it.Connection.Instance} {PushFixture.ListId}")) busy = await it.ResumeAsync(stopped.Id);
        Assert.Equal(("ListBusy", PushState.Interrupted), (it.Error!.ErrorId, busy.State));

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, null, Everybody), (resumed.State, resumed.Reason, resumed.Added));
    }

    [Fact]
    public async Task An_import_that_Marketo_has_forgotten_is_uploaded_again()
    {
        await using var it = await PushFixture.StartAsync(NoLimits(TimeProvider.System) with { ImportDuration = TimeSpan.FromSeconds(1) });
        it.Delivery = Delivery.Bulk;
        var stopped = await StopAtFirstPollAsync(it);
        await ForgetImportsAsync(it);

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, null, Everybody), (resumed.State, resumed.Reason, resumed.Added));
        Assert.Equal(2, it.Calls()["import"]);
        Assert.Equal(Everybody, it.Marketo.PersonCount);
    }

    [Fact]
    public async Task A_lost_network_interrupts_and_the_push_can_be_resumed()
    {
        var time = new HurriedTime();
        await using var it = await PushFixture.StartAsync(NoLimits(time), time);
        it.HasAllRowsAtStart = true;
        it.Exist([.. Enumerable.Range(0, Everybody).Select(Address)]);
        it.Delivery = Delivery.Sync;
        it.Marketo.Inject(SandboxFault.BreakBefore() with { After = 6 });
        var stopped = await it.PushAsync(PersonCreation.MatchExisting, People());
        Assert.Equal(PushState.Interrupted, stopped.State);
        Assert.NotNull(stopped.Reason);
        it.Marketo.ClearFaults();

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, null, Everybody), (resumed.State, resumed.Reason, resumed.Added));
    }

    [Fact]
    public async Task A_person_who_is_sent_again_without_company_fields_counts_once()
    {
        var time = new HurriedTime(50);
        await using var it = await PushFixture.StartAsync(NoLimits(time), time);
        it.HasAllRowsAtStart = true;
        it.Delivery = Delivery.Sync;
        it.Marketo.TieToCompany(it.Exist("ann@example.com")[0]);
        it.Marketo.Inject(SandboxFault.BreakBefore() with { Path = "/rest/v1/leads.json", Method = "POST", After = 1 });
        var stopped = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann", "Doe", "Acme"]]);
        Assert.Equal((PushState.Interrupted, 0L), (stopped.State, stopped.WithoutCompanyFields));
        it.Marketo.ClearFaults();

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, 1L, 1L), (resumed.State, resumed.Added, resumed.WithoutCompanyFields));
    }

    [Fact]
    public async Task A_person_of_several_with_one_identity_who_is_looked_up_again_counts_once()
    {
        var time = new HurriedTime(50);
        await using var it = await PushFixture.StartAsync(NoLimits(time), time);
        it.HasAllRowsAtStart = true;
        it.Delivery = Delivery.Bulk;
        it.Exist([.. Enumerable.Range(0, Everybody).Select(Address), Address(7)]);
        it.Marketo.Inject(SandboxFault.BreakBefore() with { Path = "/bulk/v1/leads.json", Method = "POST" });
        var stopped = await it.PushAsync(PersonCreation.MatchExisting, People());
        Assert.Equal(PushState.Interrupted, stopped.State);
        it.Marketo.ClearFaults();

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, Everybody, 1L), (resumed.State, resumed.Added, resumed.MultipleMatches));
    }

    [Fact]
    public async Task A_person_of_several_with_one_identity_who_is_found_after_a_lost_create_counts_once()
    {
        var time = new HurriedTime(50);
        await using var it = await PushFixture.StartAsync(NoLimits(time) with { Latency = TimeSpan.FromSeconds(40) }, time);
        it.HasAllRowsAtStart = true;
        it.Delivery = Delivery.Sync;
        it.Exist("ann@example.com", "ann@example.com");
        using var stop = new CancellationTokenSource();
        var pushing = it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann"]], ExistingPeople.Keep, cancellation: stop.Token);
        await JournalSetup.WaitUntilSentAsync(it.Folder, 1);
        await stop.CancelAsync();
        var stopped = await pushing;
        Assert.Equal((PushState.Interrupted, 0L), (stopped.State, stopped.MultipleMatches));

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, 1L, 1L), (resumed.State, resumed.Added, resumed.MultipleMatches));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_person_of_several_with_one_identity_whose_import_is_settled_by_another_process_counts_once(bool isForgotten)
    {
        await using var it = await PushFixture.StartAsync(NoLimits(TimeProvider.System) with { ImportDuration = TimeSpan.FromSeconds(1) });
        it.HasAllRowsAtStart = true;
        it.Delivery = Delivery.Bulk;
        it.Exist([.. Enumerable.Range(0, Everybody).Select(Address), Address(7)]);
        var stopped = await StopAtFirstPollAsync(it, PersonCreation.MatchExisting);
        if (isForgotten) await ForgetImportsAsync(it);

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, Everybody, 1L), (resumed.State, resumed.Added + resumed.AlreadyMember, resumed.MultipleMatches));
        Assert.Equal(isForgotten ? 2 : 1, it.Calls()["import"]);
    }

    [Fact]
    public async Task A_person_of_several_with_one_identity_who_is_deleted_before_the_addition_counts_once()
    {
        var time = new HurriedTime(50);
        await using var it = await PushFixture.StartAsync(NoLimits(time), time);
        it.HasAllRowsAtStart = true;
        it.Delivery = Delivery.Sync;
        it.Exist("ann@example.com", "ann@example.com", "ann@example.com");
        it.Marketo.Inject(SandboxFault.BreakBefore() with { Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json", Method = "POST" });
        var stopped = await it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com", "Ann"]], ExistingPeople.Keep);
        Assert.Equal((PushState.Interrupted, 1L), (stopped.State, stopped.MultipleMatches));
        it.Marketo.ClearFaults();
        it.Marketo.DeletePerson(it.Marketo.FindPeople("email", "ann@example.com").Max(person => person.Id));

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((PushState.Completed, 1L, 1L), (resumed.State, resumed.Added, resumed.MultipleMatches));
    }

    [Fact]
    public async Task A_person_of_several_with_one_identity_whose_id_an_import_does_not_find_counts_once()
    {
        await using var it = await PushFixture.StartAsync();
        it.Delivery = Delivery.Bulk;
        it.Exist("ann@example.com", "ann@example.com");
        it.Marketo.Inject(SandboxFault.RejectRecords("1004", "Lead not found", _ => true) with { Path = "/bulk/*" });

        var status = await it.PushAsync(PersonCreation.MatchExisting, [["ann@example.com", "Ann"]], ExistingPeople.Keep);

        Assert.Equal((PushState.Completed, 1L, 1L), (status.State, status.Added, status.MultipleMatches));
    }

    [Fact]
    public async Task Rows_that_were_settled_are_not_sent_again_and_rejected_ones_stay_rejected()
    {
        await using var it = await PushFixture.StartAsync(concurrency: 1);
        it.Delivery = Delivery.Sync;
        it.Exist([.. Enumerable.Range(0, Everybody).Select(Address)]);
        string file = Path.Combine(it.Folder, "segment.csv");
        await File.WriteAllLinesAsync(file, ["email,first,last,company", "bad,,,", $"{Address(0)},,,", $"{Address(0)},,,", .. Enumerable.Range(1, Everybody - 1).Select(i => $"{Address(i)},,,")]);
        it.RejectPath = Path.Combine(it.Folder, "rejected.csv");
        using var stop = new CancellationTokenSource();
        var stopped = await it.PushFileAsync(
            PersonCreation.MatchExisting,
            file,
            e =>
            {
                if (e is CallFinished { Report.Call: var call } && call.StartsWith("POST /rest/v1/lists", StringComparison.Ordinal)) stop.Cancel();
            },
            stop.Token);
        it.Marketo.ForgetCalls();

        var resumed = await it.ResumeAsync(stopped.Id);

        Assert.Equal((Everybody + 2, Everybody, 1, 1), (resumed.Received, resumed.Added, resumed.Duplicate, resumed.Rejected));
        Assert.InRange(it.Calls()["add"], 1, ((Everybody - stopped.Added + 299) / 300) + 1);
        Assert.Contains("bad,,,,1,AddressMalformed", await File.ReadAllTextAsync(it.RejectPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_changed_is_not_gone_on_with()
    {
        await using var it = await PushFixture.StartAsync(dailyCallQuota: 1000);
        string file = Path.Combine(it.Folder, "segment.csv");
        await File.WriteAllTextAsync(file, "email,first,last,company\nann@example.com,,,\n");
        it.Marketo.CallsToday = 900;
        var stopped = await it.PushFileAsync(PersonCreation.MatchExisting, file);
        await File.AppendAllTextAsync(file, "zoe@example.com,,,\n");

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => it.ResumeAsync(stopped.Id));

        Assert.Equal(("SourceChanged", (object)file), (error.ErrorId, error.Target!));
    }

    [Fact]
    public async Task What_cannot_be_resumed_is_told_and_changes_nothing()
    {
        await using var it = await PushFixture.StartAsync();
        var complete = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com"]]);
        Assert.Equal("NothingToResume", (await Assert.ThrowsAsync<SegmentPushException>(() => it.ResumeAsync(complete.Id))).ErrorId);
        Assert.Equal("PushNotFound", (await Assert.ThrowsAsync<SegmentPushException>(() => it.ResumeAsync(Guid.NewGuid()))).ErrorId);
    }

    [Fact]
    public async Task A_push_that_runs_cannot_be_resumed()
    {
        await using var it = await PushFixture.StartAsync(NoLimits(TimeProvider.System) with { Latency = TimeSpan.FromSeconds(2) });
        it.HasAllRowsAtStart = true;
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource<Guid>();
        var running = it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing,
            People(),
            happened: e =>
            {
                if (e is PushStarted { Status: var status }) started.TrySetResult(status.Id);
            },
            cancellation: stop.Token);

        var error = await Assert.ThrowsAsync<SegmentPushException>(async () => await it.ResumeAsync(await started.Task));

        Assert.Equal("PushRunning", error.ErrorId);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Hashed_identities_are_nowhere_in_the_journal_and_people_are_shown_by_their_rows()
    {
        await using var it = await PushFixture.StartAsync();
        it.JournalIdentity = JournalIdentity.Hash;
        it.Delivery = Delivery.Bulk;
        it.Marketo.Inject(SandboxFault.RejectRecords("1004", "Refused", row => row.Contains("zoe@", StringComparison.Ordinal)));

        var status = await it.PushAsync(
            PersonCreation.MatchExistingAndCreateMissing, [["Ann@Corp.test", "Ann"], ["zoe@corp.test", "Zoe"], ["ann@corp.test"], ["malformed one"]]);

        Assert.Equal((1, 1, 2), (status.Added, status.Duplicate, status.Rejected));
        Assert.Equal("Refused", it.PersonOf(status, 2).Reason);
        Assert.Null(it.PersonOf(status, 1).Identity);
        foreach (string file in Directory.GetFiles(it.Folder))
        {
            string text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain("corp.test", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("malformed one", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    // Their imports end meanwhile, so that the list is free.
    private static async Task ForgetImportsAsync(PushFixture it)
    {
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        JournalSetup.Execute(it.Folder, "UPDATE import_file SET batch_id = 999999");
    }

    private static async Task<PushStatus> StopAtFirstPollAsync(PushFixture it, PersonCreation creation = PersonCreation.MatchExistingAndCreateMissing)
    {
        using var stop = new CancellationTokenSource();
        return await it.PushAsync(
            creation,
            People(),
            happened: e =>
            {
                if (e is CallFinished { Report.Call: var call } && call.Contains("/batch/", StringComparison.Ordinal)) stop.Cancel();
            },
            cancellation: stop.Token);
    }

    private static SandboxOptions NoLimits(TimeProvider time) => new() { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time };

    private static string Address(int i) => string.Create(CultureInfo.InvariantCulture, $"person{i}@example.com");

    private static IEnumerable<string[]> People() => Enumerable.Range(0, Everybody).Select(i => new[] { Address(i), "Name" });
}
