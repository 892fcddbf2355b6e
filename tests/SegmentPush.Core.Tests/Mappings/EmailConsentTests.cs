using SegmentPush.Mappings;

namespace SegmentPush.Core.Tests.Mappings;

public sealed class EmailConsentTests
{
    [Theory]
    [InlineData("", "", "", 0)]
    [InlineData("u", "null", "", 0)]
    [InlineData("", "y", "", 1)]
    [InlineData("", " LI ", "", 1)]
    [InlineData("", "n", "", 2)]
    [InlineData("", "N", "y", 2)]
    [InlineData("", "dn", "", 2)]
    [InlineData("", "p", "", 2)]
    [InlineData("n", "y", "y", 2)]
    [InlineData("n", "", "", 2)]
    [InlineData("dn", "", "", 2)]
    [InlineData("dn", "u", "", 2)]
    [InlineData("dn", "y", "", 1)]
    [InlineData("y", "", "", 1)]
    [InlineData("y", "n", "", 2)]
    [InlineData("y", "y", "n", 2)]
    [InlineData("", "", "n", 2)]
    [InlineData("dn", "", "y", 1)]
    [InlineData("p", "", "", 0)]
    [InlineData("", "maybe", "", 3)]
    [InlineData("n", "maybe", "", 2)]
    [InlineData("no", "y", "", 3)]
    public void A_no_to_everything_beats_a_no_to_email_beats_that_of_an_address_and_a_default_holds_where_nothing_is_said(
        string any, string email, string ofIdentity, int answer) => Assert.Equal((ConsentAnswer)answer, EmailConsent.Decide(any, email, ofIdentity));
}
