using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace SegmentPush;

/// <summary>A language of messages: its catalogue, its rule for the plural, and how it writes numbers.</summary>
internal sealed class MessageLanguage
{
    // By name of the UI culture. A catalogue is read with the first text of its language.
    private static readonly ConcurrentDictionary<string, MessageLanguage> s_byCulture = new();
    private static readonly Lazy<IReadOnlyDictionary<string, string>> s_french = new(() => Read("SegmentPush.Messages.fr.json"));

    private readonly Lazy<IReadOnlyDictionary<string, string>>? _catalogue;

    private MessageLanguage(CultureInfo culture, Lazy<IReadOnlyDictionary<string, string>>? catalogue)
    {
        Culture = culture;
        _catalogue = catalogue;
    }

    /// <summary>The language of the texts in the source. Its numbers are the same on all machines.</summary>
    public static MessageLanguage English { get; } = new(CultureInfo.InvariantCulture, null);

    /// <summary>The language of the current UI culture; English where there is no catalogue of its language.</summary>
    public static MessageLanguage Current => Of(CultureInfo.CurrentUICulture);

    /// <summary>All languages.</summary>
    public static IReadOnlyList<MessageLanguage> All => [English, Of(CultureInfo.GetCultureInfo("fr"))];

    /// <summary>The translations into French.</summary>
    internal static IReadOnlyDictionary<string, string> French => s_french.Value;

    /// <summary>How numbers are written.</summary>
    public CultureInfo Culture { get; }

    /// <summary>The language of a UI culture.</summary>
    public static MessageLanguage Of(CultureInfo culture) =>
        s_byCulture.TryGetValue(culture.Name, out var known) ? known : s_byCulture.GetOrAdd(culture.Name, IsFrench(culture) ? new(WithPlainNumbers(culture), s_french) : English);

    /// <summary>A translation; null where there is none.</summary>
    /// <param name="text">The English text.</param>
    public string? Find(string text) => _catalogue?.Value.GetValueOrDefault(text);

    /// <summary>Whether a number of things takes the singular: one in English, none and one in French.</summary>
    public bool IsOne(long count) => count == 1 || (count == 0 && _catalogue is not null);

    private static bool IsFrench(CultureInfo culture) => culture.TwoLetterISOLanguageName == "fr";

    // Dates stand in one form for all languages. The narrow space of French numbers is missing in fonts of consoles.
    private static CultureInfo WithPlainNumbers(CultureInfo culture)
    {
        var plain = new CultureInfo(culture.Name, useUserOverride: false) { DateTimeFormat = DateTimeFormatInfo.InvariantInfo };
        var numbers = plain.NumberFormat;
        numbers.NumberGroupSeparator = numbers.NumberGroupSeparator.Replace('\u202F', '\u00A0');
        numbers.PercentGroupSeparator = numbers.PercentGroupSeparator.Replace('\u202F', '\u00A0');
        return plain;
    }

    private static Dictionary<string, string> Read(string resource)
    {
        using var stream = typeof(MessageLanguage).Assembly.GetManifestResourceStream(resource)!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!, StringComparer.Ordinal);
    }
}
