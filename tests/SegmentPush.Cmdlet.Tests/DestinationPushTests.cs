using System.Management.Automation;

namespace SegmentPush.Cmdlet.Tests;

/// <summary>Pushes to destinations, as a scheduled task runs them.</summary>
public sealed class DestinationPushTests : IDisposable
{
    private const string New = "New-SegmentDestination 'Webinar EMEA' 'Autumn' @{ email = 'email'; first = 'firstName' } -CreateList -Folder 42 "
        + "-PersonCreation MatchExistingAndCreateMissing -Mode Mirror -TimeZone Europe/Paris";

    private readonly ModuleSession _session = new();

    public DestinationPushTests()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial");
        _session.Run(New + " -Account Trial");
    }

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_scheduled_task_of_one_line_needs_no_connection_of_its_own()
    {
        Write(100);
        _session.Run("Connect-MarketoLaunchpoint -Sandbox");
        var push = _session.One("Invoke-SegmentPush -Destination 'webinar emea' -Path segment*.csv");

        Assert.Equal("Completed Mirror 100 100 0 True", $"{push.State} {push.Mode} {push.Received} {push.Added} {push.ExitCode} {push.IsVerified}");
        Assert.Equal("Webinar EMEA", push.Destination);
        Assert.Equal(100, _session.One("Get-SegmentDestination").Members);
        Assert.Equal(push.Id, _session.One("Get-PushStatus -Destination 'Webinar EMEA'").Id);
        Assert.Empty(_session.Run("Get-PushStatus -Destination Other"));
    }

    [Theory]
    [InlineData("-StartDate ([datetime]::Today.AddDays(2))", "NotStarted")]
    [InlineData("-StartDate ([datetime]::Today.AddDays(-9)) -EndDate ([datetime]::Today.AddDays(-2))", "Ended")]
    public void Outside_its_dates_nothing_is_done_and_that_is_no_error(string dates, string state)
    {
        _session.Run($"Set-SegmentDestination 'Webinar EMEA' {dates}");

        // Not even the file need be there.
        var push = _session.One("Invoke-SegmentPush -Destination 'Webinar EMEA' -Path nowhere.csv");

        Assert.Equal($"{state} 0 0", $"{push.State} {push.ExitCode} {push.Received}");
        Assert.Contains("Webinar EMEA", (string)push.Reason, StringComparison.Ordinal);
        Assert.Empty(_session.Run("Get-PushStatus"));
        Assert.Equal(state, _session.One("[pscustomobject]@{ email = 'a@example.com'; first = 'A' } | Invoke-SegmentPush -Destination 'Webinar EMEA'").State.ToString());
    }

    [Fact]
    public void The_guard_has_an_error_id_and_an_exit_code_of_its_own()
    {
        Write(100);
        _session.Run("Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv");
        Write(50);

        var (output, error, _) = _session.Try("Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv");

        Assert.StartsWith("GuardStopped,", error!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.OperationStopped, error.CategoryInfo.Category);
        Assert.Equal(3, ((dynamic)error.Exception).ExitCode);
        Assert.Equal(3, ((dynamic)Assert.Single(output)).ExitCode);
        Assert.Contains("-Force", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(50, _session.One("Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv -Force").Removed);
        Assert.StartsWith(
            "GuardStopped,",
            _session.Fail("[System.IO.File]::WriteAllText(\"$PWD/empty.csv\", ''); Invoke-SegmentPush -Destination 'Webinar EMEA' -Path empty.csv").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_tells_of_each_person_what_would_be_done_and_changes_nothing()
    {
        Write(100);
        _session.Run("Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv");
        _session.Write("segment.csv", "email,first\n" + Rows(99).Replace(",First7\n", ",Other\n", StringComparison.Ordinal) + "new@example.com,New\nbad,Bad\njoiner3@example.com,Again\n");

        var plan = _session.Run("Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv -WhatIf -Detailed");

        dynamic sums = plan[^1];
        Assert.Equal("102 1 1 1 1 98 1 1", $"{sums.Received} {sums.WouldCreate} {sums.WouldUpdate} {sums.WouldAdd} {sums.WouldRemove} {sums.Unchanged} {sums.WouldReject} {sums.Duplicate}");
        Assert.Null((string?)sums.GuardReason);
        var people = plan.SkipLast(1).Cast<dynamic>().ToLookup(person => (string)person.Action.ToString());
        Assert.Equal(103, people.Sum(group => group.Count()));
        Assert.Equal("firstName", string.Join(",", (IEnumerable<string>)Assert.Single(people["Update"]).Fields));
        Assert.Equal("new@example.com", Assert.Single(people["Create"]).Identity);
        Assert.NotNull(Assert.Single(people["Remove"]).MarketoId);
        Assert.Equal("AddressMalformed", Assert.Single(people["Reject"]).Code);
        Assert.Single(_session.Run("Get-PushStatus"));
    }

    [Fact]
    public void A_saved_plan_is_pushed_just_so_or_refused()
    {
        Write(100);
        var plan = _session.One("Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv -SavePlan plan.json");
        Assert.Equal(100, plan.WouldCreate);

        var push = _session.One("Invoke-SegmentPush -Plan plan.json");
        Assert.Equal("Completed 100 100", $"{push.State} {push.Created} {push.Added}");

        // The list is another one now.
        Assert.StartsWith("PlanOutdated,", _session.Fail("Invoke-SegmentPush -Plan plan.json").FullyQualifiedErrorId, StringComparison.Ordinal);

        // Then the file is.
        _session.Run("Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv -SavePlan plan2.json");
        Write(99);
        var error = _session.Fail("Invoke-SegmentPush -Plan plan2.json");
        Assert.StartsWith("PlanOutdated,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("segment.csv", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_push_is_undone_and_its_receipt_says_so()
    {
        Write(100);
        _session.Run("Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv");
        Write(90);
        var push = _session.One("Invoke-SegmentPush -Destination 'Webinar EMEA' -Path segment.csv");

        var plan = _session.One($"Undo-SegmentPush {push.Id} -WhatIf");
        Assert.Equal("10 0", $"{plan.WouldAdd} {plan.WouldRemove}");
        var undone = _session.One($"Undo-SegmentPush {push.Id} -Force");

        Assert.Equal($"Completed 10 {push.Id} True", $"{undone.State} {undone.Added} {undone.UndoOf} {undone.IsVerified}");
        Assert.Equal(100, _session.Run("Get-MarketoStaticListMember Autumn").Count);
        string receipt = _session.One($"Export-PushReceipt {undone.Id}").ToString();
        Assert.Contains("\"before\": 90", receipt, StringComparison.Ordinal);
        Assert.Contains("\"after\": 100", receipt, StringComparison.Ordinal);
        Assert.Contains("\"agree\": true", receipt, StringComparison.Ordinal);
        Assert.True(File.Exists(_session.One($"Export-PushReceipt {undone.Id} -Path .").FullName));
        Assert.StartsWith("FileExists,", _session.Fail($"Export-PushReceipt {undone.Id} -Path .").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Destination 'Webinar EMEA' -StaticList 1021", "ParameterConflict")]
    [InlineData("-StaticList 1021 -Mapping @{ email = 'email' } -Resync", "ParameterConflict")]
    [InlineData("-StaticList 1021", "TargetMissing")]
    [InlineData("-Destination 'Webinar EMEAA'", "DestinationNotFound")]
    public void What_does_not_go_together_is_told_before_anything_is_sent(string parameters, string errorId)
    {
        Write(1);

        Assert.StartsWith(errorId + ",", _session.Fail($"Invoke-SegmentPush -Path segment.csv {parameters}").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private void Write(int people) => _session.Write("segment.csv", "email,first\n" + Rows(people));

    private static string Rows(int people) => string.Concat(Enumerable.Range(1, people).Select(i => $"joiner{i}@example.com,First{i}\n"));
}
