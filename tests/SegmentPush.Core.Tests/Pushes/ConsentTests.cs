using SegmentPush.Journal;
using SegmentPush.Pushes;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

public sealed class ConsentTests
{
    [Fact]
    public async Task People_whose_consent_says_no_are_excluded_and_counted()
    {
        await using var push = await PushFixture.StartAsync();
        string path = Write(push, "email,first,consents.marketing.email.val,consents_marketing_any_val",
            "ann@example.com,Ann,y,", "bob@example.com,Bob,n,", "cid@example.com,Cid,,", "dan@example.com,Dan,,dn", "eve@example.com,Eve,y,n", "fay@example.com,Fay,P,");

        var status = await PushFileAsync(push, path);

        Assert.Equal(["ann@example.com", "cid@example.com"], push.Members());
        Assert.Equal((6, 2, 4, 0), (status.Received, status.Added, status.NoConsent, status.Failed));
        var bob = push.PersonOf(status, 2);
        Assert.Equal((PersonOutcome.NoConsent, "NoConsent", "bob@example.com"), (bob.Outcome, bob.Code, bob.Identity));
        Assert.Equal(4, PushReceipt.Of(status, null).People.NoConsent);
        Assert.True(PushReceipt.Of(status, null).People.Agree);
    }

    [Theory]
    [InlineData(".jsonl")]
    [InlineData(".json")]
    public async Task Nested_profiles_of_JSON_files_say_no_in_every_place_that_profiles_have(string ending)
    {
        await using var push = await PushFixture.StartAsync();
        string[] profiles =
        [
            Profile("yes@example.com", """{"marketing":{"email":{"val":"y"}}}"""),
            Profile("email@example.com", """{"marketing":{"email":{"val":"n"}}}"""),
            Profile("any@example.com", """{"marketing":{"any":{"val":"dn"}}}"""),
            Profile("all@example.com", """{"marketing":{"any":{"val":"n"},"email":{"val":"y"}}}"""),
            Profile("own@example.com", """{"marketing":{"email":{"val":"y"}},"idSpecific":{"Email":{"a@example.com":{"marketing":{"email":{"val":"y"}}},"OWN@example.com":{"marketing":{"any":{"val":"y"},"email":{"time":"2026-01-01","val":"p"}}}}}}"""),
            Profile("other@example.com", """{"idSpecific":{"ECID":{"1":{"marketing":{"email":{"val":"n"}}}},"Email":{"x@example.com":{"marketing":{"email":{"val":"n"}}},"other@example.com":{}}}}"""),
            Profile("escaped@example.com", """{"idSpecific":{"Email":{"escaped\u0040example.com":{"marketing":{"email":{"val":"n"}}}}}}"""),
            Profile("none@example.com", "null"),
        ];
        string path = Path.Combine(push.Folder, "people" + ending);
        await File.WriteAllTextAsync(path, ending == ".json" ? $"[{string.Join(",\n", profiles)}]" : string.Join('\n', profiles), TestContext.Current.CancellationToken);

        var status = await PushFileAsync(push, path);

        Assert.Equal(["none@example.com", "other@example.com", "yes@example.com"], push.Members());
        Assert.Equal((8, 3, 5, 0), (status.Received, status.Added, status.NoConsent, status.Failed));

        static string Profile(string address, string consents) => $$"""{"email":"{{address}}","first":"A","consents":{{consents}}}""";
    }

