using System.Security;
using SegmentPush.Core.Tests.Journal;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>A Marketo instance with a list, a journal, and a way to push rows.</summary>
internal sealed class PushFixture : IAsyncDisposable
{
    public const long ListId = 1021;

    private readonly TemporaryFolder _folder = new();

    private PushFixture(SandboxInstance marketo, MarketoConnection connection, string? database)
    {
        Marketo = marketo;
        Connection = connection;
        Journal = (database ?? TestJournal.Usual) == TestJournal.Sqlite ? JournalAddress.Of(Folder) : Tests.Journal.Postgres.PostgresServer.Shared.NewJournal() with { Folder = Folder };
    }

    public SandboxInstance Marketo { get; }

    public MarketoConnection Connection { get; }

    public string Folder => _folder.Path;

    /// <summary>The journal of the pushes.</summary>
    public JournalAddress Journal { get; }

    public IReadOnlyList<SegmentMapping> Mapping { get; set; } =
        [new("email", "email", "Email"), new("first", "firstName"), new("last", "lastName"), new("company", "company")];

    public Delivery Delivery { get; set; } = Delivery.Auto;

    public int MaxFileBytes { get; set; } = 9_900_000;

    public TimeSpan WaitForList { get; set; }

    /// <summary>Tests of single rows have few others; ArrivalTests say what the usual limit does.</summary>
    public int MaxRejectPercent { get; set; } = 100;

    public string? RejectPath { get; set; }

    /// <summary>Whether all rows have come before the push starts, so that a stop can't cut the pipeline off.</summary>
    public bool HasAllRowsAtStart { get; set; }

    public JournalIdentity JournalIdentity { get; set; }

    public string List { get; set; } = "1021";

    public int SyncUpTo { get; set; } = 20_000;

    public int LeastPeoplePerFile { get; set; } = 1_500;

    public List<PushEvent> Events { get; } = [];

