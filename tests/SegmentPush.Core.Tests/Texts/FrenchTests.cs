using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace SegmentPush.Core.Tests.Texts;

/// <summary>Every text for users has its French translation.</summary>
public sealed partial class FrenchTests
{
    private static readonly Lazy<MessageSources> s_module = new(() => MessageSources.OfModule(Value("RepoRoot"), Value("PowerShellLibrary")));

    // By file. Texts for programs, names that stay, and what others have written.
    private static readonly Dictionary<string, string[]> s_forOthers = new()
    {
        ["src/SegmentPush.Core/Platform/DestinationRuns.cs"] = ["already going on"],
        ["src/SegmentPush.Core/Platform/ExportDatasets.cs"] = ["Audiences that SegmentPush exported. Each batch is one export; SegmentPush deletes older ones where it may."],
        ["src/SegmentPush.Core/Platform/PlatformSignIn.cs"] = ["client secret", "client id"],
        ["src/SegmentPush.Core/Calls/HttpExchange.cs"] = ["The answer broke off."],
        ["src/SegmentPush.Core/Segments/SqlServerText.cs"] = ["Completion "],
        ["src/SegmentPush.Core/Segments/Delimited/DialectFinder.cs"] = ["-Escape {0}"],
        ["src/SegmentPush.Core/Pushes/ImportRun.cs"] = ["lead not found", "multiple lead"],
        ["src/SegmentPush.Core/Pushes/PushLocks.cs"] = ["list {0} {1}", "create {0}"],
        ["src/SegmentPush.Core/Pushes/SpoolCopies.cs"] = ["SegmentPush spool"],
        ["src/SegmentPush.Core/Pushes/UndoRun.cs"] = ["push {0}"],
        ["src/SegmentPush.Core/Pushes/Audiences/AudienceFetch.cs"] = ["export {0} {1} {2}"],
        ["src/SegmentPush.Core/Journal/SourceEntry.cs"] = ["static list"],
        ["src/SegmentPush.Core/Journal/PushHistory.cs"] = ["push "],
        ["src/SegmentPush.Core/Journal/UnchangedBlock.cs"] = ["The unchanged people from row {0} on can't be unpacked."],
        ["src/SegmentPush/Streams/PushStreams.cs"] = [" -Journal {0}"],
        ["src/SegmentPush/Commands/RegisterSegmentPushTaskCommand.cs"] = ["All destinations"],
    };

    // Whole folders and files whose texts are SQL, what a scheduler reads, telemetry, or the report, which has its own texts.
    private static readonly string[] s_withoutTexts =
    [
        "src/SegmentPush.Core/Journal/Sql", "src/SegmentPush.Core/Journal/Postgres", "src/SegmentPush.Core/Reports/", "src/SegmentPush.Core/Schedules/",
        "src/SegmentPush.Core/Pushes/PushTelemetry.cs", "src/SegmentPush/Streams/WindowsScheduler.cs",
    ];

    private static string PowerShell => Value("PowerShellLibrary");

    [Fact]
    public void Every_text_has_a_translation()
    {
        var lacking = s_module.Value.Texts.Where(text => HasWords(text.Text) && !MessageLanguage.French.ContainsKey(text.Text)).Select(text => $"{text.Place}: {text.Text}");
        Assert.Empty(lacking);
        Assert.True(s_module.Value.Texts.Count > 1000, "The sources were not read.");
    }

    [Fact]
    public void No_translation_is_left_of_a_text_that_is_gone() =>
        Assert.Empty(MessageLanguage.French.Keys.Except(s_module.Value.Texts.Select(text => text.Text)));

    [Fact]
    public void A_translation_has_the_values_of_its_text() =>
        Assert.Empty(MessageLanguage.French.Where(entry => !Places(entry.Key).SetEquals(Places(entry.Value))).Select(entry => $"{entry.Key} / {entry.Value}"));