    [Theory]
    [InlineData("""{"idSpecific":{"Email":{"A@example.com":{"marketing":{"email":{"val":"y"}}},"a@example.com":{"marketing":{"email":{"val":"n"}}}}}}""", "NoConsent")]
    [InlineData("""{"idSpecific":{"Email":{"a@example.com":{"marketing":{"email":{"val":"y"}}},"a@example.com":{"marketing":{"email":{"val":"n"}}}}}}""", "NoConsent")]
    [InlineData("""{"idSpecific":{"Email":{"a@example.com":{"marketing":{"email":{"val":"y","val":"n"}}}}}}""", "NoConsent")]
    [InlineData("""{"idSpecific":{"Email":{"a@example.com":{"marketing":[{"email":{"val":"n"}}]}}}}""", "NoConsent")]
    [InlineData("""{"idSpecific":{"Email":[{"a@example.com":{"marketing":{"email":{"val":["y","n"]}}}}]}}""", "NoConsent")]
    [InlineData("""{"idSpecific":{"Email":{"":{"marketing":{"email":{"val":"y"}}},"a@example.com":{"marketing":{"email":{"val":"n"}}}}}}""", "NoConsent")]
    [InlineData("""{"idSpecific":{"Email":{"a@example.com":{"marketing":{"email":{"val":false}}}}}}""", "ConsentUnknown")]
    [InlineData("""{"idSpecific":{"Email":{"a@example.com":{"marketing":{"email":{"val":{"is":"n"}}}}}}}""", "ConsentUnknown")]
    [InlineData("""{"idSpecific":{"Email":{"a@example.com":{"marketing":{"email":{"val":"n\ud800"}}}}}}""", "ConsentUnknown")]
    [InlineData("""{"idSpecific":{"Email":{"a@example.com":{"marketing":{"email":"n"}}}}}""", "ConsentUnknown")]
    [InlineData("""{"idSpecific":{"Email":{"a@example.com":"n"}}}""", "ConsentUnknown")]
    [InlineData("""{"idSpecific":{"Email":"n"}}""", "ValueNotText")]
    [InlineData("""{"idSpecific":"n"}""", "ValueNotText")]
    [InlineData("""{"marketing":{"email":{"val":"y"},"Email":{"val":"n"}}}""", "DuplicateProperty")]
    [InlineData("""{"marketing":{"Email":{"val":"n"}}}""", "NoConsent")]
    [InlineData("""{"marketing":{"email":"n"}}""", "ValueNotText")]
    public async Task A_no_that_a_JSON_profile_has_in_another_form_is_never_passed_over(string consents, string code)
    {
        await using var push = await PushFixture.StartAsync();
        string path = Path.Combine(push.Folder, "people.json");
        string[] rows =
        [
            """{"email":"b@example.com","first":"B","consents":{"marketing":{"email":{"val":"y"},"Email":null},"idSpecific":{"Email":{"x@example.com":{}}}}}""",
            """{"email":"c@example.com","first":"C","consents":{"marketing":{"email":{"val":"y"}}}}""",
            $$"""{"email":"a@example.com","first":"A","consents":{{consents}}}""",
        ];
        await File.WriteAllLinesAsync(path, rows, TestContext.Current.CancellationToken);

        var status = await PushFileAsync(push, path);

        Assert.DoesNotContain("a@example.com", push.Members());
        Assert.Contains("c@example.com", push.Members());
        Assert.Equal(code, push.PersonOf(status, 3).Code);
    }

    [Theory]
    [InlineData("""{"marketing":{"email":"n"}}""")]
    [InlineData("""{"marketing":{"email":false}}""")]
    public async Task A_consent_that_is_a_text_in_all_rows_rejects_them(string consents)
    {
        await using var push = await PushFixture.StartAsync();
        string path = Path.Combine(push.Folder, "people.json");
        await File.WriteAllTextAsync(
            path, $$"""{"email":"a@example.com","first":"A","consents":{{consents}}}{"email":"b@example.com","first":"B"}""", TestContext.Current.CancellationToken);

        var status = await PushFileAsync(push, path);

        Assert.Equal(["b@example.com"], push.Members());
        Assert.Equal("ValueNotText", push.PersonOf(status, 1).Code);
    }

