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
        string phase = "";
        var t0 = Stopwatch.StartNew();
        _ = Task.Run(async () => { while (true) { await Task.Delay(100); using var p = Process.GetCurrentProcess(); var g = GC.GetGCMemoryInfo(GCKind.Any); var st = File.ReadAllLines("/proc/self/status").Where(l => l.StartsWith("RssAnon", StringComparison.Ordinal) || l.StartsWith("RssFile", StringComparison.Ordinal)).Select(l => l.Split(':')[1].Trim()); Console.Error.WriteLine($"{t0.ElapsedMilliseconds} ws {(p.WorkingSet64 - idle) >> 20} heap {GC.GetTotalMemory(false) >> 20} committed {g.TotalCommittedBytes >> 20} gen {string.Join('/', Enumerable.Range(0, 5).Select(i => g.GenerationInfo[i].SizeAfterBytes >> 20))} alloc {GC.GetTotalAllocatedBytes() >> 20} counts {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)} cpu {(p.TotalProcessorTime - processor).TotalSeconds:0.0} {string.Join(' ', st)} {phase}"); } });
        long fetching = 0;
        var source = PushSource.Of(AudienceSource.Begin(SegmentPush.Journal.JournalFolder.Ensure(journal), AudienceRequest.Of(platform, audience, options.Mapping, isThrough: false), platform));
        await foreach (var happened in Push.RunAsync(options, [source], CancellationToken.None))
        {
            if (happened is PushPhaseBegan b) phase = b.Text;
            if (happened is AudienceExported ae) phase = ae.Progress.Status;
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
