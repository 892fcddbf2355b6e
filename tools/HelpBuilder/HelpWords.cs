namespace SegmentPush.HelpBuilder;

/// <summary>The words that help adds to what its pages say, in one language.</summary>
internal sealed record HelpWords(string Topic, string Short, string Long, string OnlineVersion, string Colon)
{
    private static readonly Dictionary<string, HelpWords> s_all = new(StringComparer.Ordinal)
    {
        ["en-US"] = new("TOPIC", "SHORT DESCRIPTION", "LONG DESCRIPTION", "Online Version", ": "),
        ["fr-FR"] = new("RUBRIQUE", "DESCRIPTION COURTE", "DESCRIPTION DÉTAILLÉE", "Version en ligne", "\u00A0: "),
    };

    /// <summary>The cultures that have words.</summary>
    public static IEnumerable<string> Cultures => s_all.Keys;

    /// <summary>The words of a culture; null where it has none.</summary>
    public static HelpWords? For(string culture) => s_all.GetValueOrDefault(culture);
}