    [Theory]
    [InlineData("x.csv", "email,first,consents.marketing.email.val,consents_marketing_email_val\na@example.com,A,y,n\n", "SourceColumnAmbiguous")]
    [InlineData("x.csv", "email,first,consents.idSpecific.Email.a@example.com.marketing.email.val\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,consents_idSpecific_email_a@example_com_marketing_email_val\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.json", """{"email":"a@example.com","first":"A","consents.idSpecific.Email.a@example.com.marketing.email.val":"n"}""", "ConsentNotUnderstood")]
    [InlineData("x.json", """{"email":"a@example.com","first":"A","consents":{"idSpecific_Email_a@example_com_marketing_email_val":"n"}}""", "ConsentNotUnderstood")]
    [InlineData("x.json", """{"email":"a@example.com","first":"A","consents":{"marketing":{"email":{"val":"y"}}},"consents_marketing_email_val":"n"}""", "SourceColumnAmbiguous")]
    [InlineData("x.csv", "email,first,consents\na@example.com,A,\"{\"\"marketing\"\":{\"\"email\"\":{\"\"val\"\":\"\"n\"\"}}}\"\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,Consents_Marketing\na@example.com,A,{}\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,consents.marketing.email\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,consents.idSpecific\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,consents.idSpecific.Email\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,_acme.consents.marketing.email.val\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,_acme.consents.marketing.email\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,Consents Marketing Email Val\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,/consents/marketing/email/val\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,xdm:consentsMarketingEmailVal\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,consents.marketing.email.value\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,consents_marketing_any_val__c\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,xdm:consents.xdm:marketing.xdm:email.xdm:val\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.json", """{"email":"a@example.com","first":"A","consents":{"marketing":{"email":{"value":"n"}}}}""", "ConsentNotUnderstood")]
    [InlineData("x.csv", "email,first,_acme.consents.idSpecific.Email.a@example.com.marketing.email.val\na@example.com,A,n\n", "ConsentNotUnderstood")]
    [InlineData("x.json", """{"email":"a@example.com","first":"A","_acme":{"consents":{"marketing":{"email":"n"}}}}""", "ConsentNotUnderstood")]
    [InlineData("x.json", """{"email":"a@example.com","first":"A","consents.idSpecific":{"Email":{"a@example.com":{"marketing":{"email":{"val":"n"}}}}}}""", "ConsentNotUnderstood")]
    [InlineData("x.json", """{"email":"a@example.com","first":"A","consents":{"idSpecific.Email":{"a@example.com":{"marketing":{"email":{"val":"n"}}}}}}""", "ConsentNotUnderstood")]
    [InlineData("x.json", """{"email":"a@example.com","first":"A","profile":{"consents":{"marketing":{"any":{"val":"n"}}}}}""", "ConsentNotUnderstood")]
    public async Task Consents_that_stand_in_several_columns_or_in_names_are_refused_before_anything_is_sent(string name, string text, string error)
    {
        await using var push = await PushFixture.StartAsync();
        string path = Path.Combine(push.Folder, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        push.Marketo.ForgetCalls();

        var status = await PushFileAsync(push, path);

        Assert.Equal((PushState.Failed, error), (status.State, status.ErrorId));
        Assert.DoesNotContain("a@example", push.Error!.Message + ((SegmentPushException)push.Error).RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(push.Members());
        Assert.All(push.Marketo.Calls, call => Assert.Equal("GET", call.Method));
    }

    [Fact]
    public async Task A_no_in_any_row_excludes_all_rows_of_the_same_person()
    {
        await using var push = await PushFixture.StartAsync();
        string first = Write(push, "email,first,consents.marketing.email.val", "ann@example.com,Ann,y", "bob@example.com,Bob,y");
        string second = Write(push, "email,first,consents.marketing.email.val", "ANN@example.com,Ann,n");

        var status = await push.WatchAsync(
            Push.RunAsync(Options(push), [PushSource.OpenFile(first, FormOptions.None), PushSource.OpenFile(second, FormOptions.None)], CancellationToken.None), null);

        Assert.Equal(["bob@example.com"], push.Members());
        Assert.Equal((3, 1, 2, 0), (status.Received, status.Added, status.NoConsent, status.Duplicate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_no_counts_for_the_rows_of_files_that_have_no_column_of_consents(bool isFirst)
    {
        await using var push = await PushFixture.StartAsync();
        string without = Write(push, "email,first", "ann@example.com,Ann", "bob@example.com,Bob");
        string with = Write(push, "email,first,consents.marketing.email.val", "ANN@example.com,Ann,n", "cid@example.com,Cid,y");
        string[] paths = isFirst ? [with, without] : [without, with];

        var status = await push.WatchAsync(Push.RunAsync(Options(push), [.. paths.Select(path => PushSource.OpenFile(path, FormOptions.None))], CancellationToken.None), null);

        Assert.Equal(["bob@example.com", "cid@example.com"], push.Members());
        Assert.Equal((4, 2, 2), (status.Received, status.Added, status.NoConsent));
    }

    [Theory]
    [InlineData("C-1", true)]
    [InlineData("C-2", false)]
    public async Task A_no_for_an_address_counts_where_people_are_found_by_something_else(string crmId, bool isExcluded)
    {
        await using var push = await PushFixture.StartAsync();
        string path = Path.Combine(push.Folder, "people.json");
        await File.WriteAllTextAsync(
            path,
            """{"crmId":"C-1","email":"a@example.com","consents":{"idSpecific":{"Email":{"a@example.com":{"marketing":{"email":{"val":"n"}}}}}}}{"crmId":"C-2","email":"b@example.com"}""",
            TestContext.Current.CancellationToken);
        push.Mapping = [new("crmId", "crmId", "CRM")];

        var status = await PushFileAsync(push, path);

        Assert.Equal((1, 1), (status.Added, status.NoConsent));
        Assert.Equal(isExcluded ? PersonOutcome.NoConsent : PersonOutcome.Added, push.PersonOf(status, crmId == "C-1" ? 1 : 2).Outcome);
    }

    [Fact]
    public async Task A_consent_that_is_not_understood_holds_all_rows_of_its_person_back()
    {
        await using var push = await PushFixture.StartAsync();
        string path = Write(push, "email,first,consents.marketing.email.val", "ann@example.com,Ann,no", "ann@example.com,Ann,y", "bob@example.com,Bob,y");

        var status = await PushFileAsync(push, path);

        Assert.Equal(["bob@example.com"], push.Members());
        Assert.Equal((1, 2), (status.Added, status.Rejected));
        Assert.Equal("ConsentUnknown", push.PersonOf(status, 2).Code);
    }

    [Fact]
    public async Task A_consent_that_is_none_of_Adobes_values_rejects_the_row()
    {
        await using var push = await PushFixture.StartAsync();
        string path = Write(push, "email,first,consents.marketing.email.val", "ann@example.com,Ann,maybe", "bob@example.com,Bob,y");

        var status = await PushFileAsync(push, path);

        Assert.Equal((1, 1), (status.Added, status.Rejected));
        Assert.Equal("ConsentUnknown", push.PersonOf(status, 1).Code);
        Assert.DoesNotContain("maybe", push.PersonOf(status, 1).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maybe,y", "consents.marketing.any.val")]
    [InlineData("y,maybe", "consents.marketing.email.val")]
    [InlineData("maybe,", "consents.marketing.any.val")]
    public async Task A_consent_that_is_not_understood_is_told_with_the_name_of_its_column(string consents, string column)
    {
        await using var push = await PushFixture.StartAsync();
        string path = Write(push, "email,first,consents.marketing.any.val,consents.marketing.email.val", $"ann@example.com,Ann,{consents}", "bob@example.com,Bob,y,y");

        var person = push.PersonOf(await PushFileAsync(push, path), 1);

        Assert.Equal(("ConsentUnknown", column), (person.Code, person.Column));
        Assert.Contains($"'{column}'", person.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_is_not_asked_where_the_user_says_so()
    {
        await using var push = await PushFixture.StartAsync();
        string path = Write(push, "email,first,consents.marketing.email.val", "ann@example.com,Ann,maybe", "bob@example.com,Bob,n");

        var status = await push.PushFileAsync(Options(push) with { IgnoreConsent = true }, path);

        Assert.Equal((2, 0, 0), (status.Added, status.NoConsent, status.Rejected));
    }

    [Theory]
    [InlineData(PushMode.Mirror)]
    [InlineData(PushMode.Append)]
    public async Task A_member_who_withdraws_the_consent_leaves_the_list_of_a_mirror_alone(PushMode mode)
    {
        await using var fixture = await DestinationFixture.StartAsync(mode);
        const string Header = "email,first,consents.marketing.email.val";
        string[] people = [.. Enumerable.Range(0, 20).Select(i => $"person{i:00}@example.com")];
        await fixture.PushFilesAsync([fixture.File([Header, .. people.Select(address => $"{address},A,y")])]);

        var status = await fixture.PushFilesAsync([fixture.File([Header, .. people.Select((address, i) => $"{address},A,{(i < 2 ? "n" : "y")}")])]);

        Assert.Equal(PushState.Completed, status.State);
        Assert.Equal(2, status.NoConsent);
        Assert.Equal(mode == PushMode.Mirror ? people[2..] : people, fixture.Push.Members());
        Assert.Equal(mode == PushMode.Mirror ? (2, 22) : (0, 20), (status.Removed, status.Received));
    }

    [Fact]
    public async Task Withdrawn_consents_do_not_make_a_segment_look_cut_off_and_count_as_removals()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        const string Header = "email,first,consents.marketing.email.val";
        string[] people = [.. Enumerable.Range(0, 20).Select(i => $"person{i:00}@example.com")];
        fixture.Save(fixture.Destination with { MaxRemovalPercent = 60 });
        await fixture.PushFilesAsync([fixture.File([Header, .. people.Select(address => $"{address},A,y")])]);

        var half = await fixture.PushFilesAsync([fixture.File([Header, .. people.Select((address, i) => $"{address},A,{(i < 10 ? "n" : "y")}")])]);
        var all = await fixture.PushFilesAsync([fixture.File([Header, .. people.Select(address => $"{address},A,n")])]);
        var forced = await fixture.PushFilesAsync([fixture.File([Header, .. people.Select(address => $"{address},A,n")])], force: true);

        Assert.Equal((PushState.Completed, 10), (half.State, half.Removed));
        Assert.Equal((PushState.Failed, "GuardStopped", 0), (all.State, all.ErrorId, all.Removed));
        Assert.Equal((PushState.Completed, 10), (forced.State, forced.Removed));
        Assert.Empty(fixture.Push.Members());
    }

    [Theory]
    [InlineData(PersonOutcome.NoConsent, "ann@example.com,Ann,realized,n")]
    [InlineData(PersonOutcome.Rejected, "ann@example.com,Ann,realized,maybe")]
    [InlineData(PersonOutcome.NoConsent, "ann@example.com,Ann,realized,y", "ann@example.com,Ann,existing,n")]
    [InlineData(PersonOutcome.Rejected, "ann@example.com,Ann,realized,y", "ann@example.com,Ann,existing,maybe")]
    public async Task An_exit_takes_its_person_off_the_list_also_where_consent_holds_later_rows_of_the_person_back(PersonOutcome outcome, params string[] later)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta);
        const string Header = "email,first,segmentMembership.status,consents.marketing.email.val";
        await fixture.PushFilesAsync([fixture.File(Header, "ann@example.com,Ann,realized,y", "bob@example.com,Bob,realized,y")]);

        var push = await fixture.PushFilesAsync([fixture.File([Header, "ann@example.com,Ann,exited,y", "bob@example.com,Bob,realized,y", .. later])]);

        Assert.Equal(["bob@example.com"], fixture.Push.Members());
        Assert.Equal(PersonOutcome.Removed, fixture.Push.PersonOf(push, 1).Outcome);
        Assert.All(later, (_, i) => Assert.Equal(outcome, fixture.Push.PersonOf(push, 3 + i).Outcome));
    }

    [Fact]
    public async Task The_last_row_of_a_person_counts_where_consent_is_not_asked()
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Delta);
        fixture.Save(fixture.Destination with { IgnoreConsent = true });
        string file = fixture.File(
            "email,first,segmentMembership.status,consents.marketing.email.val", "ann@example.com,Ann,exited,y", "ann@example.com,Ann,realized,n");

        var push = await fixture.PushFilesAsync([file]);

        Assert.Equal((PushState.Completed, null, 1L, 1L), (push.State, push.ErrorId, push.Added, push.Duplicate));
        Assert.Equal(["ann@example.com"], fixture.Push.Members());
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "Nobody would be put on the list or taken off it.")]
    public async Task A_plan_of_withdrawn_consents_alone_foretells_whether_people_leave_the_list_of_a_mirror(bool withFault, string? reason)
    {
        await using var fixture = await DestinationFixture.StartAsync(PushMode.Mirror);
        const string Header = "email,first,consents.marketing.email.val";
        string[] people = [.. Enumerable.Range(0, 20).Select(i => $"person{i:00}@example.com")];
        await fixture.PushFilesAsync([fixture.File([Header, .. people.Select(address => $"{address},A,y")])]);
        string file = fixture.File([Header, .. people.Select((address, i) => $"{address},A,{(withFault && i == 0 ? "maybe" : "n")}")]);

        var plan = await PushPlanner.PlanAsync(fixture.OptionsFor(force: true), [PushSource.OpenFile(file, FormOptions.None)], CancellationToken.None);
        var push = await fixture.PushFilesAsync([file], force: true);

        Assert.Equal(reason, plan.ArrivalReason);
        Assert.Equal(withFault ? (PushState.Failed, 0L) : (PushState.Completed, 20L), (push.State, push.Removed));
        if (!withFault) Assert.Equal(20, plan.WouldRemove);
    }

    [Fact]
    public async Task A_push_that_excludes_everybody_is_an_error()
    {
        await using var push = await PushFixture.StartAsync();
        string path = Write(push, "email,consents.marketing.email.val", "ann@example.com,n");
        push.Mapping = [new("email", "email", "Email")];

        var status = await PushFileAsync(push, path);

        Assert.Equal(SegmentPushException.NobodyArrived, status.ErrorId);
        Assert.Contains("NoConsent", push.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_tells_whose_consent_says_no()
    {
        await using var push = await PushFixture.StartAsync();
        string path = Write(push, "email,first,consents.marketing.email.val", "ann@example.com,Ann,n", "bob@example.com,Bob,y");

        var plan = await PushPlanner.PlanAsync(Options(push), [PushSource.OpenFile(path, FormOptions.None)], CancellationToken.None);

        Assert.Equal((2, 1, 1), (plan.Received, plan.NoConsent, plan.WouldAdd));
    }

    private static PushOptions Options(PushFixture push) =>
        push.OptionsFor(PersonCreation.MatchExistingAndCreateMissing) with { Mapping = [new("email", "email", "Email"), new("first", "firstName")] };

    private static Task<PushStatus> PushFileAsync(PushFixture push, string path) =>
        push.PushFileAsync(Options(push) with { Mapping = push.Mapping.Count == 1 ? push.Mapping : Options(push).Mapping }, path);

    private static string Write(PushFixture push, params string[] lines)
    {
        string path = Path.Combine(push.Folder, $"{Guid.NewGuid():N}.csv");
        File.WriteAllLines(path, lines);
        return path;
    }
}
