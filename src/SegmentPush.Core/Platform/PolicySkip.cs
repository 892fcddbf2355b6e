namespace SegmentPush.Platform;

/// <summary>What an export leaves out that does not ask for data usage policies.</summary>
internal static class PolicySkip
{
    /// <summary>Says it as a warning.</summary>
    /// <param name="audience">Name of the audience.</param>
    /// <param name="labels">Its labels.</param>
    public static MessageText Describe(string audience, IReadOnlyList<string> labels) =>
        $"-SkipPolicyCheck: Experience Platform is not asked whether a data usage policy forbids emails to people of the audience '{VisibleText.Of(audience)}' "
        + $"(labels: {(labels.Count == 0 ? (MessageText)"none" : MessageText.AsIs(string.Join(", ", labels)))}), nor what the labels of its fields say.";
}
