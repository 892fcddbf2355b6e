using System.Management.Automation;
using System.Text.RegularExpressions;

namespace SegmentPush.Cmdlet.Tests;

/// <summary>What the pages say is what the cmdlets do.</summary>
public sealed partial class HelpTests
{
    public static TheoryData<string> Cmdlets { get; } = [.. Directory
        .GetFiles(Path.Combine(Place.Root, "docs", "cmdlets"), "*.md").Select(page => Path.GetFileNameWithoutExtension(page)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_cmdlet_has_a_page_and_every_page_a_cmdlet()
    {
        using var session = new ModuleSession(connected: false);

        Assert.Equal(
            Cmdlets.Select(row => row.Data), session.Run("(Get-Command -Module SegmentPush).Name").Select(name => name.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_page_describes_every_parameter_as_it_is(string cmdlet)
    {
        using var session = new ModuleSession(connected: false);
        var command = (CommandInfo)session.Run($"Get-Command {cmdlet}")[0].BaseObject;
        var pages = ParameterPage().Matches(Page(cmdlet)).ToDictionary(m => m.Groups["name"].Value);

        var live = command.Parameters.Values.Where(p => !System.Management.Automation.Cmdlet.CommonParameters.Contains(p.Name)).ToDictionary(p => p.Name);
        Assert.Equal(live.Keys.Order(StringComparer.Ordinal), pages.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, parameter) in live)
        {
            var page = pages[name].Groups;
            var sets = parameter.ParameterSets.Values;
            Assert.Equal(Nullable.GetUnderlyingType(parameter.ParameterType)?.Name ?? parameter.ParameterType.Name, page["type"].Value.Trim());
            Assert.Equal(string.Join(", ", parameter.Aliases), page["aliases"].Value.Trim());
            Assert.Equal(sets.Any(set => set.IsMandatory), page["required"].Value.Trim() == "True");
            Assert.Equal(
                sets.Any(set => set.ValueFromPipeline || set.ValueFromPipelineByPropertyName), page["pipeline"].Value.StartsWith("True", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Get_Help_shows_the_page(string cmdlet)
    {
        using var session = new ModuleSession(connected: false);

        var help = session.One($"Get-Help {cmdlet} -Full");

        string synopsis = Synopsis().Match(Page(cmdlet)).Groups[1].Value.Trim();
        Assert.Equal(synopsis, ((string)help.Synopsis).Trim());
        Assert.NotEmpty(session.Run($"(Get-Help {cmdlet} -Full).examples.example"));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_examples_of_a_page_run(string cmdlet)
    {
        using var session = new ModuleSession();
        session.Run("""
            Connect-MarketoLaunchpoint -Sandbox
            $null = [pscustomobject]@{ email = 'person1@example.com' }, [pscustomobject]@{ email = 'x' } |
                Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -WarningAction SilentlyContinue
            New-SegmentDestination 'Webinar EMEA' 1021 @{ 'personalEmail.address' = 'email' } | Export-SegmentDestination -Path destinations
            """);
        File.Copy(Path.Combine(Place.Root, "examples", "segment.csv"), Path.Combine(session.Folder, "segment.csv"));
        session.Write("mapping.csv", "Source,Target,Identity\nperson.name.firstName,firstName,\n");

        var examples = Example().Matches(Page(cmdlet));
        Assert.NotEmpty(examples);
        foreach (Match example in examples)
        {
            var (_, error, _) = session.Try((cmdlet == "Resume-SegmentPush" ? Interrupted : "") + Prelude + Adapt(example.Groups[1].Value));
            Assert.True(error is null, example.Groups[1].Value + Environment.NewLine + error);
        }
    }

    // Stands for what an example takes as given, and for cmdlets that are not in the engine itself.
    private const string Prelude = """
        function Import-Csv([string] $Path) {
            $lines = [System.IO.File]::ReadAllLines("$PWD/$Path")
            $names = $lines[0].Split(',')
            foreach ($line in $lines[1..3]) {
                $cells = $line.Split(','); $row = [ordered]@{}
                for ($i = 0; $i -lt $names.Length; $i++) { $row[$names[$i]] = $cells[$i] }
                [pscustomobject]$row
            }
        }
        function Export-Csv([string] $Path) { $null = @($input) }
        function Get-Date { [datetime]::Now }
        function Get-Credential {
            $s = [securestring]::new(); foreach ($c in 'sandbox-secret'.ToCharArray()) { $s.AppendChar($c) }
            [pscredential]::new('sandbox-client', $s)
        }
        function Read-Host([string] $Prompt, [switch] $AsSecureString) { (Get-Credential).Password }
        function Format-List { $input }
        function Select-Object([int] $First) { $n = 0; foreach ($i in $input) { if ($n++ -lt $First) { $i } } }
        $mapping = @{ 'personalEmail.address' = 'email'; 'person.name.firstName' = 'firstName' }
        $push = Get-PushStatus -Last 1
        $sandbox = Connect-MarketoLaunchpoint -Sandbox -PassThru
        $credential = Get-Credential
        $clientId = 'sandbox-client'
        $env:SEGMENTPUSH_CLIENT_SECRET = 'sandbox-secret'

        """;

    // Pushes until nothing but the reserve of the day's calls is left.
    private const string Interrupted = """
        Connect-MarketoLaunchpoint -Sandbox -DailyCallQuota 1000
        foreach ($i in 1..4) {
            try {
                $null = [pscustomobject]@{ email = 'person1@example.com' } |
                    Invoke-SegmentPush -StaticList 1021 -Mapping @{ email = 'email' } -DailyCallReserve 99
            } catch { }
        }

        """;

    // The one thing that an example can't have here is Marketo itself.
    private static string Adapt(string example) => MunchkinId().Replace(example, "-Endpoint $sandbox.Endpoint");

    private static string Page(string cmdlet) =>
        File.ReadAllText(Path.Combine(Place.Root, "docs", "cmdlets", cmdlet + ".md")).ReplaceLineEndings("\n");

    [GeneratedRegex("""^### -(?<name>\w+)\n(?:.*\n)*?```yaml\nType: (?<type>.*)\n(?:.*\n)*?Aliases:(?<aliases>.*)\n(?:.*\n)*?Required: (?<required>.*)\n(?:.*\n)*?Accept pipeline input: (?<pipeline>.*)\n""", RegexOptions.Multiline)]
    private static partial Regex ParameterPage();

    [GeneratedRegex("""## SYNOPSIS\n(.*)\n""")]
    private static partial Regex Synopsis();

    [GeneratedRegex("""### Example .*\n```powershell\n((?:.*\n)*?)```""")]
    private static partial Regex Example();

    [GeneratedRegex("-MunchkinId \\S+|-Endpoint https://\\S+")]
    private static partial Regex MunchkinId();
}
