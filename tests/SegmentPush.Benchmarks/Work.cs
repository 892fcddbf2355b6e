using System.Diagnostics;
using System.Security;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Segments;

namespace SegmentPush.Benchmarks;

/// <summary>The pieces of work that are measured.</summary>
internal static class Work
{
    /// <summary>The variable that names the database for journals that machines share.</summary>
    public const string SharedJournal = "SEGMENTPUSH_BENCHMARK_JOURNAL";

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);

    /// <summary>How files are imported.</summary>
    public static BulkOptions Bulk { get; } = new() { FirstPoll = s_poll * CompressedTime.Usual, LongestPoll = s_poll * CompressedTime.Usual };

    private static readonly SegmentMapping[] s_mapping =
    [
        new("personalEmail.address", "email", "Email"), new("person.name.firstName", "firstName"),
        new("person.name.lastName", "lastName"), new("b2b.companyName", "company"),
    ];

    public static async Task<Measured> MeasureAsync(string name, int rows, string endpoints, string folder)
    {
        if (name == "push-audience") return await AudienceWork.MeasureAsync(endpoints, folder);
        var endpoint = new Uri(endpoints);
        string segment = SegmentForms.Write(folder, rows, SegmentForms.FormOf(name));

        // A database has a real clock, and leases by it. Both pushes that are compared have one then; their calls are too few for the pace to matter.
        bool isRealTime = name.EndsWith("-shared", StringComparison.Ordinal) || name.EndsWith("-own", StringComparison.Ordinal);
        using var connection = await ConnectAsync(endpoint, isRealTime ? TimeProvider.System : null);

        // "push-bulk-shared" is a push with a journal in the database that the variable names, which it may share with nobody.
        JournalAddress journal = name.EndsWith("-shared", StringComparison.Ordinal)
            ? JournalAddress.Of(Environment.GetEnvironmentVariable(SharedJournal)!)
            : JournalAddress.Of(Path.Combine(folder, Guid.NewGuid().ToString("N")));
        journal.Initialize();
        long before = journal.Describe().Bytes;
        Func<Task> work = name switch
        {
            "look-csv" => () => Task.Run(() => PushSource.OpenFile(segment, FormOptions.None).Dispose()),
            "push-bulk" or "push-bulk-shared" or "push-bulk-own" or "push-backslash" or "push-gzip" or "push-json" or "push-parquet" => () => PushAsync(connection, segment, journal, Delivery.Bulk, PersonCreation.MatchExistingAndCreateMissing),
            "push-sync" => () => PushAsync(connection, segment, journal, Delivery.Sync, PersonCreation.MatchExistingAndCreateMissing),
            "match-bulk" => () => PushAsync(connection, segment, journal, Delivery.Bulk, PersonCreation.MatchExisting),
            "bare-upload" => await BareUpload.PrepareAsync(connection, segment, s_mapping, s_poll),
            _ => throw new ArgumentException($"Nothing is called {name}.", nameof(name)),
        };

        // What the first call loads is not the push's.
        await connection.Facts.DescribeAsync(CancellationToken.None);
        using var process = Process.GetCurrentProcess();
        long idle = process.WorkingSet64;
        var processor = process.TotalProcessorTime;
        long calls = connection.Calls;
        var watch = Stopwatch.StartNew();
        await work();
        watch.Stop();
        process.Refresh();
        return new Measured(
            watch.Elapsed.TotalSeconds,
            (process.TotalProcessorTime - processor).TotalSeconds,
            (process.PeakWorkingSet64 - idle) / 1024.0 / 1024.0,
            connection.Calls - calls,
            journal.Describe().Bytes - before);
    }

    /// <summary>Connects to the server.</summary>
    public static async Task<MarketoConnection> ConnectAsync(Uri endpoint, TimeProvider? time = null)
    {
        var secret = new SecureString();
        foreach (char c in "sandbox-secret") secret.AppendChar(c);
        return await MarketoConnection.ConnectAsync(new MarketoConnectionOptions
        {
            Endpoint = endpoint,
            ClientId = "sandbox-client",
            ClientSecret = secret,
            CallsPer20Seconds = 100,
            MaxConcurrency = 10,
            DailyCallQuota = 1_000_000,
            TimeProvider = time ?? new CompressedTime(),
        });
    }

    private static async Task PushAsync(MarketoConnection connection, string segment, JournalAddress journal, Delivery delivery, PersonCreation creation)
    {
        var options = new PushOptions
        {
            Connection = connection,
            StaticList = StaticListReference.Parse("1021"),
            Mapping = s_mapping,
            PersonCreation = creation,
            ExistingPeople = PushOptions.DefaultFor(creation),
            Delivery = delivery,
            Bulk = connection.Time == TimeProvider.System ? new BulkOptions { FirstPoll = s_poll, LongestPoll = s_poll } : Bulk,
            Journal = journal,
        };
        await foreach (var happened in Push.RunAsync(options, [PushSource.OpenFile(segment, FormOptions.None)], CancellationToken.None))
        {
            if (happened is PushEnded { Error: { } error }) throw error;
        }
    }
}
