using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Pushes;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>The stages of a person: which may follow which, and what a resume does for each.</summary>
public sealed class StageTests
{
    // A line for each stage, a column for each stage that may follow: Received, Sent, Written, Imported, SentOff, Settled, NotAdded.
    private static readonly Dictionary<Stage, string> s_table = new()
    {
        [Stage.Received] = "yes yes yes yes yes yes yes",
        [Stage.Sent] = "yes yes yes no no yes no",
        [Stage.Written] = "yes no yes no no yes yes",
        [Stage.Imported] = "yes no no no no yes no",
        [Stage.SentOff] = "yes no no no yes yes no",
        [Stage.Settled] = "yes no no no no no no",
        [Stage.NotAdded] = "yes no yes no no yes yes",
    };

    [Fact]
    public void Every_stage_permits_just_the_stages_of_the_table()
    {
        foreach (var from in Enum.GetValues<Stage>())
        {
            bool[] expected = [.. s_table[from].Split(' ').Select(word => word == "yes")];
            foreach (var to in Enum.GetValues<Stage>())
            {
                Assert.Equal((from, to, expected[(int)to]), (from, to, StageTransitions.Permits(from, to)));
                if (!expected[(int)to]) Assert.Equal("SumsDisagree", Assert.Throws<SegmentPushException>(() => StageTransitions.Advance(from, to, 7)).ErrorId);
            }
        }
    }

    [Fact]
    public void A_person_is_settled_once()
    {
        var person = new Person(0, 1, "ann@example.com", default);
        person.Advance(Stage.Written);
        person.Advance(Stage.Settled);

        var error = Assert.Throws<SegmentPushException>(() => person.Advance(Stage.Settled));

        Assert.Contains("Row 1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", error.Message, StringComparison.Ordinal);
        Assert.True(person.IsEntered);
    }

    [Theory]
    [InlineData(nameof(Stage.Received), null, nameof(ResumeStep.ReadAgain))]
    [InlineData(nameof(Stage.Sent), null, nameof(ResumeStep.WaitAndReadAgain))]
    [InlineData(nameof(Stage.Written), null, nameof(ResumeStep.PutOnList))]
    [InlineData(nameof(Stage.NotAdded), null, nameof(ResumeStep.PutOnList))]
    [InlineData(nameof(Stage.SentOff), null, nameof(ResumeStep.ReadAgain))]
    [InlineData(nameof(Stage.Settled), null, nameof(ResumeStep.Nothing))]
    [InlineData(nameof(Stage.Imported), nameof(ImportFileState.Filling), nameof(ResumeStep.ReadAgain))]
    [InlineData(nameof(Stage.Imported), nameof(ImportFileState.Uploading), nameof(ResumeStep.ReadAgain))]
    [InlineData(nameof(Stage.Imported), nameof(ImportFileState.Accepted), nameof(ResumeStep.AskForImport))]
    [InlineData(nameof(Stage.Imported), nameof(ImportFileState.Settled), nameof(ResumeStep.Nothing))]
    [InlineData(nameof(Stage.Imported), nameof(ImportFileState.Lost), nameof(ResumeStep.ReadAgain))]
    [InlineData(nameof(Stage.Imported), nameof(ImportFileState.Unaccounted), nameof(ResumeStep.ReadAgain))]
    public void A_resume_has_one_rule_for_each_stage(string stage, string? file, string step) => Assert.Equal(
        Enum.Parse<ResumeStep>(step),
        ResumeRule.Of(Enum.Parse<Stage>(stage), file is null ? null : Enum.Parse<ImportFileState>(file)));

    [Fact]
    public void People_at_the_stages_that_are_read_again_are_those_of_the_rule() => Assert.Equal(
        [Stage.Received, Stage.Sent, Stage.SentOff], ResumeRule.StagesFor(ResumeStep.ReadAgain, ResumeStep.WaitAndReadAgain));

    [Theory]
    [InlineData(0, 30, 60)]
    [InlineData(0, 90, 0)]
    [InlineData(0, 3600, 0)]
    [InlineData(86_400, 0, 90)]
    public void A_resume_waits_until_the_lost_call_can_not_run_any_more_and_never_longer(int sentAt, int now, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds), CallExpiry.WaitFor(DateTimeOffset.UnixEpoch.AddSeconds(sentAt), DateTimeOffset.UnixEpoch.AddSeconds(now)));
}
