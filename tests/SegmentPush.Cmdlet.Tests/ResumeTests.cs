namespace SegmentPush.Cmdlet.Tests;

public sealed class ResumeTests
{
    // Uses the day's calls up but for the reserve, so that the push of the people in $input is interrupted.
    private const string Interrupt = $$"""
        $endpoint = (Connect-MarketoLaunchpoint -Sandbox -PassThru -DailyCallQuota 1000).Endpoint
        $s = [securestring]::new(); foreach ($c in 'sandbox-secret'.ToCharArray()) { $s.AppendChar($c) }
        foreach ($i in 1..3) { try { $null = [pscustomobject]@{ email = 'person1@example.com' } | Invoke-SegmentPush -StaticList 1022 -Mapping @{ email = 'email' } -DailyCallReserve 98 } catch { } }
        $null = Get-MarketoStaticList
        try { $null = $input | Invoke-SegmentPush -StaticList 1021 -Mapping {{ModuleSession.Mapping}} -DailyCallReserve 98 } catch { $caught = $_ }

        """;

    [Fact]
    public void A_push_that_the_quota_interrupted_says_when_it_can_go_on_and_is_resumed_from_the_pipeline()
    {
        using var session = new ModuleSession(connected: false);

        var result = session.One(
            Interrupt + """
            $before = Get-PushStatus -State Interrupted
            $after = $before | Resume-SegmentPush -DailyCallReserve 0 -WarningAction SilentlyContinue
            [pscustomobject]@{ Caught = $caught; Before = $before; After = $after }
            """,
            ModuleSession.People(900));

        Assert.StartsWith("DailyReserveReached", (string)result.Caught.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("LimitsExceeded", result.Caught.CategoryInfo.Category.ToString());
        Assert.Contains("00:00 US Central", (string)result.Before.Reason, StringComparison.Ordinal);
        Assert.Equal(((Guid)result.Before.Id, "Completed", 900L, 0L), ((Guid)result.After.Id, (string)result.After.State.ToString(), (long)result.After.Received, (long)result.After.NotDelivered));
        Assert.Empty(Directory.GetFiles(session.Folder, "spool-*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_if_resumes_nothing_and_the_last_one_is_found()
    {
        using var session = new ModuleSession(connected: false);

        var states = session.Run(
            Interrupt + """
            Resume-SegmentPush -Last -WhatIf
            (Get-PushStatus -Last 1).State
            (Resume-SegmentPush -Last -DailyCallReserve 0 -WarningAction SilentlyContinue).State
            """,
            ModuleSession.People(10)).Select(state => state.ToString());

        Assert.Equal(["Interrupted", "Completed"], states);
    }

    [Fact]
    public void One_that_cannot_be_resumed_does_not_stop_the_others()
    {
        using var session = new ModuleSession();

        var ids = session.Run(
            $"$first = $input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping}; Resume-SegmentPush -Id $first.Id, ([guid]::NewGuid()) -ErrorAction SilentlyContinue -ErrorVariable wrong; $wrong.FullyQualifiedErrorId",
            ModuleSession.People(1)).Select(id => id.ToString());

        Assert.Equal(
            ["NothingToResume,SegmentPush.Commands.ResumeSegmentPushCommand", "PushNotFound,SegmentPush.Commands.ResumeSegmentPushCommand"], ids);
    }

    [Fact]
    public void History_is_removed_by_date_and_by_id_and_what_if_names_it()
    {
        using var session = new ModuleSession();

        var counts = session.Run(
            $$"""
            $people = @($input)
            foreach ($i in 1..3) { $push = $people | Invoke-SegmentPush -StaticList 1021 -Mapping {{ModuleSession.Mapping}} }
            Remove-PushHistory -Before ([datetime]::Now.AddDays(1)) -WhatIf
            @(Get-PushStatus).Count
            $push | Remove-PushHistory
            @(Get-PushStatus).Count
            Remove-PushHistory -Before ([datetime]::Now.AddDays(-1))
            @(Get-PushStatus).Count
            Remove-PushHistory -Before ([datetime]::Now.AddDays(1))
            @(Get-PushStatus).Count
            """,
            ModuleSession.People(3)).Select(count => (int)count.BaseObject);

        Assert.Equal([3, 2, 2, 0], counts);
    }

    [Fact]
    public void Another_journal_is_chosen_by_its_path()
    {
        using var session = new ModuleSession();
        string other = Path.Combine(session.Folder, "other journal");

        var counts = session.Run(
            $"$null = $input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping} -JournalPath '{other}'; @(Get-PushStatus).Count; @(Get-PushStatus -JournalPath '{other}').Count",
            ModuleSession.People(3)).Select(count => (int)count.BaseObject);

        Assert.Equal([0, 1], counts);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(other));
    }

    [Fact]
    public void With_hashed_identities_people_are_shown_by_their_rows()
    {
        using var session = new ModuleSession();

        var person = session.One(
            $"$push = $input | Invoke-SegmentPush -StaticList 1021 -Mapping {ModuleSession.Mapping} -JournalIdentity Hash; $push | Get-PushStatus -Outcome Added",
            ModuleSession.People(1));

        Assert.Equal((1L, null), ((long)person.Row, (string?)person.Identity));
    }
}