    [Fact]
    public void A_translation_has_the_marks_of_French()
    {
        // A no-break space before : ; ? ! % and within quotation marks, and the apostrophe of print.
        var wrong = MessageLanguage.French.Where(entry => WrongMark().IsMatch(entry.Value) && !entry.Value.Contains(@"\ / : *", StringComparison.Ordinal)).Select(entry => entry.Value);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Names_of_parameters_and_cmdlets_stay_in_a_translation() =>
        Assert.Empty(MessageLanguage.French.Where(entry => !Names(entry.Key).SetEquals(Names(entry.Value))).Select(entry => $"{entry.Key} / {entry.Value}"));

    [Fact]
    public void No_text_goes_to_a_user_past_the_catalogue() =>
        Assert.DoesNotContain(s_module.Value.Bypasses, bypass => !bypass.StartsWith("src/SegmentPush/Streams/CmdletTexts.cs", StringComparison.Ordinal));

    [Fact]
    public void No_sentence_in_the_sources_is_without_a_language()
    {
        var wrong = s_module.Value.Others
            .Where(other => !s_withoutTexts.Any(place => other.Place.StartsWith(place, StringComparison.Ordinal)))
            .Where(other => !s_forOthers.GetValueOrDefault(other.Place[..other.Place.IndexOf('(', StringComparison.Ordinal)], []).Contains(other.Text));
        Assert.Empty(wrong.Select(other => $"{other.Place}: {other.Text}"));
    }

    [Fact]
    public void Words_in_views_have_both_languages()
    {
        // Labels are names of properties, which stay; the words in the values have a language.
        string views = File.ReadAllText(Path.Combine(Value("RepoRoot"), "src", "SegmentPush", "Formatting", "SegmentPush.Format.ps1xml"));
        var blocks = ScriptBlock().Matches(views).Select(match => match.Groups[1].Value).ToArray();
        var english = blocks.Where(block => block.Contains("$fr) {", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(english);
        Assert.DoesNotContain(english, block => !block.StartsWith("$fr = [cultureinfo]::CurrentUICulture.Name -like 'fr*'; ", StringComparison.Ordinal));
        Assert.DoesNotContain(blocks.Except(english), block => WordsOfView().IsMatch(block));
    }

    [Theory]
    [InlineData("throw new SegmentPush.SegmentPushException(\"Id\", text);", "text")]
    [InlineData("throw new SegmentPush.SegmentPushException(\"Id\", text.Length > 1 ? \"One thing.\" : \"Another thing.\");", "One thing.")]
    [InlineData("throw new SegmentPush.SegmentPushException(\"Id\", string.Create(null, $\"The file {text}.\"));", "string.Create")]
    [InlineData("WriteWarning(text);", "WriteWarning")]
    [InlineData("WriteVerbose($\"The file {text}.\");", "WriteVerbose")]
    [InlineData("ShouldProcess(text, \"Create\");", "ShouldProcess")]
    [InlineData("_ = new System.Management.Automation.ProgressRecord(1, text, \"Starts\");", "Starts")]
    [InlineData("_ = new System.Management.Automation.ErrorDetails(text);", "takes text")]
    public void A_text_past_the_catalogue_is_found(string statement, string shown)
    {
        var found = MessageSources.Of($"class It : System.Management.Automation.PSCmdlet {{ void Do(string text) {{ {statement} }} }}", PowerShell);

        Assert.Contains(found.Bypasses, bypass => bypass.Contains(shown, StringComparison.Ordinal));
    }

    [Fact]
    public void Texts_are_found_however_they_are_written()
    {
        const string Source = """
            class It
            {
                const string What = "A constant.";
                SegmentPush.MessageText Do(string text, int count) => count switch
                {
                    0 => What,
                    1 => (SegmentPush.MessageText)$"The file {text} has {count:N0} rows.",
                    2 => $"One {text}, " + $"two {count}, {{three}}.",
                    _ => "A " + "sum.",
                };
                string Other() => "This is a sentence.";
            }
            """;
        var found = MessageSources.Of(Source, PowerShell);

        Assert.Equal(["A constant.", "A sum.", "One {0}, two {1}, {{three}}.", "The file {0} has {1:N0} rows."], found.Texts.Select(text => text.Text).Order(StringComparer.Ordinal));
        Assert.Equal("This is a sentence.", Assert.Single(found.Others).Text);
    }

    private static bool HasWords(string text) => Value().Replace(text, "").Trim(' ', '.', ',', '(', ')', '\'', ';', 's').Length > 0;

    private static HashSet<string> Places(string text) => [.. Value().Matches(text).Select(match => match.Value)];

    private static HashSet<string> Names(string text) => [.. Name().Matches(text).Select(match => match.Value)];

    private static string Value(string name) => typeof(FrenchTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == name).Value!;

    [GeneratedRegex(@"\{[A-Za-z0-9]+(?:[,:][^{}]*)?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Value();

    [GeneratedRegex("<ScriptBlock>(.*?)</ScriptBlock>", RegexOptions.CultureInvariant)]
    private static partial Regex ScriptBlock();

    [GeneratedRegex(@"\b(?:of|with|ago|added|removed|failed|activated|excluded|rejected|created|updated|already|without|not on|yes|no|none|tab)\b(?![.(])", RegexOptions.CultureInvariant)]
    private static partial Regex WordsOfView();

    [GeneratedRegex(@" [:;?!%»]|« |\p{L}'\p{L}", RegexOptions.CultureInvariant)]
    private static partial Regex WrongMark();

    [GeneratedRegex(@"(?<![\w-])-[A-Z][A-Za-z]+|\b[A-Z][a-z]+-(?:SegmentPush|Segment|Push|Marketo|Platform|Experience|Secret)\w*|\b[A-Z]+(?:_[A-Z]+)+\b", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
