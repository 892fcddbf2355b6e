using System.Globalization;

namespace SegmentPush.Mappings.Values;

/// <summary>The words for true and false that Excel writes in a language, and the language's words for yes and no.</summary>
internal static class BooleanWords
{
    private static readonly Dictionary<string, (string[] True, string[] False)> s_byLanguage = new(StringComparer.Ordinal)
    {
        ["cs"] = (["pravda", "ano"], ["nepravda", "ne"]),
        ["da"] = (["sand", "ja"], ["falsk", "nej"]),
        ["de"] = (["wahr", "ja"], ["falsch", "nein"]),
        ["es"] = (["verdadero", "sí", "si"], ["falso"]),
        ["fi"] = (["tosi", "kyllä"], ["epätosi", "ei"]),
        ["fr"] = (["vrai", "oui"], ["faux", "non"]),
        ["hu"] = (["igaz", "igen"], ["hamis", "nem"]),
        ["it"] = (["vero", "sì", "si"], ["falso"]),
        ["nb"] = (["sann", "ja"], ["usann", "nei"]),
        ["nl"] = (["waar", "ja"], ["onwaar", "nee"]),
        ["nn"] = (["sann", "ja"], ["usann", "nei"]),
        ["no"] = (["sann", "ja"], ["usann", "nei"]),
        ["pl"] = (["prawda", "tak"], ["fałsz", "nie"]),
        ["pt"] = (["verdadeiro", "sim"], ["falso", "não"]),
        ["ro"] = (["adevărat", "da"], ["fals", "nu"]),
        ["ru"] = (["истина", "да"], ["ложь", "нет"]),
        ["sk"] = (["pravda", "áno"], ["nepravda", "nie"]),
        ["sv"] = (["sant", "ja"], ["falskt", "nej"]),
        // The dotless i has no capital outside Turkish.
        ["tr"] = (["doğru", "evet"], ["yanlış", "YANLIŞ", "hayır", "HAYIR"]),
    };

    /// <summary>The words of a culture's language.</summary>
    /// <returns>False where none are known.</returns>
    public static bool Of(CultureInfo culture, out string[] yes, out string[] no)
    {
        bool isKnown = s_byLanguage.TryGetValue(culture.TwoLetterISOLanguageName, out var words);
        (yes, no) = isKnown ? words : ([], []);
        return isKnown;
    }
}
