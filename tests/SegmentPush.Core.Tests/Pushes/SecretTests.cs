using System.Text;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Greps every byte that the built module writes: its streams, its files, and what it says of errors.</summary>
public sealed class SecretTests
{
    private const string Secret = "Xq7-very-secret-0fJ2";

    [Fact]
    public async Task No_secret_and_no_token_is_written_anywhere_and_no_person_where_nobody_asks()
    {
        using var folder = new TemporaryFolder();
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, ClientSecret = Secret });
        string home = Path.Combine(folder.Path, "home");
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "segment.csv"),
            "email,first\nann.smith@corp.test,Ann\nbroken.address,Bob\nann.smith@corp.test,Ann\nzoe.jones@corp.test,Zoe\n");
        marketo.Inject(SandboxFault.Error("601", "Access token invalid") with { After = 3, Times = 1 });
        marketo.Inject(SandboxFault.RejectRecords("1004", "Lead not found", record => record.Contains("zoe", StringComparison.Ordinal)));

        // Pushes in all ways, also such as fail, with all streams written into a file; then again with the usual ones.
        using var process = BuiltModule.Start(marketo, folder.Path, home, $$"""
            $env:PSModulePath = ''
            function Write-All([string] $file) {
                foreach ($item in $input) {
                    $text = if ($item -is [System.Management.Automation.ErrorRecord]) {
                        "$item", $item.Exception.ToString(), $item.ErrorDetails.RecommendedAction, $item.TargetObject, $item.ScriptStackTrace -join "`n"
                    } else { "$item", ($item.PSObject.Properties | ForEach-Object { "$($_.Name) = $($_.Value)" }) -join "`n" }
                    [System.IO.File]::AppendAllText("{{folder.Path}}/$file", "$text`n")
                }
            }
            $to = @{ StaticList = 1021; Mapping = @{ email = 'email'; first = 'firstName' } }
            foreach ($usual in $false, $true) {
                $file = if ($usual) { 'usual.txt' } else { 'all.txt' }
                # Not -Debug, which asks before each change.
                $DebugPreference = $usual ? 'SilentlyContinue' : 'Continue'
                $how = @{ Verbose = -not $usual; ErrorAction = 'Continue' }
                & {
                    foreach ($delivery in 'Sync', 'Bulk') {
                        Invoke-SegmentPush -Path '{{folder.Path}}/segment.csv' @to -PersonCreation MatchExistingAndCreateMissing -Delivery $delivery -RejectPath '{{folder.Path}}/rejected.csv' @how
                    }
                    [pscustomobject]@{ email = 'ann.smith@corp.test'; first = @(1, 2) } | Invoke-SegmentPush @to @how
                    try { Invoke-SegmentPush -Path '{{folder.Path}}/segment.csv' -StaticList 99 -Mapping $to.Mapping @how } catch { $_ }
                    try { Invoke-SegmentPush -Path '{{folder.Path}}/segment.csv' -StaticList 1021 -Mapping @{ none = 'email' } @how } catch { $_ }
                    $wrong = [securestring]::new(); foreach ($c in '{{Secret}}x'.ToCharArray()) { $wrong.AppendChar($c) }
                    try { Connect-MarketoLaunchpoint -Endpoint {{marketo.Endpoint}} -ClientId x -ClientSecret $wrong @how } catch { $_ }
                    $right = @{ Endpoint = '{{marketo.Endpoint}}'; ClientId = '{{marketo.Options.ClientId}}'; ClientSecret = $secret }
                    Connect-MarketoLaunchpoint @right -SaveAs Kept -PassThru @how
                    Connect-MarketoLaunchpoint @right -SaveAs Nowhere -NoSecret -PassThru @how
                    Connect-MarketoLaunchpoint -Account Kept -PassThru @how
                    try { Connect-MarketoLaunchpoint -Account Nowhere @how } catch { $_ }
                    try { Connect-MarketoLaunchpoint -Endpoint {{marketo.Endpoint}} -ClientId x -ClientSecret $wrong -SaveAs Kept @how } catch { $_ }
                    Get-MarketoAccount @how
                    Get-PushStatus @how
                } *>&1 | Write-All $file
            }
            $Error | Write-All 'all.txt'
            Connect-MarketoLaunchpoint -Endpoint {{marketo.Endpoint}} -ClientId {{marketo.Options.ClientId}} -ClientSecret $secret -PassThru | Write-All 'all.txt'
            """);
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, said[1]);
        Assert.NotEmpty(marketo.Tokens);
        string usual = await File.ReadAllTextAsync(Path.Combine(folder.Path, "usual.txt"));
        Assert.Contains("rejected", usual, StringComparison.Ordinal);
        Assert.DoesNotContain("corp.test", usual, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("broken.address", usual, StringComparison.OrdinalIgnoreCase);
        string all = await File.ReadAllTextAsync(Path.Combine(folder.Path, "all.txt"));
        Assert.Contains("/rest/v1/leads.json", all, StringComparison.Ordinal);
        Assert.DoesNotContain("corp.test", all, StringComparison.OrdinalIgnoreCase);

        string[] files = [.. Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".ps1", StringComparison.Ordinal))];
        Assert.Contains(files, file => file.EndsWith("journal.db", StringComparison.Ordinal));
        Assert.Equal(2, files.Count(file => Path.GetDirectoryName(file) == Path.Combine(home, "accounts") && Path.GetExtension(file) == ".json"));
        // The one file whose purpose it is, on systems that don't encrypt it.
        string kept = Assert.Single(files, file => Path.GetExtension(file) == ".secret");
        files = [.. files.Where(file => file != kept)];
        foreach (string secret in marketo.Tokens.Append(Secret))
        {
            foreach (byte[] form in Forms(secret))
            {
                foreach (string file in files) Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(form) < 0, $"A secret is in {file}.");
                Assert.True(Encoding.UTF8.GetBytes(said[0] + said[1]).AsSpan().IndexOf(form) < 0, "A secret is in the output.");
                Assert.All(marketo.Calls, call => Assert.True(Encoding.UTF8.GetBytes(call.Path + call.Query).AsSpan().IndexOf(form) < 0));
            }
        }
    }

    private static IEnumerable<byte[]> Forms(string secret)
    {
        yield return Encoding.UTF8.GetBytes(secret);
        yield return Encoding.Unicode.GetBytes(secret);
        yield return Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)));
        yield return Encoding.UTF8.GetBytes(Uri.EscapeDataString(secret));
    }
}
