using System.Diagnostics;
using System.Security;
using SegmentPush.Platform;
using SegmentPush.Pushes;
using SegmentPush.Pushes.Audiences;

namespace SegmentPush.Benchmarks;

/// <summary>A push of an audience, measured from the first byte that it fetches: the job is the platform's work.</summary>
internal static class AudienceWork
{
    // The platform's pace, whose time is not counted.
    private const double CallsPerSecond = 5;

    /// <summary>Measures it.</summary>
    /// <param name="endpoints">Addresses of the Marketo instance and of the platform, with a blank between them.</param>
    /// <param name="folder">Where files may lie meanwhile.</param>
    public static async Task<Measured> MeasureAsync(string endpoints, string folder)
    {
        Environment.SetEnvironmentVariable("SEGMENTPUSH_POLL_SECONDS", "0.2");
        string[] places = endpoints.Split(' ');
        using var marketo = await Work.ConnectAsync(new Uri(places[0]));
        using var platform = await ConnectAsync(new Uri(places[1]));
        string journal = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        var audience = await AudienceReference.ResolveAsync(platform.Audiences, AudienceServer.AudienceId, CancellationToken.None);
        var options = new PushOptions
        {
            Connection = marketo,
            StaticList = SegmentPush.Marketo.StaticListReference.Parse("1021"),
            Mapping = [new("identityMap.Email", "email", "Email"), new("person.name.firstName", "firstName"), new("person.name.lastName", "lastName"), new("b2b.companyName", "company")],
            PersonCreation = PersonCreation.MatchExistingAndCreateMissing,
            ExistingPeople = ExistingPeople.Update,
            Delivery = Delivery.Bulk,
            Bulk = Work.Bulk,
            Journal = journal,
        };
        await marketo.Facts.DescribeAsync(CancellationToken.None);
        using var process = Process.GetCurrentProcess();
        long idle = process.WorkingSet64, calls = marketo.Calls;
        var processor = process.TotalProcessorTime;
        var watch = new Stopwatch();
        long fetching = 0;
        var source = PushSource.Of(AudienceSource.Begin(SegmentPush.Journal.JournalFolder.Ensure(journal), AudienceRequest.Of(platform, audience, options.Mapping, isThrough: false), platform));
        await foreach (var happened in Push.RunAsync(options, [source], CancellationToken.None))
        {
            if (happened is AudienceExported { Progress.Bytes: > 0 } && !watch.IsRunning)
            {
                fetching = platform.Calls;
                watch.Start();
            }

            if (happened is PushEnded { Error: { } error }) throw error;
        }

        watch.Stop();
        process.Refresh();
        return new Measured(
            watch.Elapsed.TotalSeconds - ((platform.Calls - fetching) / CallsPerSecond),
            (process.TotalProcessorTime - processor).TotalSeconds,
            (process.PeakWorkingSet64 - idle) / 1024.0 / 1024.0,
            marketo.Calls - calls);
    }

    private static async Task<PlatformConnection> ConnectAsync(Uri endpoint)
    {
        var secret = new SecureString();
        foreach (char c in "sandbox-secret") secret.AppendChar(c);
        return await PlatformConnection.ConnectAsync(new PlatformConnectionOptions
        {
            OrganizationId = "0123456789ABCDEF01234567@AdobeOrg",
            ClientId = "sandbox-client",
            ClientSecret = secret,
            Endpoint = endpoint,
            SignInEndpoint = endpoint,
        });
    }
}
