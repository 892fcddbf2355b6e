using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A destination of an empty instance, and a way to push segments to it.</summary>
internal sealed class DestinationFixture : IAsyncDisposable
{
    private int _files;

    private DestinationFixture(PushFixture push) => Push = push;

    public PushFixture Push { get; }

    public SandboxInstance Marketo => Push.Marketo;

    public SegmentDestination Destination { get; private set; } = null!;

    public int PagesUpTo { get; set; } = 15_000;

    public TimeSpan LongestQueue { get; set; } = TimeSpan.FromHours(2);

    public static async Task<DestinationFixture> StartAsync(
        PushMode mode,
        PersonCreation creation = PersonCreation.MatchExistingAndCreateMissing,
        ExistingPeople? existing = null,
        SandboxOptions? options = null,
        TimeProvider? time = null,
        string? database = null,
        int concurrency = 5)
    {
        var fixture = new DestinationFixture(await PushFixture.StartAsync(options, time, concurrency, database: database));
        fixture.Save(new SegmentDestination
        {
            Name = "Webinar EMEA",
            Instance = fixture.Push.Connection.Instance,
            StaticListId = PushFixture.ListId,
            StaticListName = "Sandbox",
            Mapping = [new("email", "email", "Email"), new("first", "firstName")],
            PersonCreation = creation,
            ExistingPeople = existing ?? PushOptions.DefaultFor(creation),
            Mode = mode,
            TimeZone = "Europe/Paris",
        });
        return fixture;
    }

    public void Save(SegmentDestination destination)
    {
        using var journal = PushJournal.Open(Push.Journal);
        Destination = SavedDestinations.Save(journal, destination, DateTimeOffset.UtcNow);
    }

    /// <summary>Writes a file of a segment with its header.</summary>
    public string File(params string[] lines)
    {
        string path = Path.Combine(Push.Folder, $"segment{++_files:000}.csv");
        System.IO.File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
        return path;
    }

    public Task<PushStatus> PushAsync(params string[] rows) => PushFilesAsync([File(["email,first,segmentMembership.status", .. rows])]);

    public Task<PushStatus> PushFilesAsync(
        IReadOnlyList<string> paths, bool force = false, bool? verify = null, bool resync = false, Action<PushEvent>? happened = null) => Push.WatchAsync(
        SegmentPush.Pushes.Push.RunAsync(OptionsFor(force, verify, resync), [.. paths.Select(path => PushSource.OpenFile(path, new FormOptions { MayBeEmpty = true }))], CancellationToken.None),
        happened);

    public Task<PushStatus> UndoAsync(PushStatus push, bool force = false) => Push.WatchAsync(
        SegmentPush.Pushes.Push.UndoAsync(
            new UndoOptions { Sending = new ResumeOptions { Connection = Push.Connection, Journal = Push.Journal }, Force = force, Alone = force }, push.Id, CancellationToken.None),
        null);

    public PushOptions OptionsFor(bool force = false, bool? verify = null, bool resync = false)
    {
        var options = Push.OptionsFor(Destination.PersonCreation, Destination.ExistingPeople);
        return options with
        {
            Mapping = Destination.Mapping,
            Bulk = options.Bulk with { PagesUpTo = PagesUpTo, LongestQueue = LongestQueue },
            Destination = new DestinationOptions(Destination)
            {
                Force = force,
                Verify = verify ?? Destination.Mode == PushMode.Mirror,
                Resync = resync,
            },
        };
    }

    public ListSums ListSumsOf(PushStatus push)
    {
        using var journal = PushJournal.Open(Push.Journal);
        return PushReceipt.ParseList(journal.Pushes.GetReceipt(push.Id))!;
    }

    /// <summary>Calls since they were last forgotten, save the three that find use, fields and list.</summary>
    public string Calls() => string.Join(" ", Marketo.Calls
        .Where(call => !call.Path.Contains("describe", StringComparison.Ordinal) && !call.Path.Contains("usage", StringComparison.Ordinal)
            && !call.Path.StartsWith("/identity", StringComparison.Ordinal) && !call.Path.EndsWith("/lists/1021.json", StringComparison.Ordinal))
        .Select(call => (call.Method, call.Path) switch
        {
            ("DELETE", _) => "remove",
            ("GET", var path) when path.EndsWith("ismember.json", StringComparison.Ordinal) => "ismember",
            ("GET", var path) when path.StartsWith("/rest/v1/lists/", StringComparison.Ordinal) => "read",
            (_, var path) when path.StartsWith("/rest/v1/lists/", StringComparison.Ordinal) => "add",
            (_, var path) when path.Contains("export", StringComparison.Ordinal) => "extract",
            (_, var path) when path.StartsWith("/bulk", StringComparison.Ordinal) => "import",
            _ => call.Query.Contains("_method=GET", StringComparison.Ordinal) ? "lookup" : "sync",
        })
        .GroupBy(kind => kind).OrderBy(group => group.Key).Select(group => $"{group.Key}:{group.Count()}"));

    public IReadOnlyList<string> Warnings() => [.. Push.Events.OfType<PushWarned>().Select(warned => warned.Message.English)];

    public ValueTask DisposeAsync() => Push.DisposeAsync();
}
