using System.Management.Automation;

namespace SegmentPush.Cmdlet.Tests;

public sealed class AccountTests : IDisposable
{
    private const string Variable = "SEGMENTPUSH_CLIENT_SECRET";
    private const string Vaults = "Import-Module Microsoft.PowerShell.SecretManagement;";

    private readonly ModuleSession _session = new(connected: false);

    public AccountTests() => Environment.SetEnvironmentVariable(Variable, null);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        _session.Dispose();
    }

    [Fact]
    public void A_saved_account_connects_in_another_session_that_knows_nothing_but_its_name()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production");
        using var other = new ModuleSession(connected: false, home: Home);

        var connection = other.One("Connect-MarketoLaunchpoint -Account production -PassThru");

        Assert.Equal("000-SBX-000", connection.MunchkinId);
        Assert.Equal("Webinar EMEA", other.One("Get-MarketoStaticList -Id 1021").Name);
    }

    [Fact]
    public void An_account_shows_where_it_leads_and_where_its_secret_is()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production -RetryLimit 3");

        var account = _session.One("Get-MarketoAccount");

        Assert.Equal("Production", account.Name);
        Assert.Equal("000-SBX-000", account.MunchkinId);
        Assert.Equal("sandbox-client", account.ClientId);
        Assert.Equal(3, account.RetryLimit);
        Assert.Equal(OperatingSystem.IsWindows() ? "Protected" : "File", $"{account.SecretStore}");
        Assert.True(account.Saved > DateTimeOffset.UtcNow.AddMinutes(-5));
    }

    [Fact]
    public void A_secret_in_a_file_that_is_not_encrypted_is_told_plainly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows encrypts the file.");

        var warning = Assert.Single(_session.Try("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production").Streams.Warning);

        Assert.Contains("NOT encrypted", warning.Message, StringComparison.Ordinal);
        Assert.Contains(Assert.Single(Files("*.secret")), warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_secret_is_in_a_stream_or_in_an_account()
    {
        VaultModule.Install(_session);
        var (output, error, streams) = _session.Try("""
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            Connect-MarketoLaunchpoint -Sandbox -SaveAs Production -PassThru
            Connect-MarketoLaunchpoint -Account Production -PassThru
            Get-MarketoAccount | ForEach-Object { $_; $_.PSObject.Properties | ForEach-Object { "$($_.Name) = $($_.Value)" } }
            Lock-Vault
            try { Connect-MarketoLaunchpoint -Account Production } catch { $_; $_.Exception.ToString(); $_.ErrorDetails.RecommendedAction }
            try { Connect-MarketoLaunchpoint -Sandbox -SaveAs Other } catch { $_; $_.Exception.ToString(); $_.ErrorDetails.RecommendedAction }
            Remove-MarketoAccount Production
            $Error | ForEach-Object { "$_"; $_.Exception.ToString() }
            """);

        Assert.StartsWith("SecretNotRemoved,", error!.FullyQualifiedErrorId, StringComparison.Ordinal);
        string said = string.Join('\n', output.Select(item => item.ToString())
            .Concat(streams.Verbose.Select(r => r.Message)).Concat(streams.Warning.Select(r => r.Message)).Concat(streams.Debug.Select(r => r.Message))
            .Concat(streams.Information.Select(r => $"{r.MessageData}")).Concat(streams.Error.Select(r => $"{r} {r.Exception}")));
        Assert.Contains("sandbox-client", said, StringComparison.Ordinal);
        Assert.Contains("The vault is locked", said, StringComparison.Ordinal);
        Assert.DoesNotContain("sandbox-secret", said, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(Home, "*", SearchOption.AllDirectories), file =>
            Assert.DoesNotContain("sandbox-secret", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void Wrong_credentials_save_nothing()
    {
        VaultModule.Install(_session);

        var error = _session.Fail("""
            $secret = [securestring]::new(); foreach ($c in 'hunter2'.ToCharArray()) { $secret.AppendChar($c) }
            Connect-MarketoLaunchpoint -Sandbox -ClientId sandbox-client -ClientSecret $secret -SaveAs Production
            """);

        Assert.StartsWith("InvalidCredentials,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(_session.Run("Get-MarketoAccount"));
        Assert.Empty(VaultModule.Secrets(_session));
    }

    [Fact]
    public void An_account_that_can_t_be_saved_leaves_no_connection_behind()
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Home).FullName, "accounts"), "A file is in the way.");

        var error = _session.Fail("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production");

        Assert.StartsWith("AccountNotWritable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.WriteError, error.CategoryInfo.Category);
        Assert.StartsWith("NotConnected,", _session.Fail("Get-MarketoStaticList").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_connection_is_saved_again_without_asking_and_another_one_only_with_Force()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production");
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs PRODUCTION -RetryLimit 9");
        Assert.Equal(9, _session.One("Get-MarketoAccount production").RetryLimit);
        const string Elsewhere = "$it = Connect-MarketoLaunchpoint -Sandbox -PassThru; Connect-MarketoLaunchpoint -Endpoint $it.Endpoint -Credential (Client) -SaveAs production";

        var error = _session.Fail(Client + Elsewhere);

        Assert.StartsWith("AccountExists,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
        Assert.Contains("000-SBX-000", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("000-SBX-000", _session.One("Get-MarketoAccount").MunchkinId);

        _session.Run(Client + Elsewhere + " -Force");
        Assert.Null(_session.One("Get-MarketoAccount").MunchkinId);
    }

    [Fact]
    public void Without_a_secret_the_environment_has_it()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Agent -NoSecret");
        Assert.Empty(Files("*.secret"));

        var error = _session.Fail("Connect-MarketoLaunchpoint -Account Agent");
        Assert.StartsWith("SecretMissing,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(Variable, error.ToString(), StringComparison.Ordinal);

        Environment.SetEnvironmentVariable(Variable, "sandbox-secret");
        _session.Run("Connect-MarketoLaunchpoint -Account Agent");
        Assert.NotEmpty(_session.Run("Get-MarketoStaticList"));
    }

    [Fact]
    public void Who_saves_an_account_without_a_secret_may_have_it_in_the_environment_already()
    {
        Environment.SetEnvironmentVariable(Variable, "sandbox-secret");
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -ClientId sandbox-client -SaveAs Agent -NoSecret");

        Environment.SetEnvironmentVariable(Variable, "wrong");
        Assert.StartsWith(
            "InvalidCredentials,", _session.Fail("Connect-MarketoLaunchpoint -Account Agent").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_a_default_vault_it_keeps_the_secret()
    {
        VaultModule.Install(_session);

        var streams = _session.Try("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production").Streams;

        Assert.Empty(streams.Warning);
        Assert.Equal(["Team SegmentPush/Production=sandbox-secret"], VaultModule.Secrets(_session));
        Assert.Empty(Files("*.secret"));
        Assert.Equal("Team", _session.One("Get-MarketoAccount").Vault);
        _session.Run("Connect-MarketoLaunchpoint -Account Production");
    }

    [Fact]
    public void SecretManagement_without_a_default_vault_is_not_asked_to_keep_anything()
    {
        VaultModule.Install(_session);

        _session.Run(Vaults + "Clear-DefaultVault; Connect-MarketoLaunchpoint -Sandbox -SaveAs Production");

        Assert.Empty(VaultModule.Secrets(_session));
        Assert.Single(Files("*.secret"));
    }

    [Fact]
    public void A_vault_may_be_named_and_an_account_remembers_it()
    {
        VaultModule.Install(_session);

        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs 'A b/[c]' -Vault spare; Connect-MarketoLaunchpoint -Account 'a B/[C]'");

        Assert.Equal(["Spare SegmentPush/A b/[c]=sandbox-secret"], VaultModule.Secrets(_session));
    }

    [Fact]
    public void A_secret_that_moves_is_not_left_where_it_was()
    {
        VaultModule.Install(_session);
        _session.Run(Vaults + "Clear-DefaultVault; Connect-MarketoLaunchpoint -Sandbox -SaveAs Production");
        Assert.Single(Files("*.secret"));

        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs production -Vault Team");
        Assert.Empty(Files("*.secret"));
        Assert.Equal(["Team SegmentPush/Production=sandbox-secret"], VaultModule.Secrets(_session));

        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production -Vault Spare");
        Assert.Equal(["Spare SegmentPush/Production=sandbox-secret"], VaultModule.Secrets(_session));

        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production -NoSecret");
        Assert.Empty(VaultModule.Secrets(_session));
    }

    [Fact]
    public void A_vault_that_is_not_there_is_an_error_before_Marketo_is_asked()
    {
        var missing = _session.Fail("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production -Vault Team");
        Assert.StartsWith("SecretManagementMissing,", missing.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.NotInstalled, missing.CategoryInfo.Category);

        VaultModule.Install(_session);
        var unknown = _session.Fail(Client + "Connect-MarketoLaunchpoint -MunchkinId 284-RPR-133 -Credential (Client) -SaveAs Production -Vault Teem");
        Assert.StartsWith("VaultNotFound,", unknown.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("'Team'", unknown.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vault_that_fails_is_an_error_with_its_own_words_and_saves_nothing()
    {
        VaultModule.Install(_session);
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production");

        var reading = _session.Fail("Lock-Vault; Connect-MarketoLaunchpoint -Account Production");
        var writing = _session.Fail("Connect-MarketoLaunchpoint -Sandbox -SaveAs Other");

        Assert.All([reading, writing], error =>
        {
            Assert.StartsWith("VaultFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("The vault is locked.", error.ToString(), StringComparison.Ordinal);
        });
        Assert.Single(_session.Run("Get-MarketoAccount"));
    }

    [Fact]
    public void A_secret_that_is_gone_from_its_vault_is_an_error_that_names_it()
    {
        VaultModule.Install(_session);

        var error = _session.Fail("""
            Connect-MarketoLaunchpoint -Sandbox -SaveAs Production
            Remove-Secret -Name SegmentPush/Production -Vault Team
            Connect-MarketoLaunchpoint -Account Production
            """);

        Assert.StartsWith("SecretMissing,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("SegmentPush/Production", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_vault_command_of_another_module_gets_no_secret()
    {
        _session.Run("""
            function global:Get-SecretVault { [pscustomobject]@{ Name = 'Trap'; IsDefault = $true } }
            function global:Set-Secret { $global:caught = $args }
            Connect-MarketoLaunchpoint -Sandbox -SaveAs Production
            """);

        Assert.Empty(_session.Run("if ($global:caught) { $global:caught }"));
    }

    [Fact]
    public void The_limits_of_an_account_hold_unless_others_are_given()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Careful -DailyCallQuota 1000 -DailyCallReserve 99");
        const string Push = "foreach ($i in 1..4) { $null = [pscustomobject]@{ email = 'person1@example.com' } | Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } }";

        var error = _session.Fail("Connect-MarketoLaunchpoint -Account Careful; " + Push);

        Assert.StartsWith("DailyReserveReached,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        _session.Run("Connect-MarketoLaunchpoint -Account Careful -DailyCallReserve 10; " + Push);
    }

    [Fact]
    public void Names_are_found_with_wildcards_and_a_name_that_looks_like_one_is_found_as_it_is()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs 'Prod [EMEA]'; Connect-MarketoLaunchpoint -Sandbox -SaveAs 'Prod US'; Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial");

        Assert.Equal(["Prod US", "Prod [EMEA]"], Names("Get-MarketoAccount prod*"));
        Assert.Equal(["Prod [EMEA]"], Names("Get-MarketoAccount 'Prod [EMEA]'"));
        Assert.Equal(["Prod US", "Prod [EMEA]", "Trial"], Names("Get-MarketoAccount"));
        Assert.Empty(Names("Get-MarketoAccount no*"));
    }

    [Fact]
    public void An_unknown_name_is_an_error_that_does_not_keep_others_from_their_turn()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production; Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial");

        var (output, error, _) = _session.Try("Get-MarketoAccount Prodution, Trial");
        Assert.Single(output);
        Assert.StartsWith("AccountNotFound,", error!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("'Production'", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);

        Assert.StartsWith(
            "AccountNotFound,", _session.Fail("Remove-MarketoAccount Prodution, Trial").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["Production"], Names("Get-MarketoAccount"));
        Assert.StartsWith(
            "AccountNotFound,", _session.Fail("Connect-MarketoLaunchpoint -Account Trial").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Removing_an_account_removes_its_secret_too_and_WhatIf_nothing()
    {
        VaultModule.Install(_session);
        _session.Run(Vaults + "Connect-MarketoLaunchpoint -Sandbox -SaveAs InVault; Clear-DefaultVault; Connect-MarketoLaunchpoint -Sandbox -SaveAs InFile");

        _session.Run("Get-MarketoAccount | Remove-MarketoAccount -WhatIf");
        Assert.Equal(2, _session.Run("Get-MarketoAccount").Count);
        Assert.Single(VaultModule.Secrets(_session));

        _session.Run("Get-MarketoAccount | Remove-MarketoAccount");
        Assert.Empty(Files("*"));
        Assert.Empty(VaultModule.Secrets(_session));
    }

    [Fact]
    public void An_account_whose_secret_can_t_be_removed_stays_unless_forced()
    {
        VaultModule.Install(_session);
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production; Lock-Vault");

        var error = _session.Fail("Remove-MarketoAccount Production");
        Assert.StartsWith("SecretNotRemoved,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-Force", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(_session.Run("Get-MarketoAccount"));

        Assert.Contains("SegmentPush/Production", Assert.Single(_session.Try("Remove-MarketoAccount Production -Force").Streams.Warning).Message, StringComparison.Ordinal);
        Assert.Empty(_session.Run("Get-MarketoAccount"));
    }

    [Fact]
    public void A_damaged_account_hides_no_other_and_can_be_saved_anew_or_removed()
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production; Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial");
        string file = Files("production-*.json").Single();
        File.WriteAllText(file, "{");

        var (output, error, _) = _session.Try("Get-MarketoAccount");
        Assert.Equal("Trial", ((dynamic)Assert.Single(output)).Name);
        Assert.StartsWith("AccountDamaged,", error!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.StartsWith("AccountDamaged,", _session.Fail("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production").FullyQualifiedErrorId, StringComparison.Ordinal);

        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production -Force; Connect-MarketoLaunchpoint -Account Production");
        File.WriteAllText(file, "{");
        Assert.StartsWith("AccountDamaged,", _session.Fail("Remove-MarketoAccount Production").FullyQualifiedErrorId, StringComparison.Ordinal);
        _session.Run("Remove-MarketoAccount Production -Force");
        Assert.Equal(["Trial"], Names("Get-MarketoAccount"));
    }

    [Theory]
    [InlineData("\"RetryLimit\": 6", "\"RetryLimit\": 99", "InvalidConnectionOption")]
    [InlineData("http://127.0.0.1:", "http://marketo.example:", "EndpointNotSecure")]
    [InlineData("http://127.0.0.1:", "ftp://127.0.0.1:", "InvalidEndpoint")]
    public void An_account_that_was_edited_is_held_to_the_same_rules_as_a_new_connection(string from, string to, string id)
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs Production");
        string file = Files("*.json").Single();
        File.WriteAllText(file, File.ReadAllText(file).Replace(from, to, StringComparison.Ordinal));

        var error = _session.Fail("Connect-MarketoLaunchpoint -Account Production");

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("'Production'", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connect-MarketoLaunchpoint -Sandbox -NoSecret", "SaveAsMissing")]
    [InlineData("Connect-MarketoLaunchpoint -Sandbox -Vault Team", "SaveAsMissing")]
    [InlineData("Connect-MarketoLaunchpoint -Sandbox -SaveAs x -Vault Team -NoSecret", "SecretStoreAmbiguous")]
    [InlineData("Connect-MarketoLaunchpoint -Sandbox -SaveAs ' '", "AccountNameInvalid")]
    [InlineData("Connect-MarketoLaunchpoint -Account ' '", "AccountNameInvalid")]
    [InlineData("Connect-MarketoLaunchpoint -Sandbox -ClientId only -SaveAs x -NoSecret", "SecretMissing")]
    public void What_cannot_work_has_an_error_of_its_own_that_says_what_to_do(string script, string id)
    {
        var error = _session.Fail(script);

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("Connect-MarketoLaunchpoint -Account pr")]
    [InlineData("Get-MarketoAccount pr")]
    [InlineData("Remove-MarketoAccount pr")]
    public void Names_are_completed(string line)
    {
        _session.Run("Connect-MarketoLaunchpoint -Sandbox -SaveAs 'Production EMEA'; Connect-MarketoLaunchpoint -Sandbox -SaveAs Trial");

        Assert.Equal("'Production EMEA'", _session.One($"(TabExpansion2 '{line}' {line.Length}).CompletionMatches.CompletionText").ToString());
    }

    private const string Client = """
        function Client { $s = [securestring]::new(); foreach ($c in 'sandbox-secret'.ToCharArray()) { $s.AppendChar($c) }; [pscredential]::new('sandbox-client', $s) }

        """;

    private string Home => Path.Combine(_session.Folder, "home");

    private string[] Files(string pattern) =>
        Directory.Exists(Path.Combine(Home, "accounts")) ? Directory.GetFiles(Path.Combine(Home, "accounts"), pattern) : [];

    private IEnumerable<string> Names(string script) => _session.Run(script).Select(account => (string)((dynamic)account).Name);
}
