using System.Globalization;

namespace SegmentPush.Mappings;

/// <summary>Gathers the mistakes of a mapping, so that one error names all of them.</summary>
internal sealed class MappingMistakes
{
    private readonly List<SegmentPushException> _mistakes = [];

    /// <summary>Adds a mistake.</summary>
    public void Add(string errorId, MessageText message, MessageText action, object? target = null) =>
        Add(new SegmentPushException(errorId, message, action, target));

    /// <summary>Adds a mistake.</summary>
    public void Add(SegmentPushException mistake) => _mistakes.Add(mistake);

    /// <summary>Whether there are mistakes.</summary>
    public bool HasAny => _mistakes.Count > 0;

    /// <summary>Does a check and adds the mistake that it ends with.</summary>
    /// <returns>False where there is one.</returns>
    public bool Try(Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (SegmentPushException mistake)
        {
            _mistakes.Add(mistake);
            return false;
        }
    }

    /// <summary>Throws where there are mistakes.</summary>
    /// <exception cref="SegmentPushException">The mistake; of several all of them, with the id and the target of the first.</exception>
    public void ThrowIfAny()
    {
        if (_mistakes.Count == 0) return;
        var first = _mistakes[0];
        if (_mistakes.Count == 1) throw first;
        throw new SegmentPushException(
            first.ErrorId,
            $"The mapping has {_mistakes.Count:N0} mistakes. {MessageText.Join(" ", _mistakes.Select((mistake, i) => MessageText.Plain($"{i + 1}. {mistake.Text}")))}",
            MessageText.Join(" ", Actions()),
            first.Target);
    }

    // Each has the numbers of the mistakes that it mends.
    private IEnumerable<MessageText> Actions() => _mistakes
        .Select((mistake, i) => (mistake.Action, Number: i + 1))
        .Where(mistake => mistake.Action is not null)
        .GroupBy(mistake => mistake.Action!.English, StringComparer.Ordinal)
        .Select(same => MessageText.Plain($"{string.Join(", ", same.Select(mistake => $"{mistake.Number}."))} {same.First().Action}"));
}
