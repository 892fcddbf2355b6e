using System.Globalization;
using SegmentPush.Sandbox;
using SegmentPush.Sandbox.Platform;

namespace SegmentPush.Benchmarks;

/// <summary>A Marketo sandbox without limits and a small Experience Platform with an audience of the generated segment's people, until its standard input ends.</summary>
internal static class AudienceServer
{
    /// <summary>Id of the audience.</summary>
    public const string AudienceId = "7f04b2a6-5f7e-4e7f-9b3a-6d3c4e2a1b5c";

    /// <summary>Runs it.</summary>
    /// <param name="profiles">Number of profiles.</param>
    public static int Run(int profiles)
    {
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, DailyCalls = null });
        using var platform = PlatformSandbox.Start(new PlatformSandboxOptions { HasRehearsalPeople = false });
        platform.AddAudience(new PlatformSandboxAudience(AudienceId, "Webinar EMEA"));
        for (int i = 0; i < profiles; i++) platform.AddProfile(Profile(i));
        Console.WriteLine($"{marketo.Endpoint} {platform.Endpoint}");
        Console.In.ReadToEnd();
        return 0;
    }

    private static PlatformProfile Profile(int number) => new()
    {
        Values = new Dictionary<string, string>
        {
            ["person.name.firstName"] = string.Create(CultureInfo.InvariantCulture, $"Zoë{number % 1000}"),
            ["person.name.lastName"] = string.Create(CultureInfo.InvariantCulture, $"O'Hara, Jr. {number}"),
            ["b2b.companyName"] = string.Create(CultureInfo.InvariantCulture, $"Lumière \"{number % 5000}\" & Fils, SA"),
            ["consents.marketing.email.val"] = "y",
        },
        Identities = new Dictionary<string, IReadOnlyList<PlatformIdentity>>
        {
            ["Email"] = [new PlatformIdentity(string.Create(CultureInfo.InvariantCulture, $"someone.number{number}@department{number % 97}.example.org"), IsPrimary: true)],
        },
        Memberships = new Dictionary<string, PlatformMembership> { [AudienceId] = new("realized", DateTimeOffset.UnixEpoch.AddMinutes(number)) },
    };
}
