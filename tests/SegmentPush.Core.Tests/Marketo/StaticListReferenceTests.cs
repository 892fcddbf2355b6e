using System.Security;
using SegmentPush.Marketo;

namespace SegmentPush.Core.Tests.Marketo;

public sealed class StaticListReferenceTests
{
    [Theory]
    [InlineData("1021")]
    [InlineData(" 1021 ")]
    [InlineData("1021A1")]
    [InlineData("ST1021")]
    [InlineData("st1021a1")]
    [InlineData("#ST1021A1")]
    [InlineData("ST1021A1LA1")]
    [InlineData("https://app-ab12.marketo.com/#ST1021A1")]
    [InlineData("https://app-ab12.marketo.com/leadDatabase/loadLeadDatabase#ST1021B2/")]
    [InlineData("https://app-ab12.marketo.com/homepage/login?from=SL5A1#ST1021A1")]
    [InlineData("https://experience.adobe.com/#/@acme/so:284-RPR-133/marketo-engage/classic/ST1021A1")]
    [InlineData("https://experience.adobe.com/#/@acme/so:284-RPR-133/marketo-engage/classic/ST1021A1?appId=x&from=SL5A1")]
    [InlineData("https://experience.adobe.com/?shell=ST7A1#/@acme/so:284-RPR-133/marketo-engage/classic/ST1021A1LA1")]
    [InlineData("https://experience.adobe.com/@acme/so:284-RPR-133/marketo-engage/classic/ST1021A1")]
    [InlineData("https://experience.adobe.com/#/@acme/so:284-RPR-133/marketo-engage/classic/ST1021")]
    [InlineData("https://experience.adobe.com/#/@acme/so:284-RPR-133/marketo-engage/classic/ST1021A1/members")]
    [InlineData("https://experience.adobe.com/%23/%40acme/so%3A284-RPR-133/marketo-engage/classic/ST1021A1")]
    [InlineData("experience.adobe.com/#/@acme/so:284-RPR-133/marketo-engage/classic/ST1021A1")]
    [InlineData("#/@acme/so:284-RPR-133/marketo-engage/classic/ST1021A1")]
    [InlineData("/@acme/so:284-RPR-133/marketo-engage/classic/ST1021A1")]
    [InlineData("classic/ST1021A1")]
    [InlineData("https://engage-ab.marketo.com/?munchkinId=284-RPR-133#/classic/ST1021A1")]
    [InlineData("https://engage-ab.marketo.com/?munchkinId=284-RPR-133#/classic/PG1001A1/ST1021A1")]
    public void A_list_is_named_by_its_id_in_any_form_that_the_UI_shows(string text) =>
        Assert.Equal((1021L, (string?)null), (StaticListReference.Parse(text).Id, StaticListReference.Parse(text).Name));

    [Theory]
    [InlineData("SL1021", "a smart list")]
    [InlineData("SL1021A1", "a smart list")]
    [InlineData("#SL1021A1", "a smart list")]
    [InlineData("https://app-ab12.marketo.com/#SL1021A1", "a smart list")]
    [InlineData("https://experience.adobe.com/#/@acme/so:284-RPR-133/marketo-engage/classic/SL1021A1?x=ST1021A1", "a smart list")]
    [InlineData("https://experience.adobe.com/#/@acme/so:284-RPR-133/marketo-engage/classic/PG1001A1", "a program")]
    [InlineData("PG1001A1", "a program")]
    [InlineData("https://app-ab12.marketo.com/#ME1001A1", "an event program")]
    [InlineData("https://app-ab12.marketo.com/#NP1001A1", "an engagement program")]
    [InlineData("https://app-ab12.marketo.com/#EBP1001A1", "an email program")]
    [InlineData("https://app-ab12.marketo.com/#SC1001B2", "a smart campaign")]
    [InlineData("https://app-ab12.marketo.com/#XY1001B2", "kind XY")]
    [InlineData("https://experience.adobe.com/#/@acme/so:284-RPR-133/marketo-engage/home", "no static list")]
    [InlineData("https://example.com/1021", "no static list")]
    public void The_address_of_something_else_is_refused_by_what_it_is(string text, string what)
    {
        var error = Assert.Throws<SegmentPushException>(() => StaticListReference.Parse(text));

        Assert.Equal("InvalidStaticList", error.ErrorId);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("static list", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Webinar EMEA")]
    [InlineData("EM2026")]
    [InlineData("Q3 / classic customers")]
    [InlineData("#1 customers")]
    [InlineData("ST. GALLEN 2026")]
    [InlineData("100% off: A?B")]
    [InlineData("Best 100")]
    public void Any_other_text_is_a_name(string text) => Assert.Equal(((long?)null, text), (StaticListReference.Parse(text).Id, StaticListReference.Parse(text).Name));

    [Fact]
    public async Task The_address_of_a_list_in_another_instance_is_refused_before_any_call()
    {
        var secret = new SecureString();
        secret.AppendChar('x');
        using var transport = new MarketoTransport(new MarketoConnectionOptions
        {
            Endpoint = MarketoConnectionOptions.EndpointOf("111-AAA-111"), ClientId = "x", ClientSecret = secret,
        });
        var reference = StaticListReference.Parse("https://experience.adobe.com/#/@acme/so:284-rpr-133/marketo-engage/classic/ST1021A1");

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => reference.ResolveAsync(new StaticLists(transport), TestContext.Current.CancellationToken));

        Assert.Equal("OtherInstance", error.ErrorId);
        Assert.Contains("284-RPR-133", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, transport.CallsMade);
    }
}
