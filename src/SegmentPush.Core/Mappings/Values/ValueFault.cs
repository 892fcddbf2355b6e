namespace SegmentPush.Mappings.Values;

/// <summary>Why a text can't be the value of a field.</summary>
/// <param name="Code">Stable name of the cause, such as <c>NotADate</c>.</param>
/// <param name="Text">A sentence or two that say what to do. It never holds the text.</param>
internal sealed record ValueFault(string Code, MessageText Text)
{
    /// <summary>The text in the language of the user.</summary>
    public string Reason => Text.ToString();
}
