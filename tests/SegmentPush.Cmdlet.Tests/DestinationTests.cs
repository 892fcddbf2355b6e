using System.Management.Automation;

namespace SegmentPush.Cmdlet.Tests;

public sealed class DestinationTests : IDisposable
{
    private const string New = "New-SegmentDestination 'Webinar EMEA' 1021 @{ email = 'email'; first = 'firstName' }";

    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_destination_is_saved_with_all_that_was_said_of_it()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial");

        var made = _session.One(New + """
             -Account trial -PersonCreation MatchExistingAndCreateMissing -Mode Delta -MembershipColumn status -Description 'Autumn' -Partition europe `
                -StartDate 2026-09-01 -EndDate '2026-12-31 18:00' -TimeZone Europe/Paris -MaxRemovals 5 -MaxRemovalPercent 10 -MaxShrinkPercent 40 -Delivery Bulk
            """);

        var saved = _session.One("Get-SegmentDestination 'webinar emea'");
        foreach (var destination in new[] { made, saved })
        {
            Assert.Equal("Webinar EMEA", destination.Name);
            Assert.Equal("Trial", destination.Account);
            Assert.Equal("000-SBX-000", destination.Instance);
            Assert.Equal(1021, destination.StaticListId);
            Assert.Equal("Webinar EMEA", destination.StaticListName);
            Assert.Equal("MatchExistingAndCreateMissing Update Bulk Delta", $"{destination.PersonCreation} {destination.ExistingPeople} {destination.Delivery} {destination.Mode}");
            Assert.Equal("Europe status Autumn Europe/Paris", $"{destination.Partition} {destination.MembershipColumn} {destination.Description} {destination.TimeZone}");
            Assert.Equal((new DateOnly(2026, 9, 1), new DateOnly(2026, 12, 31)), ((DateOnly)destination.StartDate, (DateOnly)destination.EndDate));
            Assert.Equal("5 10 40", $"{destination.MaxRemovals} {destination.MaxRemovalPercent} {destination.MaxShrinkPercent}");
        }
    }

    [Fact]
    public void A_hashtable_is_the_same_mapping_in_each_process_and_an_ordered_one_keeps_its_order()
    {
        const string Fields = "@{ f = 'website'; e = 'email'; a = 'firstName'; d = 'company'; c = 'phone'; b = 'lastName' }";

        Assert.Equal("a b c d e f", _session.One($"(New-SegmentDestination One 1021 {Fields}).Mapping.Source -join ' '"));
        Assert.Equal("f e a d c b", _session.One($"(New-SegmentDestination Two 1021 ([ordered]{Fields}) -WarningAction Ignore).Mapping.Source -join ' '"));
    }

    [Fact]
    public void A_name_that_is_taken_is_an_error_and_what_is_there_stays()
    {
        _session.Run(New);

        var error = _session.Fail("New-SegmentDestination 'WEBINAR emea' 1022 @{ email = 'email' }");

        Assert.StartsWith("DestinationExists,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
        Assert.Contains("Set-SegmentDestination", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(1021, _session.One("Get-SegmentDestination").StaticListId);
    }

    [Fact]
    public void WhatIf_checks_everything_and_saves_and_creates_nothing()
    {
        _session.Run(New + " -WhatIf");
        _session.Run("New-SegmentDestination Autumn 'Webinar autumn' @{ email = 'email' } -CreateList -Folder 'Group Lists' -WhatIf");

        Assert.StartsWith("FieldNotFound,", _session.Fail("New-SegmentDestination X 1021 @{ email = 'emial' } -WhatIf").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith(
            "FieldNotFound,",
            _session.Fail("New-SegmentDestination X 'Webinar autumn' @{ email = 'emial' } -CreateList -Folder 42 -WhatIf").FullyQualifiedErrorId,
            StringComparison.Ordinal);
        Assert.Empty(_session.Run("Get-SegmentDestination"));
        Assert.Empty(_session.Run("Get-MarketoStaticList *autumn*"));
    }

    [Fact]
    public void A_new_list_is_created_in_its_folder_and_is_the_destination_s()
    {
        var destination = _session.One("New-SegmentDestination Autumn 'Webinar autumn' @{ email = 'email' } -CreateList -Folder Program:1034");

        var list = _session.One("Get-MarketoStaticList 'Webinar autumn'");
        Assert.Equal((object)list.Id, (object)destination.StaticListId);
        Assert.Equal("Webinar EMEA 2026", list.ProgramName);
        Assert.StartsWith(
            "StaticListExists,",
            _session.Fail("New-SegmentDestination Again 'Webinar autumn' @{ email = 'email' } -CreateList -Folder Program:1034").FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-SegmentDestination X 1021 @{ email = 'email' } -CreateList -Folder 42", "InvalidStaticList")]
    [InlineData("New-SegmentDestination X Autumn @{ email = 'email' } -CreateList", "FolderMissing")]
    [InlineData("New-SegmentDestination X Autumn @{ email = 'email' } -Folder 42", "CreateListMissing")]
    [InlineData("New-SegmentDestination ' ' 1021 @{ email = 'email' }", "DestinationNameInvalid")]
    [InlineData("New-SegmentDestination X 1021 @{ email = 'email' } -Account Nobody", "AccountNotFound")]
    [InlineData("New-SegmentDestination X 1021 @{ email = 'email' } -TimeZone Europe/Atlantis", "TimeZoneNotFound")]
    [InlineData("New-SegmentDestination X 1021 @{ email = 'email' } -StartDate 2026-02-02 -EndDate 2026-02-01", "DatesReversed")]
    [InlineData("New-SegmentDestination X 1021 @{ email = 'email' } -MembershipColumn status", "MembershipColumnNotUsed")]
    [InlineData("New-SegmentDestination X 1021 @{ email = 'email' } -MaxRemovals -1", "MaxRemovalsNegative")]
    [InlineData("Set-SegmentDestination X", "NothingToSet")]
    [InlineData("Set-SegmentDestination X -EndDate 2026-02-02", "DestinationNotFound")]
    [InlineData("Remove-SegmentDestination X", "DestinationNotFound")]
    [InlineData("Export-SegmentDestination X x.json", "DestinationNotFound")]
    [InlineData("Import-SegmentDestination x.json", "FileNotFound")]
    [InlineData("Import-SegmentDestination -LiteralPath x.json", "FileNotFound")]
    [InlineData("Import-SegmentDestination .", "NotAFilePath")]
    public void What_cannot_work_has_an_error_of_its_own_that_says_what_to_do(string script, string id)
    {
        var error = _session.Fail(script);

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Empty(_session.Run("Get-SegmentDestination"));
    }

    [Fact]
    public void An_account_is_enough_to_connect_with_and_a_connection_needs_no_account()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial");
        using var other = new ModuleSession(connected: false, home: Home);

        Assert.StartsWith("NotConnected,", other.Fail(New).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("Trial", other.One("New-SegmentDestination A 1021 @{ email = 'email' } -Account Trial").Account);
        Assert.StartsWith("NotConnected,", other.Fail(New).FullyQualifiedErrorId, StringComparison.Ordinal);
        other.Run("$global:it = Connect-MarketoLaunchpoint -Sandbox -PassThru");
        Assert.Null(other.One("New-SegmentDestination B 1022 @{ email = 'email' } -Connection $global:it").Account);
        Assert.Equal("Trial", other.One("New-SegmentDestination C 'Webinar EMEA' @{ email = 'email' } -Connection $global:it -Account trial -WarningAction Ignore").Account);
    }

    [Fact]
    public void An_account_of_another_instance_than_the_connection_is_an_error()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial");

        var error = _session.Fail(Elsewhere + New + " -Connection $elsewhere -Account Trial");

        Assert.StartsWith("OtherInstance,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_two_destinations_have_is_told()
    {
        _session.Run(New);

        var (output, _, streams) = _session.Try("New-SegmentDestination Second 'webinar emea' @{ email = 'email' }");

        Assert.Single(output);
        Assert.Contains("'Webinar EMEA'", Assert.Single(streams.Warning).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_changes_what_is_given_and_nothing_else()
    {
        _session.Run(New + " -Mode Mirror -StartDate 2026-09-01 -EndDate 2026-12-31 -MaxRemovals 5 -Description 'Autumn' -TimeZone Europe/Paris");

        var changed = _session.One("Set-SegmentDestination 'webinar emea' -EndDate $null -MaxRemovals $null -MaxShrinkPercent 50 -PassThru");

        Assert.Equal("Webinar EMEA 1021 Mirror Autumn Europe/Paris 20 50", $"{changed.Name} {changed.StaticListId} {changed.Mode} {changed.Description} {changed.TimeZone} {changed.MaxRemovalPercent} {changed.MaxShrinkPercent}");
        Assert.Equal(new DateOnly(2026, 9, 1), changed.StartDate);
        Assert.Null(changed.EndDate);
        Assert.Null(changed.MaxRemovals);
        Assert.Empty(_session.Run("Set-SegmentDestination 'Webinar EMEA' -StartDate $null"));
    }

    [Theory]
    [InlineData("Partition", "Europe")]
    [InlineData("Account", "Trial")]
    [InlineData("Description", "Autumn")]
    [InlineData("MembershipColumn", "status")]
    public void What_need_not_be_there_is_cleared_with_null(string parameter, string value)
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial");
        _session.Run($"{New} -Mode Delta -{parameter} '{value}'");
        Assert.Equal(value, _session.Run($"(Get-SegmentDestination).{parameter}").Single().ToString());

        var cleared = _session.One($"Set-SegmentDestination 'Webinar EMEA' -{parameter} $null -PassThru");

        Assert.Null(((PSObject)cleared).Properties[parameter].Value);
    }

    [Fact]
    public void Dates_and_limits_are_set_without_a_connection_and_the_rest_is_checked_again()
    {
        _session.Run(New);
        using var other = new ModuleSession(connected: false, home: Home);
        other.Run("Set-SegmentDestination 'Webinar EMEA' -EndDate 2027-01-01 -Mode Mirror -MaxRemovals 5 -Delivery Sync");

        Assert.StartsWith("NotConnected,", other.Fail("Set-SegmentDestination 'Webinar EMEA' -StaticList 1022").FullyQualifiedErrorId, StringComparison.Ordinal);
        var error = _session.Fail("Set-SegmentDestination 'Webinar EMEA' -StaticList 77777");
        Assert.StartsWith("StaticListNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(1021, _session.One("Get-SegmentDestination").StaticListId);
    }

    [Theory]
    [InlineData("-StaticList Newsletter", "another list")]
    [InlineData("-Mapping @{ source = 'key'; target = 'id'; identity = 'Id' }", "another field")]
    [InlineData("-Mapping @{ mail = 'email' }", null)]
    [InlineData("-PersonCreation MatchExistingAndCreateMissing", null)]
    public void A_change_after_which_the_list_is_read_anew_is_told_also_with_WhatIf(string parameters, string? warning)
    {
        _session.Run(New);

        foreach (string whatIf in new[] { " -WhatIf", "" })
        {
            var (_, error, streams) = _session.Try($"Set-SegmentDestination 'Webinar EMEA' {parameters}{whatIf}");
            Assert.Null(error);
            if (warning is null) Assert.Empty(streams.Warning);
            else Assert.Contains(warning, Assert.Single(streams.Warning).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_destination_moves_to_another_instance_only_with_its_list()
    {
        _session.Run(New);

        var error = _session.Fail(Elsewhere + "Set-SegmentDestination 'Webinar EMEA' -Partition Europe -Connection $elsewhere");
        Assert.StartsWith("OtherInstance,", error.FullyQualifiedErrorId, StringComparison.Ordinal);

        var moved = _session.One(Elsewhere + "Set-SegmentDestination 'Webinar EMEA' -StaticList Newsletter -Connection $elsewhere -PassThru -WarningAction Ignore");
        Assert.Equal(1022, moved.StaticListId);
        Assert.StartsWith("127.0.0.1:", (string)moved.Instance, StringComparison.Ordinal);
    }

    [Fact]
    public void Destinations_pipe_and_one_that_can_t_be_changed_does_not_stop_the_others()
    {
        _session.Run("New-SegmentDestination A 1021 @{ email = 'email' } -StartDate 2026-09-01; New-SegmentDestination B 1022 @{ email = 'email' }");

        var (_, error, _) = _session.Try("Get-SegmentDestination | Set-SegmentDestination -EndDate 2026-01-01");

        Assert.StartsWith("DatesReversed,", error!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("A", error.TargetObject);
        Assert.Equal(["", "2026-01-01"], _session.Run("Get-SegmentDestination | ForEach-Object { if ($_.EndDate) { $_.EndDate.ToString('yyyy-MM-dd') } else { '' } }").Select(d => d.ToString()));
    }

    [Fact]
    public void Names_are_found_with_wildcards_and_a_name_that_looks_like_one_is_found_as_it_is()
    {
        _session.Run("foreach ($name in 'Web [EMEA]', 'Web US', 'Other') { New-SegmentDestination $name 1021 @{ email = 'email' } -WarningAction Ignore }");

        Assert.Equal(["Web US", "Web [EMEA]"], Names("Get-SegmentDestination web*"));
        Assert.Equal(["Web [EMEA]"], Names("Get-SegmentDestination 'Web [EMEA]'"));
        Assert.Equal(["Other", "Web US", "Web [EMEA]"], Names("Get-SegmentDestination"));
        Assert.Empty(Names("Get-SegmentDestination no*"));
        var (output, error, _) = _session.Try("Get-SegmentDestination 'Web UK', Other");
        Assert.Single(output);
        Assert.StartsWith("DestinationNotFound,", error!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Contains("'Web US'", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Removing_takes_the_destination_and_leaves_the_list_with_its_people()
    {
        _session.Run("New-SegmentDestination News Newsletter @{ email = 'email' }");
        int before = _session.Run("Get-MarketoStaticListMember Newsletter").Count;

        _session.Run("Remove-SegmentDestination News -WhatIf");
        Assert.Single(_session.Run("Get-SegmentDestination"));
        string said = string.Join('\n', _session.Try("Get-SegmentDestination | Remove-SegmentDestination -Verbose").Streams.Verbose);

        Assert.Contains("static list 'Newsletter' (1022) of 000-SBX-000 and its people stay as they are", said, StringComparison.Ordinal);
        Assert.Empty(_session.Run("Get-SegmentDestination"));
        Assert.Equal(before, _session.Run("Get-MarketoStaticListMember Newsletter").Count);
        Assert.True(before > 0);
    }

    [Fact]
    public void What_is_exported_is_imported_in_another_home_as_it_was()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial");
        _session.Run(New + " -Account Trial -Mode Mirror -EndDate 2026-12-31 -MaxRemovals 5 -TimeZone Europe/Paris");
        _session.Run("New-SegmentDestination 'Web / [US]' Newsletter @{ email = 'email' }");

        var files = _session.Run("Get-SegmentDestination | Export-SegmentDestination -Path out/files -PassThru");
        var imported = _session.Run("Import-SegmentDestination out/files/*.json -JournalPath other");

        Assert.Equal(2, files.Count);
        Assert.Equal("Webinar EMEA.json", ((dynamic)files[1]).Name);
        Assert.Equal(2, imported.Count);
        const string Text = " | ForEach-Object { \"$($_.Name) $($_.StaticListId) $($_.Account) $($_.Mode) $($_.EndDate) $($_.MaxRemovals) $($_.TimeZone) $($_.Mapping)\" }";
        Assert.Equal(
            _session.Run("Get-SegmentDestination" + Text).Select(line => line.ToString()),
            _session.Run("Get-SegmentDestination -JournalPath other" + Text).Select(line => line.ToString()));
    }

    [Fact]
    public void A_file_is_UTF_8_with_line_feeds_and_without_a_secret()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial; New-SegmentDestination 'Été' 1021 @{ email = 'email' } -Account Trial");

        Assert.Empty(_session.Run("Export-SegmentDestination Été it.json"));

        byte[] bytes = File.ReadAllBytes(Path.Combine(_session.Folder, "it.json"));
        string text = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        Assert.Equal((byte)'{', bytes[0]);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        Assert.Contains("\"name\": \"Été\"", text, StringComparison.Ordinal);
        Assert.Contains("\"account\": \"Trial\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sandbox-", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(Place.Manifest)!, "segment-destination.schema.json")));
    }

    [Fact]
    public void A_file_that_exists_is_written_over_only_with_Force()
    {
        _session.Run(New + "; New-SegmentDestination B 1022 @{ email = 'email' }");
        string file = _session.Write("B.json", "mine");

        var (output, error, _) = _session.Try("Get-SegmentDestination | Export-SegmentDestination -Path . -PassThru");
        Assert.Single(output);
        Assert.StartsWith("FileExists,", error!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));

        _session.Run("Export-SegmentDestination B B.json -Force -WhatIf");
        Assert.Equal("mine", File.ReadAllText(file));
        _session.Run("Export-SegmentDestination B B.json -Force");
        Assert.StartsWith("{", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void One_file_takes_one_destination()
    {
        _session.Run(New + "; New-SegmentDestination B 1022 @{ email = 'email' }");

        var error = _session.Fail("Get-SegmentDestination | Export-SegmentDestination -Path all.json");

        Assert.StartsWith("OneFileForMany,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_session.Folder, "all.json")));
    }

    [Fact]
    public void A_file_that_can_t_be_imported_is_an_error_and_the_others_come()
    {
        _session.Run(New + "; Export-SegmentDestination 'Webinar EMEA' good.json; Remove-SegmentDestination 'Webinar EMEA'");
        string good = File.ReadAllText(Path.Combine(_session.Folder, "good.json"));
        _session.Write("a-typo.json", good.Replace("\"mode\"", "\"moed\"", StringComparison.Ordinal));
        _session.Write("b-other.json", good.Replace("000-SBX-000", "284-RPR-133", StringComparison.Ordinal));
        _session.Write("c-list.json", good.Replace("1021", "77777", StringComparison.Ordinal));
        _session.Write("d-percent.json", good.Replace("\"maxRemovalPercent\": 20", "\"maxRemovalPercent\": 200", StringComparison.Ordinal));
        _session.Write("z-twice.json", good);

        Assert.Single(_session.Run("Import-SegmentDestination *.json -ErrorAction SilentlyContinue -ErrorVariable global:errors"));

        var errors = _session.Run("$global:errors").Select(error => (ErrorRecord)error.BaseObject).ToArray();
        Assert.Equal(
            ["a-typo.json DestinationFileMalformed", "b-other.json OtherInstance", "c-list.json StaticListNotFound", "d-percent.json PercentOutOfRange", "z-twice.json DestinationTwice"],
            errors.Select(error => $"{Path.GetFileName(error.TargetObject.ToString())} {error.FullyQualifiedErrorId.Split(',')[0]}"));
        Assert.All(errors, error => Assert.Contains((string)error.TargetObject, error.ToString(), StringComparison.Ordinal));
        Assert.Contains("(line ", errors[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidData, errors[0].CategoryInfo.Category);
    }

    [Fact]
    public void WhatIf_of_an_import_checks_and_saves_nothing()
    {
        _session.Run(New + "; Export-SegmentDestination 'Webinar EMEA' it.json; Set-SegmentDestination 'Webinar EMEA' -Mode Mirror");

        Assert.Empty(_session.Run("Import-SegmentDestination it.json -WhatIf"));
        Assert.Equal("Mirror", $"{_session.One("Get-SegmentDestination").Mode}");
        Assert.Equal("Append", $"{_session.One("Import-SegmentDestination it.json").Mode}");
    }

    [Fact]
    public void A_list_may_be_named_in_a_file_and_the_id_counts_where_both_are_there()
    {
        _session.Write("name.json", """{ "name": "By name", "staticList": { "name": "newsletter" }, "mapping": [ { "source": "email", "target": "email" } ] }""");
        _session.Write("both.json", """{ "name": "Both", "staticList": { "id": 1021, "name": "Old name" }, "mapping": [ { "source": "email", "target": "email" } ] }""");

        Assert.Equal(1022, _session.One("Import-SegmentDestination name.json").StaticListId);
        var (output, _, streams) = _session.Try("Import-SegmentDestination both.json");

        Assert.Equal("Webinar EMEA", ((dynamic)Assert.Single(output)).StaticListName);
        Assert.Contains("'Old name'", Assert.Single(streams.Warning).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_import_takes_the_account_of_the_file_where_it_is_saved_and_another_where_one_is_given()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial; Connect-MarketoLaunchpoint -Sandbox -SaveAs Other");
        _session.Run(New + " -Account Trial; Export-SegmentDestination 'Webinar EMEA' it.json");
        using var other = new ModuleSession(connected: false, home: Home);
        string file = Path.Combine(_session.Folder, "it.json");

        Assert.Equal("Trial", other.One($"Import-SegmentDestination '{file}'").Account);
        Assert.Equal("Other", other.One($"Import-SegmentDestination '{file}' -Account other").Account);

        _session.Run("Remove-MarketoAccount Trial");
        Assert.StartsWith("NotConnected,", other.Fail($"Import-SegmentDestination '{file}'").FullyQualifiedErrorId, StringComparison.Ordinal);
        var (output, _, streams) = other.Try($"Connect-MarketoLaunchpoint -Account Other; Import-SegmentDestination '{file}'");
        Assert.Equal("Trial", ((dynamic)Assert.Single(output)).Account);
        Assert.Contains("'Trial', which is not saved here", Assert.Single(streams.Warning).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-SegmentDestination web", "'Webinar EMEA'")]
    [InlineData("Set-SegmentDestination web", "'Webinar EMEA'")]
    [InlineData("Remove-SegmentDestination web", "'Webinar EMEA'")]
    [InlineData("Export-SegmentDestination web", "'Webinar EMEA'")]
    [InlineData("New-SegmentDestination X -TimeZone europe/par", "'Europe/Paris'")]
    public void Names_and_time_zones_are_completed(string line, string text)
    {
        _session.Run(New);

        Assert.Equal(text, _session.One($"(TabExpansion2 '{line}' {line.Length}).CompletionMatches.CompletionText").ToString());
    }

    // The same kind of instance, known by its endpoint alone.
    private const string Elsewhere = """
        $s = [securestring]::new(); foreach ($c in 'sandbox-secret'.ToCharArray()) { $s.AppendChar($c) }
        $it = Connect-MarketoLaunchpoint -Sandbox -PassThru
        $elsewhere = Connect-MarketoLaunchpoint -Endpoint $it.Endpoint -ClientId sandbox-client -ClientSecret $s -PassThru

        """;

    private string Home => Path.Combine(_session.Folder, "home");

    private IEnumerable<string> Names(string script) => _session.Run(script).Select(destination => (string)((dynamic)destination).Name);
}
