using SegmentPush.Reports;

namespace SegmentPush.Core.Tests.Reports;

public sealed class MaskedIdentityTests
{
    [Theory]
    [InlineData("jane.doe@example.com", "j•••@e•••.com")]
    [InlineData("jane@mail.example.co.uk", "j•••@m•••.uk")]
    [InlineData("j@e", "•••@•••")]
    [InlineData("jane@example.com <b>Jane Doe", "j•••@e•••")]
    [InlineData("C-004512", "C•••")]
    [InlineData("7", "•••")]
    [InlineData("not an address@", "n•••")]
    [InlineData("😀smile@example.com", "😀•••@e•••.com")]
    public void Little_of_an_identity_is_told(string identity, string masked) => Assert.Equal(masked, MaskedIdentity.Of(identity));
}
