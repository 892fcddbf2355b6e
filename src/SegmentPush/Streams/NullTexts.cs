using System.Globalization;
using SegmentPush.Mappings;
using SegmentPush.Pushes;

namespace SegmentPush.Streams;

/// <summary>Warns of texts that often mean no value and are taken as texts.</summary>
internal static class NullTexts
{
    /// <summary>The warning for a file; null where its mapped columns have no such text.</summary>
    public static MessageText? WarningFor(PushSource source, IReadOnlyList<SegmentMapping> mapping)
    {
        if (source.File is not { NullTexts: [_, ..] found } file) return null;
        var mapped = mapping.Where(entry => !entry.IsConstant).Select(entry => source.FindColumn(entry.Source)).ToHashSet();
        var texts = found.Where(text => mapped.Contains(text.Column)).OrderBy(text => text.Column).Select(text => (file.Form.Columns[text.Column], text.Text, text.Count));
        return ShownOf(texts) is { } shown ? (MessageText)$"'{source.Name}' has cells with {shown}, which are sent as text. If they mean no value, say so with -NullText." : null;
    }

    /// <summary>The texts as a warning names them; null where there is none.</summary>
    /// <param name="found">Name of the column, text, and number of cells.</param>
    public static MessageText? ShownOf(IEnumerable<(string Column, string Text, long Count)> found)
    {
        MessageText[] texts = [.. found.Select(text => (MessageText)$"{text.Text} ({text.Count} in '{text.Column}')")];
        return texts.Length == 0 ? null : MessageText.Join(", ", texts);
    }
}
