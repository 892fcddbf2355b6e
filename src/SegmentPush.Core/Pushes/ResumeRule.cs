using SegmentPush.Journal;

namespace SegmentPush.Pushes;

/// <summary>What a resume does for a person at a stage.</summary>
internal enum ResumeStep
{
    /// <summary>Nothing: the person has an outcome.</summary>
    Nothing,

    /// <summary>The row is read from its source again. No call for it can create anybody.</summary>
    ReadAgain,

    /// <summary>The row is read again, and sent again once the lost call can't run any more. A lookup only tells who was created.</summary>
    WaitAndReadAgain,

    /// <summary>The person is put on the list.</summary>
    PutOnList,

    /// <summary>Marketo is asked how the import of the file ended.</summary>
    AskForImport,
}

/// <summary>The one rule for each stage that says how a push goes on.</summary>
internal static class ResumeRule
{
    /// <summary>The step for people at a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="file">The state of the import file that the person is in; null for a person in none.</param>
    public static ResumeStep Of(Stage stage, ImportFileState? file = null) => (stage, file) switch
    {
        (Stage.Received or Stage.SentOff, _) => ResumeStep.ReadAgain,
        (Stage.Sent, _) => ResumeStep.WaitAndReadAgain,
        (Stage.Written or Stage.NotAdded, _) => ResumeStep.PutOnList,
        (Stage.Imported, ImportFileState.Accepted) => ResumeStep.AskForImport,
        (Stage.Imported, ImportFileState.Settled) => ResumeStep.Nothing,
        (Stage.Imported, _) => ResumeStep.ReadAgain,
        _ => ResumeStep.Nothing,
    };

    /// <summary>The stages at which a resume takes one of some steps, for people in no import file.</summary>
    public static IReadOnlyList<Stage> StagesFor(params ResumeStep[] steps) =>
        [.. Enum.GetValues<Stage>().Where(stage => stage != Stage.Imported && steps.Contains(Of(stage)))];
}