    /// <summary>Starts an empty instance and connects to it.</summary>
    public static async Task<PushFixture> StartAsync(SandboxOptions? options = null, TimeProvider? time = null, int concurrency = 5, int callsPer20Seconds = 100, long dailyCallQuota = 50_000, string? database = null)
    {
        options ??= new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null };
        var marketo = SandboxInstance.Start(options with { People = 0 });
        return new PushFixture(marketo, await ConnectAsync(marketo, time, concurrency, callsPer20Seconds, dailyCallQuota), database);
    }

    /// <summary>Makes a connection, as another process would have one of its own.</summary>
    public static async Task<MarketoConnection> ConnectAsync(
        SandboxInstance marketo, TimeProvider? time = null, int concurrency = 5, int callsPer20Seconds = 100, long dailyCallQuota = 50_000, int retryLimit = 6, Uri? endpoint = null)
    {
        var secret = new SecureString();
        foreach (char c in marketo.Options.ClientSecret) secret.AppendChar(c);
        return await MarketoConnection.ConnectAsync(new MarketoConnectionOptions
        {
            Endpoint = endpoint ?? marketo.Endpoint,
            ClientId = marketo.Options.ClientId,
            ClientSecret = secret,
            CallsPer20Seconds = callsPer20Seconds,
            MaxConcurrency = concurrency,
            DailyCallQuota = dailyCallQuota,
            RetryLimit = retryLimit,
            CallTimeout = TimeSpan.FromHours(1),
            TimeProvider = time ?? TimeProvider.System,
        });
    }

    /// <summary>Adds people who exist already.</summary>
    public int[] Exist(params string[] addresses) =>
        [.. addresses.Select(address => Marketo.AddPerson(new Dictionary<string, object?> { ["email"] = address }))];

    /// <summary>Pushes rows of email, first, last, company.</summary>
    public async Task<PushStatus> PushAsync(
        PersonCreation creation,
        IEnumerable<string[]> rows,
        ExistingPeople? existing = null,
        string? partition = null,
        Action<PushEvent>? happened = null,
        CancellationToken cancellation = default)
    {
        return await PushAsync(OptionsFor(creation, existing, partition), Rows(rows), happened, cancellation);
    }

    /// <summary>Pushes as the options say.</summary>
    public Task<PushStatus> PushAsync(PushOptions options, IEnumerable<string[]> rows) => PushAsync(options, Rows(rows), null, CancellationToken.None);

    /// <summary>Pushes a file.</summary>
    public Task<PushStatus> PushFileAsync(
        PersonCreation creation, string path, Action<PushEvent>? happened = null, CancellationToken cancellation = default) =>
        PushAsync(OptionsFor(creation), PushSource.OpenFile(path, FormOptions.None), happened, cancellation);

    /// <summary>Pushes a file as the options say.</summary>
    public Task<PushStatus> PushFileAsync(PushOptions options, string path) =>
        PushAsync(options, PushSource.OpenFile(path, FormOptions.None), null, CancellationToken.None);

    /// <summary>Goes on with a push.</summary>
    public Task<PushStatus> ResumeAsync(
        Guid id, MarketoConnection? connection = null, JournalAddress? journal = null, Action<PushEvent>? happened = null, CancellationToken cancellation = default) => WatchAsync(
        Push.ResumeAsync(
            new ResumeOptions { Connection = connection ?? Connection, Journal = journal ?? Journal, Bulk = OptionsFor(PersonCreation.MatchExisting).Bulk },
            id,
            cancellation),
        happened);

    private Task<PushStatus> PushAsync(PushOptions options, PushSource source, Action<PushEvent>? happened, CancellationToken cancellation) =>
        WatchAsync(Push.RunAsync(options, [source], cancellation), happened);

    public async Task<PushStatus> WatchAsync(IAsyncEnumerable<PushEvent> events, Action<PushEvent>? happened)
    {
        PushEnded? ended = null;
        await foreach (var e in events)
        {
            Events.Add(e);
            happened?.Invoke(e);
            ended = e as PushEnded ?? ended;
        }

        Assert.NotNull(ended);
        Error = ended.Error;
        Assert.Equal(ended.Status.Received, ended.Status.Activated + ended.Status.Excluded + ended.Status.Failed);
        return ended.Status;
    }

    public Task<PushPlan> PlanAsync(PersonCreation creation, IEnumerable<string[]> rows) =>
        PushPlanner.PlanAsync(OptionsFor(creation), [Rows(rows)], CancellationToken.None);

    /// <summary>Why the last push did not complete.</summary>
    public SegmentPushException? Error { get; private set; }

    /// <summary>What became of a row.</summary>
    public PersonStatus PersonOf(PushStatus push, long row)
    {
        using var journal = PushJournal.Open(Journal);
        return journal.People.Get(push.Id, Enum.GetValues<PersonOutcome>()).Single(person => person.Number == row);
    }

    /// <summary>The addresses on the list, in order.</summary>
    public string[] Members() =>
        [.. Marketo.GetMembers(ListId).Select(id => Marketo.FindPerson(id)!["email"]!).Order(StringComparer.Ordinal)];

    /// <summary>Calls of the push itself: those that find the day's use, fields, list and partition are left out.</summary>
    public IReadOnlyDictionary<string, int> Calls() => Marketo.Calls
        .Where(call => !call.Path.Contains("describe", StringComparison.Ordinal)
            && !call.Path.Contains("partitions", StringComparison.Ordinal)
            && !call.Path.Contains("usage", StringComparison.Ordinal)
            && !(call.Method == "GET" && call.Path.StartsWith("/rest/v1/lists", StringComparison.Ordinal))
            && !call.Path.StartsWith("/identity", StringComparison.Ordinal))
        .GroupBy(call => call.Path == "/bulk/v1/leads.json" ? "import"
            : call.Path.StartsWith("/bulk", StringComparison.Ordinal) ? "poll"
            : call.Path.StartsWith("/rest/v1/lists", StringComparison.Ordinal) ? "add"
            : call.Query.Contains("_method=GET", StringComparison.Ordinal) ? "lookup" : "sync")
        .ToDictionary(group => group.Key, group => group.Count());

    public async ValueTask DisposeAsync()
    {
        Assert.True(Marketo.Violations.Count == 0, string.Join("\n", Marketo.Violations));
        Connection.Dispose();
        Marketo.Dispose();
        _folder.Dispose();
        await Task.CompletedTask;
    }

    public PushOptions OptionsFor(PersonCreation creation, ExistingPeople? existing = null, string? partition = null) => new()
    {
        Connection = Connection,
        StaticList = StaticListReference.Parse(List),
        Mapping = Mapping,
        PersonCreation = creation,
        ExistingPeople = existing ?? PushOptions.DefaultFor(creation),
        Partition = partition,
        Delivery = Delivery,
        Bulk = new BulkOptions { FirstPoll = TimeSpan.FromMilliseconds(20), MaxFileBytes = MaxFileBytes, SyncUpTo = SyncUpTo, LeastPeoplePerFile = LeastPeoplePerFile },
        WaitForList = WaitForList,
        MaxRejectPercent = MaxRejectPercent,
        RejectPath = RejectPath,
        Journal = Journal,
        JournalIdentity = JournalIdentity,
    };

    public PushSource Rows(IEnumerable<string[]> rows)
    {
        var source = PushSource.Pipeline(Journal, ["email", "first", "last", "company"]);
        if (HasAllRowsAtStart) Fill();
        else _ = Task.Run(Fill);
        return source;

        void Fill()
        {
            foreach (var cells in rows) source.Spool!.Add([.. cells, .. new string?[4 - cells.Length]], "");
            source.Spool!.Complete();
        }
    }
}
