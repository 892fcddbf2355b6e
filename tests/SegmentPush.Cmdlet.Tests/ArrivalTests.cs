using System.Management.Automation;

namespace SegmentPush.Cmdlet.Tests;

/// <summary>Exit codes and limits of pushes for which too few people arrive, as a script sees them.</summary>
public sealed class ArrivalTests : IDisposable
{
    private const string Push = "Invoke-SegmentPush -Path segment.csv -StaticList 1021 -Mapping @{ email = 'email' } -WarningAction Ignore";

    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_push_that_brought_nobody_emits_its_status_and_then_an_error_with_the_same_exit_code()
    {
        Write("nobody1@example.com", "nobody2@example.com", "bad");

        var (output, error, _) = _session.Try(Push);

        dynamic push = Assert.Single(output);
        Assert.Equal("Failed NobodyArrived 4 2 1", $"{push.State} {push.ErrorId} {push.ExitCode} {push.Unmatched} {push.Rejected}");
        Assert.StartsWith("NobodyArrived,", error!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidResult, error.CategoryInfo.Category);
        Assert.Contains("NobodyFound (2 rows)", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(4, _session.One("try { " + Push + " | Out-Null } catch { $_.Exception.ExitCode }"));
        Assert.Equal(4, _session.One("(Get-PushStatus -Last 1).ExitCode"));
        Assert.StartsWith("NothingToResume,", _session.Fail($"Resume-SegmentPush -Id {push.Id}").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("NothingToResume,", _session.Fail("Resume-SegmentPush -Last").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_of_rejected_rows_is_given_with_the_push()
    {
        Write("person1@example.com", "bad1", "bad2");

        Assert.StartsWith("TooManyRejected,", _session.Fail(Push).FullyQualifiedErrorId, StringComparison.Ordinal);

        Assert.Equal("Completed 0", _session.One($"{Push} -MaxRejectPercent 67 | ForEach-Object {{ \"$($_.State) $($_.ExitCode)\" }}"));
        Assert.Equal("2 of 3 rows would be rejected, which is more than 50 %.", _session.One(Push + " -WhatIf").ArrivalReason);
        Assert.Null(_session.One(Push + " -MaxRejectPercent 67 -WhatIf").ArrivalReason);
    }

    [Fact]
    public void The_limit_is_saved_with_a_destination_changed_exported_and_imported()
    {
        const string ToDestination = "Invoke-SegmentPush -Destination Webinar -Path segment.csv -WarningAction Ignore";
        Write("person1@example.com", "bad1", "bad2");
        Assert.Equal(50, _session.One("New-SegmentDestination Webinar 1021 @{ email = 'email' }").MaxRejectPercent);
        Assert.StartsWith("TooManyRejected,", _session.Fail(ToDestination).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("Completed", _session.One(ToDestination + " -MaxRejectPercent 70").State.ToString());

        Assert.Equal(67, _session.One("Set-SegmentDestination Webinar -MaxRejectPercent 67 -PassThru").MaxRejectPercent);

        Assert.Equal("Completed", _session.One(ToDestination).State.ToString());
        Assert.StartsWith("TooManyRejected,", _session.Fail(ToDestination + " -MaxRejectPercent 10").FullyQualifiedErrorId, StringComparison.Ordinal);
        _session.Run("Export-SegmentDestination Webinar webinar.json; Remove-SegmentDestination Webinar");
        Assert.Equal(67, _session.One("Import-SegmentDestination webinar.json").MaxRejectPercent);
        Assert.Equal(75, _session.One("New-SegmentDestination Second 1022 @{ email = 'email' } -MaxRejectPercent 75").MaxRejectPercent);
    }

    [Fact]
    public void A_plan_keeps_the_limit_that_it_was_made_with()
    {
        Write("person1@example.com", "bad1", "bad2");
        _session.Run("New-SegmentDestination Webinar 1021 @{ email = 'email' }");
        _session.Run("Invoke-SegmentPush -Destination Webinar -Path segment.csv -MaxRejectPercent 80 -SavePlan plan.json");

        Assert.StartsWith("ParameterConflict,", _session.Fail("Invoke-SegmentPush -Plan plan.json -MaxRejectPercent 10").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("Completed", _session.One("Invoke-SegmentPush -Plan plan.json -WarningAction Ignore").State.ToString());
    }

    [Fact]
    public void A_list_is_named_by_its_address_and_that_of_a_smart_list_is_refused()
    {
        Write("person1@example.com");

        var push = _session.One(Push.Replace("1021", "'https://experience.adobe.com/#/@acme/so:000-SBX-000/marketo-engage/classic/ST1021A1?x=1'", StringComparison.Ordinal));

        Assert.Equal(1021, push.StaticListId);
        var error = _session.Fail(Push.Replace("1021", "'https://experience.adobe.com/#/@acme/so:000-SBX-000/marketo-engage/classic/SL1021A1'", StringComparison.Ordinal));
        Assert.StartsWith("InvalidStaticList,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("a smart list", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    private void Write(params string[] addresses) => _session.Write("segment.csv", string.Concat(addresses.Prepend("email").Select(line => line + "\n")));
}
