using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>What a push has begun on its list without hearing how it ended, the pushes and undos after it find out.</summary>
public sealed class OpenEditTests
{
    private static readonly string s_listPath = $"/rest/v1/lists/{PushFixture.ListId}/leads.json";

    [Fact]
    public async Task The_list_is_read_again_once_the_history_of_an_interrupted_push_is_removed()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime());
        await LoseHistoryOfRemovalAsync(fixture);

        var push = await fixture.PushAsync("ann@example.com,Ann,realized");

        Assert.Equal((PushState.Completed, 1L), (push.State, push.Added));
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_list_that_is_read_again_is_not_read_by_each_push_after_that()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime());
        await LoseHistoryOfRemovalAsync(fixture);
        await fixture.PushAsync("bob@example.com,Bob,realized");
        fixture.Marketo.ForgetCalls();

        await fixture.PushAsync("bob@example.com,Bob,realized");

        Assert.Equal("", fixture.Calls());
    }

    [Fact]
    public async Task An_interrupted_undo_is_undone_with_the_additions_whose_answers_were_lost()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var push = await fixture.PushAsync(rows[2..]);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = $"/rest/v1/lists/{PushFixture.ListId}/leads.json" });
        var undo = await fixture.UndoAsync(push);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 30), (undo.State, fixture.Push.Members().Length));

        undo = await fixture.UndoAsync(undo);

        Assert.Equal((PushState.Completed, 2L, true), (undo.State, undo.Removed, undo.IsVerified));
        Assert.Equal([.. rows[2..].Select(row => row.Split(',')[0]).Order(StringComparer.Ordinal)], fixture.Push.Members());
    }

    [Fact]
    public async Task The_question_before_an_undo_counts_the_people_of_an_import_without_an_answer()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        await fixture.PushAsync("bob@example.com,Bob,");
        fixture.Push.Delivery = Delivery.Bulk;
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = "/bulk/*" });
        var push = await fixture.PushAsync("ann@example.com,Ann,", "eve@example.com,Eve,");
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 0L), (push.State, push.Added));

        using var journal = PushJournal.Open(fixture.Push.Journal);
        Assert.Equal((2L, 0L), UndoablePush.CountAtMost(journal, push));
    }

    [Fact]
    public async Task The_plan_of_an_undo_tells_its_share_of_the_quota()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        var push = await fixture.PushAsync("ann@example.com,Ann,");

        var plan = await Push.PlanUndoAsync(
            new UndoOptions { Sending = new ResumeOptions { Connection = fixture.Push.Connection, Journal = fixture.Push.Journal } }, push.Id, TestContext.Current.CancellationToken);

        Assert.Equal((double)plan.Calls / fixture.Push.Connection.DailyCallQuota, plan.QuotaShare);
        Assert.True(plan.QuotaShare > 0);
    }

    [Fact]
    public async Task A_delta_puts_a_member_back_whose_id_an_interrupted_import_has_put_in_doubt()
    {
        var time = new HurriedTime();
        await using var fixture = await DestinationFixture.StartAsync(
            PushMode.Delta, options: new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time }, time: time);
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        fixture.Push.Delivery = Delivery.Bulk;
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = "/bulk/*" });
        Assert.Equal(PushState.Interrupted, (await fixture.PushAsync("ann@example.com,Anna,realized")).State);
        fixture.Marketo.ClearFaults();
        await Task.Delay(TimeSpan.FromMinutes(30), time, TestContext.Current.CancellationToken);
        fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", "ann@example.com").Single().Id);
        fixture.Push.Delivery = Delivery.Sync;

        var push = await fixture.PushFilesAsync([fixture.File("email,first,segmentMembership.status", "eve@example.com,Eve,realized")], verify: true);

        Assert.Equal((PushState.Completed, true), (push.State, push.IsVerified));
        Assert.Equal(["ann@example.com", "bob@example.com", "eve@example.com"], fixture.Push.Members());
    }

    [Theory]
    [InlineData(Delivery.Sync, "/rest/v1/lists/1021/leads.json")]
    [InlineData(Delivery.Bulk, "/bulk/*")]
    public async Task What_marketo_has_refused_is_not_undone(Delivery delivery, string path)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        await fixture.PushAsync("bob@example.com,Bob,");
        fixture.Push.Delivery = delivery;
        fixture.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Method = "POST", Path = path });
        var push = await fixture.PushAsync("bob@example.com,Bob,", "ann@example.com,Ann,");
        fixture.Marketo.ClearFaults();
        Assert.Equal(PushState.Interrupted, push.State);
        int ann = fixture.Marketo.FindPeople("email", "ann@example.com") is [var found] ? (int)found.Id : fixture.Push.Exist("ann@example.com")[0];
        fixture.Marketo.AddToList(PushFixture.ListId, ann);

        var refused = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.UndoAsync(push));

        Assert.Equal("NotUndoable", refused.ErrorId);
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task Who_was_created_before_a_refused_addition_counts_as_created_by_the_resume()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        fixture.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Method = "POST", Path = "/rest/v1/lists/1021/leads.json" });
        var push = await fixture.PushAsync("bob@example.com,Bob,", "ann@example.com,Ann,");
        fixture.Marketo.ClearFaults();
        Assert.Equal(PushState.Interrupted, push.State);

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, 2L, 2L), (push.State, push.Added, push.Created));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_was_created_counts_as_added_also_where_the_answer_to_the_addition_was_lost(bool isResumed)
    {
        await using var it = await PushFixture.StartAsync(new SandboxOptions { RevealExistingMembers = true }, new HurriedTime());
        it.Exist("bob@example.com");
        it.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = s_listPath, Times = isResumed ? int.MaxValue : 1 });
        var push = await it.PushAsync(PersonCreation.MatchExistingAndCreateMissing, [["ann@example.com", "Ann", "", ""], ["bob@example.com", "Bob", "", ""]]);
        it.Marketo.ClearFaults();
        if (isResumed)
        {
            Assert.Equal(PushState.Interrupted, push.State);
            push = await it.ResumeAsync(push.Id);
        }

        // Whether Bob was on the list before, nobody can tell.
        Assert.Equal((PushState.Completed, 1L, 1L, 1L), (push.State, push.Added, push.AlreadyMember, push.Created));
        Assert.Equal(PersonOutcome.Added, it.PersonOf(push, 1).Outcome);
    }

    [Fact]
    public async Task A_push_waits_until_an_addition_without_an_answer_can_not_run_any_more()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, PersonCreation.MatchExisting, time: new HurriedTime());
        fixture.Push.Exist("ann@example.com", "bob@example.com");
        await fixture.PushAsync("bob@example.com,Bob,");
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = "/rest/v1/lists/1021/leads.json" });
        Assert.Equal(PushState.Interrupted, (await fixture.PushAsync("ann@example.com,Ann,")).State);
        fixture.Marketo.ClearFaults();

        Assert.Equal(PushState.Completed, (await fixture.PushAsync("bob@example.com,Bob,")).State);

        Assert.Contains(fixture.Warnings(), warning => warning.EndsWith("may still change people or the list.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_receipt_of_a_push_that_was_stopped_has_what_it_did_to_the_list()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 40).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);

        var push = await fixture.PushAsync([.. rows[20..], "ann@example.com,Ann,"]);

        Assert.Equal(("GuardStopped", 1L), (push.ErrorId, push.Added));
        Assert.Equal((1L, 0L), (PushReceipt.Of(push, fixture.ListSumsOf(push)).List!.Added, PushReceipt.Of(push, fixture.ListSumsOf(push)).List!.Removed));
    }

    [Fact]
    public async Task A_push_that_is_resumed_after_its_undo_puts_its_people_on_the_list_again()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 40).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var push = await fixture.PushAsync([.. rows[20..], "ann@example.com,Ann,"]);
        Assert.Equal(("GuardStopped", 1L), (push.ErrorId, push.Added));
        Assert.Equal(1L, (await fixture.UndoAsync(push)).Removed);

        var resumed = await ResumeOldAsync(fixture, push);

        Assert.Equal(("GuardStopped", 1L), (resumed.ErrorId, resumed.Added));
        Assert.Contains("ann@example.com", fixture.Push.Members());
    }

    [Fact]
    public async Task A_removal_without_an_answer_is_found_after_a_resume_that_could_not_read_the_list()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = 1000 });
        var push = await fixture.PushAsync(rows[1..]);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 29), (push.State, fixture.Push.Members().Length));
        fixture.Marketo.Inject(SandboxFault.Error("603", "Access denied") with { Method = "GET", Path = "/rest/v1/lists/1021/leads.json" });
        Assert.Equal(PushState.Failed, (await fixture.Push.ResumeAsync(push.Id)).State);
        fixture.Marketo.ClearFaults();
        fixture.Save(fixture.Destination with { Mode = PushMode.Append });

        await fixture.PushAsync(rows);

        Assert.Equal(30, fixture.Push.Members().Length);
    }

    [Fact]
    public async Task An_import_that_repeats_an_undone_one_can_be_undone_at_once()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime(early: TimeSpan.FromMilliseconds(40)));
        fixture.PagesUpTo = 0;
        fixture.Push.Delivery = Delivery.Bulk;
        string[] rows = ["ann@example.com,Ann,", "bob@example.com,Bob,"];
        Assert.Equal(2L, (await UndoByExtractAsync(fixture, await fixture.PushAsync(rows))).Removed);
        var push = await fixture.PushAsync(rows);
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());

        var undo = await UndoByExtractAsync(fixture, push);

        Assert.Equal((PushState.Completed, 2L), (undo.State, undo.Removed));
        Assert.Empty(fixture.Push.Members());
    }

    [Fact]
    public async Task An_undo_right_after_another_push_knows_whom_others_have_taken_off()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime(40));
        fixture.PagesUpTo = 0;
        var push = await fixture.PushAsync("ann@example.com,Ann,");
        await fixture.PushAsync("bob@example.com,Bob,");
        fixture.Marketo.RemoveFromList(PushFixture.ListId, fixture.Marketo.FindPeople("email", "bob@example.com").Single().Id);

        var undo = await UndoByExtractAsync(fixture, push, isAlone: true);

        Assert.Equal((PushState.Completed, 1L), (undo.State, undo.Removed));
        Assert.Empty(fixture.Push.Members());
        var sums = fixture.ListSumsOf(undo);
        Assert.Equal((1L, 0L), (sums.Before, sums.After));
    }

    [Fact]
    public async Task An_undo_by_extract_knows_whom_others_have_taken_off_while_it_ran()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime(40));
        fixture.PagesUpTo = 0;
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        var push = await fixture.PushAsync("bob@example.com,Bob,exited");
        int bob = fixture.Marketo.FindPeople("email", "bob@example.com").Single().Id;
        After(fixture, $"POST {s_listPath}", () => fixture.Marketo.RemoveFromList(PushFixture.ListId, bob));

        var undo = await UndoByExtractAsync(fixture, push);
        var sums = fixture.ListSumsOf(undo);
        var again = await fixture.PushAsync("bob@example.com,Bob,realized");

        Assert.Equal((PushState.Completed, 1L), (undo.State, undo.Added));
        Assert.Equal((1L, 1L, 1L), (sums.Before, sums.RemovedByOthers, sums.After));
        Assert.Equal((PushState.Completed, 1L), (again.State, again.Added));
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task An_undo_by_extract_knows_whom_others_have_put_back_while_it_ran()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime(40));
        fixture.PagesUpTo = 0;
        await fixture.PushAsync("ann@example.com,Ann,realized");
        var push = await fixture.PushAsync("bob@example.com,Bob,realized");
        int bob = fixture.Marketo.FindPeople("email", "bob@example.com").Single().Id;
        After(fixture, $"DELETE {s_listPath}", () => fixture.Marketo.AddToList(PushFixture.ListId, bob));

        var undo = await UndoByExtractAsync(fixture, push);
        var sums = fixture.ListSumsOf(undo);
        var again = await fixture.PushAsync("bob@example.com,Bob,realized");

        Assert.Equal((PushState.Completed, 1L), (undo.State, undo.Removed));
        Assert.Equal((2L, 1L, 2L), (sums.Before, sums.AddedByOthers, sums.After));
        Assert.Equal((PushState.Completed, 0L, 1L), (again.State, again.Added, again.AlreadyMember));
    }

    [Fact]
    public async Task What_marketo_says_of_a_person_before_an_undo_counts_though_a_later_extract_still_shows_the_person()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime(40));
        fixture.PagesUpTo = 0;
        await fixture.PushAsync("ann@example.com,Ann,realized");
        var push = await fixture.PushAsync("bob@example.com,Bob,realized");
        int bob = fixture.Marketo.FindPeople("email", "bob@example.com").Single().Id;
        fixture.Marketo.RemoveFromList(PushFixture.ListId, bob);

        // The second extract is of the moment between the addition and the removal.
        After(fixture, "/file.json", () =>
        {
            After(fixture, "/create.json", () => fixture.Marketo.AddToList(PushFixture.ListId, bob));
            After(fixture, "/file.json", () => fixture.Marketo.RemoveFromList(PushFixture.ListId, bob));
        });
        var undo = await UndoByExtractAsync(fixture, push);
        var sums = fixture.ListSumsOf(undo);
        var again = await fixture.PushAsync("bob@example.com,Bob,realized");

        Assert.Equal((PushState.Completed, 0L, 0L), (undo.State, undo.Removed, undo.Failed));
        Assert.Equal((1L, 0L, 1L), (sums.Before, sums.AddedByOthers, sums.After));
        Assert.Equal((PushState.Completed, 1L), (again.State, again.Added));
        Assert.Equal(["ann@example.com", "bob@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task An_undo_right_after_its_push_leaves_whom_others_have_put_back()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta, time: new HurriedTime(40));
        fixture.PagesUpTo = 0;
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        var push = await fixture.PushAsync("bob@example.com,Bob,exited");
        fixture.Marketo.AddToList(PushFixture.ListId, fixture.Marketo.FindPeople("email", "bob@example.com").Single().Id);

        var undo = await UndoByExtractAsync(fixture, push);

        var sums = fixture.ListSumsOf(undo);
        Assert.Equal((PushState.Completed, 0L, 1L), (undo.State, undo.Added, undo.AlreadyMember));
        Assert.Equal((2L, 0L, 2L), (sums.Before, sums.AddedByOthers, sums.After));
    }

    [Fact]
    public async Task People_that_an_undo_was_still_to_put_on_the_list_are_left_to_others()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror, time: new HurriedTime());
        string[] rows = [.. Enumerable.Range(0, 320).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        var push = await fixture.PushFilesAsync([fixture.File(["email,first,segmentMembership.status", .. rows[310..]])], force: true);
        Assert.Equal(310L, push.Removed);
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "POST", Path = "/rest/v1/lists/1021/leads.json", Times = 1000 });
        var undo = await fixture.UndoAsync(push);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 310), (undo.State, fixture.Push.Members().Length));
        string left = rows.Select(row => row.Split(',')[0]).Except(fixture.Push.Members()).First();
        fixture.Marketo.AddToList(PushFixture.ListId, fixture.Marketo.FindPeople("email", left)[0].Id);

        var again = await fixture.Push.WatchAsync(
            Push.UndoAsync(
                new UndoOptions { Sending = new ResumeOptions { Connection = fixture.Push.Connection, Journal = fixture.Push.Journal }, Force = true }, undo.Id, CancellationToken.None),
            null);

        Assert.Equal((PushState.Completed, 300L), (again.State, again.Removed));
        Assert.Contains(left, fixture.Push.Members());
    }

    [Fact]
    public async Task Two_pushes_that_took_turns_are_undone_only_where_one_is_chosen()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        fixture.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Method = "POST", Path = "/rest/v1/lists/1021/leads.json" });
        var older = await fixture.PushAsync("ann@example.com,Ann,");
        fixture.Marketo.ClearFaults();
        var newer = await fixture.PushAsync("bob@example.com,Bob,");
        older = await ResumeOldAsync(fixture, older);
        Assert.Equal((PushState.Completed, 1L), (older.State, older.Added));

        foreach (var push in new[] { older, newer })
        {
            var refused = await Assert.ThrowsAsync<SegmentPushException>(() => fixture.UndoAsync(push));
            Assert.Equal("PushNotLast", refused.ErrorId);
            Assert.StartsWith("They took turns", refused.RecommendedAction, StringComparison.Ordinal);
        }

        Assert.Equal(1L, (await fixture.UndoAsync(newer, force: true)).Removed);
        Assert.Equal(["ann@example.com"], fixture.Push.Members());
    }

    [Fact]
    public async Task A_push_that_was_resumed_after_its_undo_can_be_undone_again()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        var older = await fixture.PushAsync("ann@example.com,Ann,");
        fixture.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Method = "POST", Path = "/rest/v1/lists/1021/leads.json", After = 1 });
        var push = await fixture.PushAsync([.. Enumerable.Range(0, 310).Select(i => $"p{i}@example.com,P{i},")]);
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, true), (push.State, push.Added > 0));
        Assert.Equal(push.Added, (await UndoByExtractAsync(fixture, push)).Removed);
        push = await ResumeOldAsync(fixture, push);
        Assert.Equal((PushState.Completed, 310L, 311), (push.State, push.Created, fixture.Push.Members().Length));

        Assert.Equal("PushNotLast", (await Assert.ThrowsAsync<SegmentPushException>(() => UndoByExtractAsync(fixture, older))).ErrorId);
        var undo = await UndoByExtractAsync(fixture, push);

        Assert.Equal((PushState.Completed, 310L), (undo.State, undo.Removed));
        Assert.Equal(["ann@example.com"], fixture.Push.Members());
        Assert.Equal("AlreadyUndone", (await Assert.ThrowsAsync<SegmentPushException>(() => UndoByExtractAsync(fixture, push))).ErrorId);
    }

    [Fact]
    public async Task A_resume_that_could_not_begin_leaves_a_push_undone()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Append, time: new HurriedTime());
        fixture.Marketo.Inject(SandboxFault.Error("607", "Daily quota reached") with { Method = "POST", Path = "/rest/v1/lists/1021/leads.json", After = 1 });
        var push = await fixture.PushAsync([.. Enumerable.Range(0, 310).Select(i => $"p{i}@example.com,P{i},")]);
        fixture.Marketo.ClearFaults();
        await UndoByExtractAsync(fixture, push);
        fixture.Marketo.Inject(SandboxFault.Error("603", "Access denied") with { Path = "/rest/v1/lists/1021.json" });
        Assert.Equal("AccessDenied", (await ResumeOldAsync(fixture, push)).ErrorId);
        fixture.Marketo.ClearFaults();

        var refused = await Assert.ThrowsAsync<SegmentPushException>(() => UndoByExtractAsync(fixture, push));

        Assert.Equal("AlreadyUndone", refused.ErrorId);
    }

    [Fact]
    public async Task Who_was_imported_counts_as_added_also_where_another_push_has_read_the_list_since()
    {
        var time = new HurriedTime();
        await using var fixture = await DestinationFixture.StartAsync(
            PushMode.Append, options: new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time, ImportDuration = TimeSpan.FromMinutes(1) }, time: time);
        await fixture.PushAsync("dan@example.com,Dan,");
        fixture.Push.Delivery = Delivery.Bulk;
        using var stop = new CancellationTokenSource();
        var push = await fixture.Push.WatchAsync(
            Push.RunAsync(fixture.OptionsFor(), [PushSource.OpenFile(fixture.File("email,first", "ann@example.com,Ann", "bob@example.com,Bob", "dan@example.com,Daniel"), new FormOptions())], stop.Token),
            e =>
            {
                if (e is CallFinished { Report.Call: var call } && call.Contains("batch", StringComparison.Ordinal)) stop.Cancel();
            });
        Assert.Equal(PushState.Interrupted, push.State);
        fixture.Push.Delivery = Delivery.Sync;
        Assert.Equal((PushState.Completed, 1L), ((await fixture.PushAsync("cat@example.com,Cat,")) is var next ? (next.State, next.Added) : default));

        push = await ResumeOldAsync(fixture, push);

        Assert.Equal((PushState.Completed, 2L, 1L), (push.State, push.Added, push.AlreadyMember));
        Assert.Equal(["ann@example.com", "bob@example.com", "cat@example.com", "dan@example.com"], fixture.Push.Members());
        Assert.Equal((2L, 0L), (await UndoByExtractAsync(fixture, push, isAlone: true)) is var undo ? (undo.Removed, undo.Added) : default);
        Assert.Equal(["cat@example.com", "dan@example.com"], fixture.Push.Members());
        Assert.Equal((2L, 1L), (await fixture.PushAsync("ann@example.com,Ann,", "bob@example.com,Bob,", "cat@example.com,Cat,")) is var last ? (last.Added, last.AlreadyMember) : default);
    }

    [Fact]
    public async Task Who_was_imported_into_a_mirror_counts_as_added_also_where_the_guard_has_stopped_another_push_since()
    {
        var time = new HurriedTime();
        await using var fixture = await DestinationFixture.StartAsync(
            PushMode.Mirror, options: new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time, ImportDuration = TimeSpan.FromMinutes(1) }, time: time);
        string[] rows = [.. Enumerable.Range(0, 10).Select(i => $"p{i}@example.com,P{i},")];
        await fixture.PushAsync(rows);
        fixture.Push.Delivery = Delivery.Bulk;
        using var stop = new CancellationTokenSource();
        string path = fixture.File(["email,first,segmentMembership.status", .. rows, "ann@example.com,Ann,", "bob@example.com,Bob,"]);
        var push = await fixture.Push.WatchAsync(
            Push.RunAsync(fixture.OptionsFor(), [PushSource.OpenFile(path, new FormOptions())], stop.Token),
            e =>
            {
                if (e is CallFinished { Report.Call: var call } && call.Contains("batch", StringComparison.Ordinal)) stop.Cancel();
            });
        Assert.Equal(PushState.Interrupted, push.State);
        fixture.Push.Delivery = Delivery.Sync;
        Assert.Equal("GuardStopped", (await fixture.PushAsync("cat@example.com,Cat,")).ErrorId);

        push = await fixture.Push.ResumeAsync(push.Id);

        Assert.Equal((PushState.Completed, true, 2L, 10L, 1L), (push.State, push.IsVerified, push.Added, push.AlreadyMember, push.Removed));
        var sums = fixture.ListSumsOf(push);
        Assert.Equal((10L, 1L, 0L, 12L), (sums.Before, sums.AddedByOthers, sums.RemovedByOthers, sums.After));
    }

    private static Task<PushStatus> ResumeOldAsync(DestinationFixture fixture, PushStatus push) => fixture.Push.WatchAsync(
        Push.ResumeAsync(new ResumeOptions { Connection = fixture.Push.Connection, Journal = fixture.Push.Journal, EvenIfSuperseded = true }, push.Id, CancellationToken.None),
        null);

    private static Task<PushStatus> UndoByExtractAsync(DestinationFixture fixture, PushStatus push, bool isAlone = false) => fixture.Push.WatchAsync(
        Push.UndoAsync(
            new UndoOptions
            {
                Sending = new ResumeOptions { Connection = fixture.Push.Connection, Journal = fixture.Push.Journal, Bulk = fixture.OptionsFor().Bulk },
                Force = true,
                Alone = isAlone,
            },
            push.Id,
            CancellationToken.None),
        null);

    // Others edit the list once, right after a call.
    private static void After(DestinationFixture fixture, string call, Action edit)
    {
        bool isDone = false;
        fixture.Push.Connection.CallFinished += report =>
        {
            if (isDone || !report.Succeeded || !report.Call.EndsWith(call, StringComparison.Ordinal)) return;
            isDone = true;
            edit();
        };
    }

    // Marketo takes Ann off the list, the push gets no answer, and its history is removed.
    private static async Task LoseHistoryOfRemovalAsync(DestinationFixture fixture)
    {
        await fixture.PushAsync("ann@example.com,Ann,realized", "bob@example.com,Bob,realized");
        fixture.Marketo.Inject(SandboxFault.BreakAfter() with { Method = "DELETE", Times = 1000 });
        var push = await fixture.PushAsync("ann@example.com,Ann,exited");
        fixture.Marketo.ClearFaults();
        Assert.Equal((PushState.Interrupted, 0L), (push.State, push.Removed));
        Assert.Equal(["bob@example.com"], fixture.Push.Members());

        // Before, the call may still run, and the journal must not forget it.
        await Task.Delay(TimeSpan.FromSeconds(31), fixture.Push.Connection.Time);
        using var journal = PushJournal.Open(fixture.Push.Journal, fixture.Push.Connection.Host);
        journal.Lifecycle.Remove(push.Id);
    }
}
