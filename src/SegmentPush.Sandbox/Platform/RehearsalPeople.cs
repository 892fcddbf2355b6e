using System.Globalization;

namespace SegmentPush.Sandbox.Platform;

/// <summary>The audiences and the invented people of a rehearsal. Most of them exist in the sandbox of Marketo, too.</summary>
internal static class RehearsalPeople
{
    public const string WebinarId = "7f04b2a6-5f7e-4e7f-9b3a-6d3c4e2a1b5c";

    private const int Members = 120;

    private static readonly string[] s_firstNames = ["Zoë", "Ken", "Søren", "Aoife", "José"];
    private static readonly string[] s_lastNames = ["O'Hara, Jr.", "Tanaka", "Ødegård", "Byrne", "Null"];

    /// <summary>Adds them.</summary>
    /// <param name="platform">The platform.</param>
    /// <param name="now">The moment.</param>
    public static void AddTo(PlatformSandbox platform, DateTimeOffset now)
    {
        platform.AddAudience(new PlatformSandboxAudience(WebinarId, "Webinar EMEA") { Description = "Registered for the webinar", Labels = ["core/C2"] });
        platform.AddAudience(new PlatformSandboxAudience("3a1b2c3d-4e5f-6789-abcd-ef0123456789", "Newsletter"));
        platform.AddAudience(new PlatformSandboxAudience("db8961e9-d52f-45bc-b3fb-76d0382a6851", "Webinar APAC") { State = "draft" });
        platform.AddAudience(new PlatformSandboxAudience("52c26d0d-45f2-47a2-ab30-ed06abc981ff", "Customers of 2019") { State = "inactive" });
        for (int i = 1; i <= Members; i++) platform.AddProfile(Profile(i, now));
    }

    // Every tenth has no address, every twelfth says no to emails, every fifteenth has left.
    private static PlatformProfile Profile(int number, DateTimeOffset now)
    {
        string address = string.Create(CultureInfo.InvariantCulture, $"person{number}@example.com");
        bool hasAddress = number % 10 != 0;
        var values = new Dictionary<string, string>
        {
            ["person.name.firstName"] = s_firstNames[number % s_firstNames.Length],
            ["person.name.lastName"] = s_lastNames[number % s_lastNames.Length],
            ["workAddress.country"] = number % 2 == 0 ? "FR" : "DE",
        };
        if (hasAddress && number % 3 != 0) values["workEmail.address"] = address;
        if (number % 12 == 0) values["consents.marketing.email.val"] = "n";
        var identities = new Dictionary<string, IReadOnlyList<PlatformIdentity>>
        {
            ["ECID"] = [new PlatformIdentity(string.Create(CultureInfo.InvariantCulture, $"{number:00000000000000000000000000000000000000}"))],
        };
        if (hasAddress) identities["Email"] = [new PlatformIdentity("old." + address), new PlatformIdentity(address, IsPrimary: true)];
        return new PlatformProfile
        {
            Values = values,
            Identities = identities,
            Memberships = new Dictionary<string, PlatformMembership>
            {
                [WebinarId] = new(number % 15 == 0 ? "exited" : "realized", now.AddDays(-number)),
            },
        };
    }
}
