using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using SegmentPush.Reports;

namespace SegmentPush.Core.Tests.Reports;

public sealed partial class ReportTextTests
{
    [Fact]
    public void Each_text_has_a_French_one_with_the_same_placeholders()
    {
        var english = TextsOf(CultureInfo.InvariantCulture);
        var french = TextsOf(CultureInfo.GetCultureInfo("fr"));

        Assert.NotEmpty(english);
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), french.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.Equal(PlaceholdersOf(text.Value), PlaceholdersOf(french[text.Key])));
    }

    [Fact]
    public void Each_outcome_and_each_state_has_its_texts()
    {
        var text = new ReportText(CultureInfo.GetCultureInfo("fr-FR"));

        Assert.All(Enum.GetNames<PersonOutcome>(), outcome => Assert.NotEmpty(text[outcome] + text["Means" + outcome]));
        Assert.All(Enum.GetValues<PushState>(), state => Assert.NotEmpty(text.State(state)));
    }

    private static Dictionary<string, string> TextsOf(CultureInfo culture) => ReportText.Resources.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
        .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);

    private static IEnumerable<string> PlaceholdersOf(string text) => Placeholder().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\d+[^}]*\}")]
    private static partial Regex Placeholder();
}
