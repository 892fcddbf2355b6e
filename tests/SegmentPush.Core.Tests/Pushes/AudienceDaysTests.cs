using System.Globalization;
using SegmentPush.Pushes;
using SegmentPush.Sandbox.Platform;
using static SegmentPush.Core.Tests.Pushes.AudienceFixture;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>An audience of many nested profiles over ten days: who is on the list each day is what a plain reading of the profiles says.
/// <c>SEGMENTPUSH_PROFILES</c> says how many profiles; the default is 10,000.</summary>
public sealed class AudienceDaysTests
{
    private const int Days = 10;

    private static readonly int s_people = int.Parse(Environment.GetEnvironmentVariable("SEGMENTPUSH_PROFILES") ?? "10000", CultureInfo.InvariantCulture);

    private static readonly string[] s_names = ["Zoë", "O'Hara, \"Jr.\"", "null", "Søren\nÅ", "NULL", "Aoife; Byrne"];

    [Theory]
    [InlineData(PushMode.Mirror)]
    [InlineData(PushMode.Append)]
    public async Task Ten_days_of_an_audience_are_exact_with_one_outcome_for_every_profile(PushMode mode)
    {
        var random = new Random(4711);
        await using var fixture = await StartAsync(mode, options => options with { ExportsLeavers = true, ProfilesPerFile = 3_000, ProfilesPerGroup = 700 }, time: new HurriedTime(20));
        fixture.Marketo.Save(fixture.Marketo.Destination with { MaxRemovalPercent = 100 });
        var listed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int day = 0; day < Days; day++)
        {
            PlatformProfile[] profiles = [.. Enumerable.Range(0, s_people).Select(i => ProfileOf(random, i, day))];
            fixture.Platform.Platform.ClearProfiles();
            fixture.Add(profiles);
            var wanted = Wanted(profiles);

            var status = await fixture.PushToDestinationAsync(force: true);

            Assert.True(status.State == PushState.Completed, $"Day {day}: {status.ErrorId} {status.Reason}");
            Assert.Equal(profiles.Length + status.Removed, status.Received);
            Assert.Equal((0L, 0L), (status.Failed, status.Unmatched));
            Assert.Equal(profiles.Count(profile => IsIn(profile) && AddressOf(profile) is null), status.NoIdentity);
            Assert.Equal(profiles.Count(profile => !IsIn(profile)), status.NotMember);
            Assert.Equal(wanted.Count, status.Added + status.AlreadyMember);
            if (mode == PushMode.Mirror) listed.Clear();
            listed.UnionWith(wanted);
            Assert.Equal(listed.Order(StringComparer.OrdinalIgnoreCase), fixture.Marketo.Push.Members().Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        }

        Assert.Equal(Days, fixture.Platform.Platform.ExportJobs.Count);
        Assert.Single(fixture.Platform.Platform.Batches);
        Assert.Empty(fixture.Spools());
        Assert.Empty(fixture.Marketo.Marketo.Violations);
    }

    // One in twelve has no address, some share one, some say no, some have left.
    private static PlatformProfile ProfileOf(Random random, int number, int day)
    {
        int person = random.Next(50) == 0 ? random.Next(s_people) : number;
        string[] addresses = random.Next(12) == 0 ? [] : random.Next(3) == 0 ? [Address(person), "old." + Address(number)] : [Address(person)];
        string? consent = random.Next(20) switch { 0 => "n", 1 => "p", 2 => null, _ => "y" };
        string status = random.Next(15) == 0 ? "exited" : random.Next(3) == 0 ? "existing" : "realized";
        return Profile(s_names[random.Next(s_names.Length)], addresses, consent, status, random.Next(1_000) + (day * 1_000));
    }

    // The plain reading: of the profiles with an address the newest says whether the person is in, and any of them may say no.
    private static HashSet<string> Wanted(IEnumerable<PlatformProfile> profiles) => profiles
        .Where(profile => AddressOf(profile) is not null)
        .GroupBy(profile => AddressOf(profile)!, StringComparer.OrdinalIgnoreCase)
        .Where(same => !same.Any(profile => profile.Values.GetValueOrDefault("consents.marketing.email.val") is "n" or "p"))
        .Where(same => same.OrderBy(profile => profile.Memberships[AudienceId].LastQualified).ThenBy(IsIn).Last() is var newest && IsIn(newest))
        .Select(same => same.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static bool IsIn(PlatformProfile profile) => profile.Memberships[AudienceId].Status != "exited";

    private static string? AddressOf(PlatformProfile profile) =>
        profile.Identities.TryGetValue("Email", out var identities) ? identities.First(identity => identity.IsPrimary).Id : null;
}
