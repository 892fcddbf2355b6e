using System.Globalization;

namespace SegmentPush.Core.Tests.Texts;

/// <summary>A text is written in the language of the UI culture, and in English where there is no translation.</summary>
public sealed class MessageTextTests
{
    [Theory]
    [InlineData("fr-FR", "Le fichier 'a.csv' n’existe pas.")]
    [InlineData("fr-CA", "Le fichier 'a.csv' n’existe pas.")]
    [InlineData("fr", "Le fichier 'a.csv' n’existe pas.")]
    [InlineData("en-US", "There is no file 'a.csv'.")]
    [InlineData("de-DE", "There is no file 'a.csv'.")]
    [InlineData("tr-TR", "There is no file 'a.csv'.")]
    [InlineData("", "There is no file 'a.csv'.")]
    public void A_text_has_the_language_of_the_UI_culture(string culture, string shown)
    {
        using var _ = new UiCulture(culture);
        var error = new SegmentPushException("FileNotFound", $"There is no file '{"a.csv"}'.", "Check the export.");

        Assert.Equal(shown, error.Message);
        Assert.Equal("There is no file 'a.csv'.", error.Text.English);
        Assert.Equal(culture.StartsWith("fr", StringComparison.Ordinal) ? "Vérifiez l’export." : "Check the export.", error.RecommendedAction);
    }

    [Theory]
    [InlineData("fr-FR", 0, "0 personne")]
    [InlineData("fr-FR", 1, "1 personne")]
    [InlineData("fr-FR", 2, "2 personnes")]
    [InlineData("fr-FR", 1234567, "1\u00A0234\u00A0567 personnes")]
    [InlineData("en-US", 0, "0 people")]
    [InlineData("en-US", 1, "1 person")]
    [InlineData("de-DE", 1234567, "1,234,567 people")]
    public void A_number_has_the_plural_and_the_digits_of_the_language(string culture, long count, string shown)
    {
        using var _ = new UiCulture(culture);

        Assert.Equal(shown, Counted.People(count).ToString());
    }

    [Fact]
    public void Texts_within_a_text_have_its_language()
    {
        using var _ = new UiCulture("fr-FR");
        MessageText text = $"The last row of '{MessageText.AnyOf(["a", "b"])}' has fewer cells than the header, and no line end: the file was cut off.";

        Assert.StartsWith("La dernière ligne de 'a ou b' a", text.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("The last row of 'a or b' has", text.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Dates_have_one_form_in_all_languages()
    {
        var moment = new DateTime(2026, 3, 31, 14, 5, 0);
        using var _ = new UiCulture("fr-CA");

        Assert.Contains("2026-03-31 14:05", MessageText.Say($"the push {"1"} of {moment:yyyy-MM-dd HH:mm}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_a_translation_stays_English_as_a_whole()
    {
        using var _ = new UiCulture("fr-FR");

        Assert.Equal("1,234.5 things that nobody translates {x}", MessageText.Say($"{1234.5:N1} things that nobody translates {{x}}"));
    }

    [Fact]
    public void What_changes_later_does_not_change_a_text()
    {
        var name = new System.Text.StringBuilder("before");
        MessageText text = $"There is no account '{name}'.";
        name.Append(" and after");

        Assert.Equal("There is no account 'before'.", text.English);
    }

    [Fact]
    public async Task Work_in_the_background_has_the_language_of_its_caller()
    {
        using var _ = new UiCulture("fr-FR");
        string said = await Task.Run(() => MessageText.Say("Stopped by the user."), TestContext.Current.CancellationToken);

        Assert.Equal("Arrêté par l’utilisateur.", said);
    }

    private sealed class UiCulture : IDisposable
    {
        private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

        public UiCulture(string name) => CultureInfo.CurrentUICulture = new CultureInfo(name);

        public void Dispose() => CultureInfo.CurrentUICulture = _before;
    }
}
