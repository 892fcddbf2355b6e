using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace SegmentPush;

/// <summary>
/// A text for the user: an error, what to do, a warning, a question, a line of progress. The English text in the source is its key; the catalogue of
/// the user's language holds its translation. Values stay apart from the text, so that a translation may put them where its language wants them.
/// </summary>
[InterpolatedStringHandler]
public sealed class MessageText
{
    private readonly StringBuilder? _building;
    private readonly List<object?> _values = [];
    private readonly Func<MessageLanguage, string>? _compose;
    private string? _key;

    /// <summary>Begins a text with values. The compiler calls it for an interpolated string.</summary>
    /// <param name="literalLength">Number of characters between the values.</param>
    /// <param name="formattedCount">Number of values.</param>
    public MessageText(int literalLength, int formattedCount) => _building = new StringBuilder(literalLength + (formattedCount * 3));

    private MessageText(string text) => _key = text;

    private MessageText(Func<MessageLanguage, string> compose) => _compose = compose;

    /// <summary>The text in English, for files and listeners that programs read.</summary>
    internal string English => In(MessageLanguage.English);

    private string Key => _key ??= _building!.ToString();

    /// <summary>A text of the source without values.</summary>
    /// <param name="text">The English text; null for none.</param>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator MessageText?(string? text) => text is null ? null : new MessageText(text);

    /// <summary>The text in the language of the current UI culture, and in English where there is no translation.</summary>
    public override string ToString() => In(MessageLanguage.Current);

    /// <summary>Adds what stands between the values. The compiler calls it.</summary>
    /// <param name="value">A part of the English text.</param>
    public void AppendLiteral(string value) => _building!.Append(value.Contains('{') || value.Contains('}') ? value.Replace("{", "{{").Replace("}", "}}") : value);

    /// <summary>Adds a value. The compiler calls it.</summary>
    /// <param name="value">The value. Texts and numbers are written in the language of the whole text.</param>
    public void AppendFormatted<T>(T value) => Append(value, null);

    /// <summary>Adds a value with a format. The compiler calls it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="format">Its format, such as <c>N0</c>.</param>
    public void AppendFormatted<T>(T value, string format) => Append(value, format);

    /// <summary>A text in the language of the user, where it is kept or shown as it is.</summary>
    /// <param name="text">The text.</param>
    internal static string Say(MessageText text) => text.ToString();

    /// <summary>A text that others have written, such as the operating system: it is shown as it is.</summary>
    /// <param name="text">The text.</param>
    internal static MessageText AsIs(string text) => new(_ => text);

    /// <summary>A text that has one form for one thing and another one for several.</summary>
    /// <param name="count">The number of things.</param>
    /// <param name="one">The text for one thing.</param>
    /// <param name="many">The text for several things; each language decides where none belongs.</param>
    internal static MessageText Plural(long count, MessageText one, MessageText many) => new(language => (language.IsOne(count) ? one : many).In(language));

    /// <summary>Values without words: numbers, and what stands between them.</summary>
    /// <param name="values">The values; they are written in the language of the text that they belong to.</param>
    internal static MessageText Plain(MessageText values) => new(language => values.Format(values.Key, language));

    /// <summary>Several things, one of them is meant: <c>a or b or c</c>.</summary>
    /// <param name="things">The things; at least one.</param>
    internal static MessageText AnyOf(IEnumerable<string> things) => things.Select(AsIs).Aggregate((some, next) => $"{some} or {next}");

    /// <summary>Several things, all are meant: <c>a and b and c</c>.</summary>
    /// <param name="things">The things; at least one.</param>
    internal static MessageText AllOf(IEnumerable<string> things) => things.Select(AsIs).Aggregate((some, next) => $"{some} and {next}");

    /// <summary>Texts one after the other.</summary>
    /// <param name="separator">What stands between them.</param>
    /// <param name="texts">The texts.</param>
    internal static MessageText Join(string separator, IEnumerable<MessageText> texts)
    {
        var all = texts.ToArray();
        return new MessageText(language => string.Join(separator, all.Select(text => text.In(language))));
    }

    /// <summary>The text with something in the place of a mark that all its translations have.</summary>
    /// <param name="mark">The mark, such as <c>{permission}</c>.</param>
    /// <param name="value">What takes its place.</param>
    internal MessageText With(string mark, MessageText value) => new(language => In(language).Replace(mark, value.In(language), StringComparison.Ordinal));

    /// <summary>The text with a capital letter, for the beginning of a sentence.</summary>
    internal MessageText Capitalized() => new(language => In(language) is [var first, .. var rest] ? char.ToUpperInvariant(first) + rest : "");

    /// <summary>The text in a language.</summary>
    internal string In(MessageLanguage language) =>
        _compose is not null ? _compose(language)
        : language.Find(Key) is { } translation ? Format(translation, language)
        : Format(Key, MessageLanguage.English, language);

    // A value without a translation, such as a name, is the same in all languages.
    private string Format(string format, MessageLanguage language, MessageLanguage? nested = null) => _building is null
        ? format
        : string.Format(language.Culture, format, [.. _values.Select(value => value is MessageText text ? text.In(nested ?? language) : value)]);

    // What may change until the text is written is written now.
    private void Append(object? value, string? format)
    {
        _building!.Append('{').Append(_values.Count).Append(format is null ? "" : ":" + format).Append('}');
        _values.Add(value is null or MessageText or ValueType ? value : value.ToString());
    }
}
