using System.Globalization;
using SegmentPush.Core.Tests.Platform;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Platform;
using SegmentPush.Pushes;
using SegmentPush.Pushes.Audiences;
using SegmentPush.Sandbox.Platform;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A small Experience Platform, an empty Marketo instance with a list, and a way to push an audience of the one to the other.</summary>
internal sealed class AudienceFixture : IAsyncDisposable
{
    public const string AudienceId = PlatformFixture.Webinar;

    private AudienceFixture(PlatformFixture platform, PlatformConnection connection, DestinationFixture marketo)
    {
        Platform = platform;
        Connection = connection;
        Marketo = marketo;
    }

    public PlatformFixture Platform { get; }

    public PlatformConnection Connection { get; }

    public DestinationFixture Marketo { get; }

    public IReadOnlyList<SegmentMapping> Mapping { get; set; } = [new("identityMap.Email", "email", "Email"), new("person.name.firstName", "firstName")];

    public AudienceIdentities Identities { get; set; }

    public string? Through { get; set; }

    public bool SkipPolicyCheck { get; set; }

    public static async Task<AudienceFixture> StartAsync(
        PushMode mode = PushMode.Append,
        Func<PlatformSandboxOptions, PlatformSandboxOptions>? adjust = null,
        PersonCreation creation = PersonCreation.MatchExistingAndCreateMissing,
        TimeProvider? time = null)
    {
        var platform = new PlatformFixture(adjust);
        platform.Platform.ClearProfiles();
        var fixture = new AudienceFixture(platform, await platform.ConnectAsync(), await DestinationFixture.StartAsync(mode, creation, time: time));
        fixture.Marketo.Save(fixture.Marketo.Destination with
        {
            Mapping = fixture.Mapping,
            Audience = "Webinar EMEA",
            AudienceId = AudienceId,
            OrganizationId = fixture.Connection.OrganizationId,
            SandboxName = fixture.Connection.SandboxName,
        });
        return fixture;
    }

    /// <summary>A profile of the audience with addresses, the first of them the primary one.</summary>
    public static PlatformProfile Profile(string name, string[] addresses, string? consent = null, string status = "realized", int day = 0, string? work = null)
    {
        var values = new Dictionary<string, string> { ["person.name.firstName"] = name };
        if (consent is not null) values["consents.marketing.email.val"] = consent;
        if (work is not null) values["workEmail.address"] = work;
        return new PlatformProfile
        {
            Values = values,
            Identities = addresses.Length == 0 ? new Dictionary<string, IReadOnlyList<PlatformIdentity>>() : new Dictionary<string, IReadOnlyList<PlatformIdentity>>
            {
                // The primary one need not come first.
                ["Email"] = [.. addresses.Reverse().Select(address => new PlatformIdentity(address, address == addresses[0]))],
            },
            Memberships = new Dictionary<string, PlatformMembership> { [AudienceId] = new(status, DateTimeOffset.UnixEpoch.AddDays(day)) },
        };
    }

    public void Add(params PlatformProfile[] profiles)
    {
        foreach (var profile in profiles) Platform.Platform.AddProfile(profile);
    }

    public AudienceSource Source() => AudienceSource.Begin(
        Marketo.Push.Folder,
        AudienceRequest.Of(Connection, new PlatformAudience { Name = "Webinar EMEA", Id = AudienceId, AudienceId = AudienceId, Labels = ["core/C2"] }, Mapping, Through is not null) with
        {
            Identities = Identities,
            Through = Through,
            SkipPolicyCheck = SkipPolicyCheck,
        },
        Connection);

    /// <summary>Pushes the audience to the list, without a destination.</summary>
    public Task<PushStatus> PushAsync(Action<PushEvent>? happened = null, bool ignoreConsent = false, CancellationToken cancellation = default) => Marketo.Push.WatchAsync(
        Push.RunAsync(
            Marketo.Push.OptionsFor(PersonCreation.MatchExistingAndCreateMissing) with { Mapping = Mapping, IgnoreConsent = ignoreConsent },
            [PushSource.Of(Source())],
            cancellation),
        happened);

    /// <summary>Pushes the audience to the destination.</summary>
    public Task<PushStatus> PushToDestinationAsync(bool force = false, Action<PushEvent>? happened = null, CancellationToken cancellation = default) =>
        Marketo.Push.WatchAsync(Push.RunAsync(Marketo.OptionsFor(force), [PushSource.Of(Source())], cancellation), happened);

    public Task<PushStatus> ResumeAsync(Guid id, PlatformConnection? connection = null) => Marketo.Push.WatchAsync(
        Push.ResumeAsync(
            new ResumeOptions { Connection = Marketo.Push.Connection, Platform = connection ?? Connection, Journal = Marketo.Push.Folder, Bulk = Marketo.OptionsFor().Bulk },
            id,
            CancellationToken.None),
        null);

    public string[] Spools() => [.. Directory.EnumerateDirectories(Marketo.Push.Folder, "audience-*")];

    public static string Address(int i) => string.Create(CultureInfo.InvariantCulture, $"person{i}@example.com");

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        Platform.Dispose();
        await Marketo.DisposeAsync();
    }
}
