using System.Diagnostics;
using System.Management.Automation;

namespace SegmentPush.Cmdlet.Tests;

public sealed class PushTests
{
    private const string Rows = """"
        email;first;last
        person1@example.com;Ann;Doe
        PERSON1@example.com ;Ann;Again
        zoe@example.org;Zoë;"O'Hara; ""Jr."""
        not-an-address;Bad;Address

        """";

    [Fact]
    public void A_file_is_put_on_the_list_and_every_row_accounted_for()
    {
        using var session = new ModuleSession();
        session.Write("segment.csv", Rows);

        var status = session.One($"Invoke-SegmentPush segment.csv 1021 {ModuleSession.Mapping} -PersonCreation MatchExistingAndCreateMissing");

        Assert.Equal("Completed", status.State.ToString());
        Assert.Equal((4L, 2L, 1L, 1L), ((long)status.Received, (long)status.Activated, (long)status.Excluded, (long)status.Failed));
        Assert.Equal(1L, status.Created);
        Assert.Equal("zoe@example.org", session.One("Get-MarketoStaticListMember 1021 | Where-Object LastName -like '*; \"Jr.\"'").Email);
    }

    [Fact]
    public void Matching_is_the_default_and_creates_nobody()
    {
        using var session = new ModuleSession();

        var status = session.One($"$input | Invoke-SegmentPush -StaticList 'webinar emea' -Mapping {ModuleSession.Mapping}", ModuleSession.People(3001));

        Assert.Equal("MatchExisting", status.PersonCreation.ToString());
        Assert.Equal((3001L, 3001L, 0L), ((long)status.Received, (long)status.Added + (long)status.Unmatched, (long)status.Created));
        Assert.True(status.Unmatched > 0);
        Assert.Equal((long)status.Added, session.Run("Get-MarketoStaticListMember -StaticList ST1021A1").Count);
    }

    [Theory]
    [InlineData("1021")]
    [InlineData("ST1021")]
    [InlineData("ST1021A1")]
    [InlineData("'https://app-ab12.marketo.com/#ST1021A1'")]
    [InlineData("'WEBINAR emea'")]
    [InlineData("(Get-MarketoStaticList -Name 'Webinar*')")]
    public void A_list_may_be_given_in_every_form(string list)
    {
        using var session = new ModuleSession();

        Assert.Equal(1L, session.One($"$input | Invoke-SegmentPush -StaticList {list} -Mapping {ModuleSession.Mapping}", ModuleSession.People(1)).Added);
    }

    [Fact]
    public void What_if_emits_the_plan_and_changes_nothing()
    {
        using var session = new ModuleSession();
        session.Write("segment.csv", Rows);

        var plan = session.One($"Invoke-SegmentPush segment.csv 1021 {ModuleSession.Mapping} -PersonCreation MatchExistingAndCreateMissing -WhatIf");
        var piped = session.One($"$input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping} -WhatIf", ModuleSession.People(2000));

        Assert.Equal((1L, 1L, 2L, 1L), ((long)plan.WouldMatch, (long)plan.WouldCreate, (long)plan.WouldAdd, (long)plan.WouldReject));
        Assert.Equal((2000L, 2000L), ((long)piped.Received, (long)piped.WouldMatch + (long)piped.Unmatched));
        Assert.Empty(session.Run("Get-MarketoStaticListMember 1021"));
        Assert.Empty(session.Run("Get-PushStatus"));
    }

    [Fact]
    public void A_large_segment_goes_by_import_and_says_so()
    {
        using var session = new ModuleSession();
        Environment.SetEnvironmentVariable("SEGMENTPUSH_POLL_SECONDS", "0.05");
        try
        {
            var status = session.One(
                $"$input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping} -PersonCreation MatchExistingAndCreateMissing", ModuleSession.People(21_000, "example.net"));

            Assert.Equal(("Bulk", 21_000L), ((string)status.Delivery.ToString(), (long)status.Added));
            Assert.True((long)status.Calls < 10);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SEGMENTPUSH_POLL_SECONDS", null);
        }
    }

    [Fact]
    public void Rejected_rows_can_be_mended_and_pushed_again()
    {
        using var session = new ModuleSession();
        session.Write("segment.csv", Rows);

        var status = session.One($"Invoke-SegmentPush segment.csv 1021 {ModuleSession.Mapping} -RejectPath bad.csv");
        string rejected = Path.Combine(session.Folder, "bad.csv");
        string text = File.ReadAllText(rejected);
        File.WriteAllText(rejected, text.Replace("not-an-address", "person7@example.com", StringComparison.Ordinal));
        var mended = session.One($"Invoke-SegmentPush bad.csv 1021 {ModuleSession.Mapping}");

        Assert.Equal(rejected, status.RejectPath);
        Assert.StartsWith("email;first;last;_Row;_Code;_Reason\r\nnot-an-address;Bad;Address;4;AddressMalformed;", text, StringComparison.Ordinal);
        Assert.Equal((1L, 1L), ((long)mended.Received, (long)mended.Added));
    }

    [Fact]
    public void Piped_rows_can_be_rejected_into_a_file_too()
    {
        using var session = new ModuleSession();
        session.Run(
            $"$input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping} -RejectPath bad.csv",
            [.. ModuleSession.People(5), .. ModuleSession.People(1, "no domain")]);

        Assert.Contains("person1@no domain,First1,\"Last, \"\"1\"\"\",6,AddressMalformed,", File.ReadAllText(Path.Combine(session.Folder, "bad.csv")), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(session.Folder, "home")), file => file.EndsWith(".csv", StringComparison.Ordinal));
    }

    [Fact]
    public void Wildcards_lead_to_all_their_files_and_a_literal_path_to_one()
    {
        using var session = new ModuleSession();
        session.Write("day 1.csv", "email,first,last\nperson1@example.com,a,b\n");
        session.Write("day 2.csv", "email,first,last\nperson1@example.com,a,b\nperson2@example.com,a,b\n");
        session.Write("day [3].csv", "email,first,last\nperson3@example.com,a,b\n");

        var all = session.One($"Invoke-SegmentPush -Path 'day ?.csv' -StaticList 1021 -Mapping {ModuleSession.Mapping}");
        var one = session.One($"Invoke-SegmentPush -LiteralPath 'day [3].csv' -StaticList 1021 -Mapping {ModuleSession.Mapping}");

        Assert.Equal((3L, 2L, 1L), ((long)all.Received, (long)all.Added, (long)all.Duplicate));
        Assert.Equal(1L, one.Added);
    }

    [Theory]
    [InlineData("missing.csv", null, "FileNotFound")]
    [InlineData("empty.csv", "", "FileEmpty")]
    [InlineData("header.csv", "email,first,last\r\n", "FileHasNoRows")]
    [InlineData("twice.csv", "email,first,last,EMAIL\r\na,b,c,d\r\n", "DuplicateColumn")]
    [InlineData("binary.csv", "email\0first\0", "BinaryFile")]
    [InlineData(".", null, "FolderHasNoSegment")]
    [InlineData("Variable:/PID", null, "NotAFilePath")]
    public void A_file_that_is_no_segment_is_refused_before_any_call(string name, string? text, string id)
    {
        using var session = new ModuleSession();
        if (text is not null) session.Write(name, text);

        var error = session.Fail($"Invoke-SegmentPush {name} 1021 {ModuleSession.Mapping}");

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Empty(session.Run("Get-PushStatus"));
    }

    [Theory]
    [InlineData("-StaticList 99999", "StaticListNotFound")]
    [InlineData("-StaticList 'No such list'", "StaticListNotFound")]
    [InlineData("-StaticList 1021 -Partition Nowhere", "PartitionNotFound")]
    [InlineData("-StaticList 1021 -RejectPath no/such/folder/bad.csv", "RejectPathNotWritable")]
    public void What_Marketo_does_not_have_is_named_before_anything_is_changed(string parameters, string id)
    {
        using var session = new ModuleSession();

        var error = session.Fail($"$input | Invoke-SegmentPush -Mapping {ModuleSession.Mapping} {parameters}", ModuleSession.People(1));

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("'text'")]
    [InlineData("42")]
    public void A_pipeline_of_something_else_is_refused(string item)
    {
        using var session = new ModuleSession();

        Assert.StartsWith(
            "NotAPerson,", session.Fail($"{item} | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping}").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_pipeline_is_an_error()
    {
        using var session = new ModuleSession();

        var error = session.Fail($"@() | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping}");

        Assert.StartsWith("SegmentEmpty,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_warnings_and_verbose_text_say_how_it_goes_without_a_person_in_them()
    {
        using var session = new ModuleSession();

        var (_, error, streams) = session.Try(
            $"$DebugPreference = 'Continue'; $input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping} -Verbose", [.. ModuleSession.People(1500), .. ModuleSession.People(1, "no domain")]);

        Assert.Null(error);
        Assert.Contains(streams.Verbose, line => line.Message.Contains("/rest/v1/leads.json", StringComparison.Ordinal));
        Assert.Contains("1 of 1501 rows were rejected", Assert.Single(streams.Warning).Message, StringComparison.Ordinal);
        Assert.Equal(ProgressRecordType.Completed, streams.Progress[^1].RecordType);
        string all = string.Join('\n', streams.Verbose.Select(line => line.Message)) + string.Join('\n', streams.Debug.Select(line => line.Message));
        Assert.DoesNotContain("person1", all, StringComparison.Ordinal);
        Assert.DoesNotContain("sandbox-secret", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_ends_it_within_two_seconds_and_leaves_a_status()
    {
        using var session = new ModuleSession();
        using var shell = session.Shell($"$input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping} -PersonCreation MatchExistingAndCreateMissing -Delivery Sync");
        using var input = new PSDataCollection<object>();
        var run = shell.BeginInvoke(input);
        foreach (object person in ModuleSession.People(1300)) input.Add(person);
        while (Received() == 0) await Task.Delay(20, TestContext.Current.CancellationToken);

        var watch = Stopwatch.StartNew();
        shell.Stop();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
        using var other = new ModuleSession(connected: false, home: Path.Combine(session.Folder, "home"));
        var status = other.One("Get-PushStatus");
        Assert.Equal("Interrupted", status.State.ToString());
        Assert.Equal((long)status.Received, (long)status.Activated + (long)status.Excluded + (long)status.Failed);
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(run));

        long Received()
        {
            using var reader = new ModuleSession(connected: false, home: Path.Combine(session.Folder, "home"));
            return reader.Run("Get-PushStatus") is [var push] ? (long)push.Properties["Received"].Value : 0;
        }
    }
}
