using System.Security;
using SegmentPush.Destinations;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Segments;
using SegmentPush.Simulation.Faults;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Product;

/// <summary>Starts the product as its cmdlets do. Only the files of this folder know it.</summary>
internal sealed class ProductDriver(World world)
{
    private const string DestinationName = "Webinar";

    private readonly Target _target = world.Scenario.Target;

    /// <summary>Name of the column with the membership.</summary>
    public const string MembershipColumn = "segmentMembership.status";

    /// <summary>The columns of every source.</summary>
    public IReadOnlyList<string> Columns => ["identity", .. _target.Fields, MembershipColumn];

    /// <summary>File for the rejected rows of a day; null where none is asked for.</summary>
    public string? RejectPathOf(int day) => _target.WritesRejects ? Path.Combine(world.Folder, $"rejected{day}.csv") : null;

    /// <summary>Saves the destination, or changes its list.</summary>
    public void SaveDestination(long listId) => SavedDestinations.Save(world.Journal.View, DestinationOf(listId), world.Time.Now);

    /// <summary>Removes the destination.</summary>
    /// <returns>False where that is refused, because it is pushed to.</returns>
    public bool TryRemoveDestination()
    {
        try
        {
            world.Journal.View.Destinations.Remove(DestinationName);
            return true;
        }
        catch (SegmentPushException e) when (e.ErrorId == "DestinationBusy")
        {
            return false;
        }
    }

    /// <summary>Pushes a segment.</summary>
    /// <param name="process">The process.</param>
    /// <param name="day">The day.</param>
    /// <param name="dayNumber">Its number.</param>
    /// <param name="paths">The day's files; none for a pipeline.</param>
    /// <param name="delivery">How Marketo is reached.</param>
    /// <param name="force">Whether the guard lets everything through.</param>
    public Task<ProcessEnd> PushAsync(
        SimulatedProcess process, Day day, int dayNumber, IReadOnlyList<string> paths, DeliveryKind delivery, bool force) =>
        RunAsync(process, connection =>
        {
            var destination = _target.Mode is null ? null : FindDestination();
            var sources = day.IsPipeline ? [OpenPipeline(process, day)] : OpenFiles(paths, mayBeEmpty: destination is not null);
            var options = new PushOptions
            {
                Connection = connection,
                StaticList = StaticListReference.Of(destination?.StaticListId ?? Marketo.Instance.ListId, string.Empty),
                Mapping = Mapping(),
                PersonCreation = Creation,
                ExistingPeople = Existing,
                Delivery = (Delivery)delivery,
                Bulk = Bulk,
                RejectPath = RejectPathOf(dayNumber),
                JournalIdentity = _target.HashesIdentities ? JournalIdentity.Hash : JournalIdentity.Plain,
                Journal = world.Journal.Address,
                Destination = destination is null ? null : new DestinationOptions(destination)
                {
                    Force = force,
                    Verify = world.Scenario.Verifies(day),
                    Resync = day.Resync,
                },
            };
            return Push.RunAsync(options, sources, process.Cancelled);
        });

    /// <summary>Resumes a push.</summary>
    public Task<ProcessEnd> ResumeAsync(SimulatedProcess process, Guid id) =>
        RunAsync(process, connection => Push.ResumeAsync(Resuming(connection), id, process.Cancelled));

    /// <summary>Takes a push back.</summary>
    public Task<ProcessEnd> UndoAsync(SimulatedProcess process, Guid id) => RunAsync(
        process, connection => Push.UndoAsync(new UndoOptions { Sending = Resuming(connection), Force = true, Alone = true }, id, process.Cancelled));

    private PersonCreation Creation => _target.Creates ? PersonCreation.MatchExistingAndCreateMissing : PersonCreation.MatchExisting;

    private ExistingPeople Existing => _target.Updates ? ExistingPeople.Update : ExistingPeople.Keep;

    private BulkOptions Bulk => new() { SyncUpTo = _target.SyncUpTo, PagesUpTo = _target.PagesUpTo };

    private ResumeOptions Resuming(MarketoConnection connection) => new() { Connection = connection, Bulk = Bulk, Journal = world.Journal.Address };

    private SegmentMapping[] Mapping() =>
    [
        new("identity", world.IdentityField, _target.Identity == IdentityKind.Email ? "Email" : "Customer"),
        .. _target.Fields.Select(field => new SegmentMapping(field, field)),
    ];

    private SegmentDestination DestinationOf(long listId) => new()
    {
        Name = DestinationName,
        Instance = Endpoint.Authority,
        StaticListId = listId,
        StaticListName = "List",
        Mapping = Mapping(),
        PersonCreation = Creation,
        ExistingPeople = Existing,
        Delivery = (Delivery)_target.Delivery,
        Mode = (PushMode)_target.Mode!,
        MaxRemovalPercent = _target.MaxRemovalPercent,
        MaxShrinkPercent = _target.MaxShrinkPercent,
        TimeZone = "Europe/Paris",
    };

    private SegmentDestination FindDestination() => SavedDestinations.GetUncounted(world.Journal.View, DestinationName);

    private static List<PushSource> OpenFiles(IReadOnlyList<string> paths, bool mayBeEmpty)
    {
        var sources = new List<PushSource>();
        try
        {
            foreach (string path in paths) sources.Add(PushSource.OpenFile(path, new FormOptions { MayBeEmpty = mayBeEmpty }));
            return sources;
        }
        catch
        {
            foreach (var source in sources) source.Dispose();
            throw;
        }
    }

    private PushSource OpenPipeline(SimulatedProcess process, Day day)
    {
        var source = PushSource.Pipeline(world.Journal.Address, Columns, process.Host);
        foreach (var row in day.Files.SelectMany(rows => rows)) source.Spool!.Add([row.Identity, .. row.Values, row.Status], string.Empty);
        if (!day.IsHalfPipeline) source.Spool!.Complete();

        // The file system has a clock of its own.
        File.SetLastWriteTimeUtc(source.Spool!.Path, world.WallClock.UtcDateTime);
        return source;
    }

    private static Uri Endpoint { get; } = new("https://simulated.example");

    private async Task<MarketoConnection> ConnectAsync(SimulatedProcess process)
    {
        using var secret = new SecureString();
        foreach (char c in "secret") secret.AppendChar(c);
        return await MarketoConnection.ConnectAsync(new MarketoConnectionOptions
        {
            Endpoint = Endpoint,
            ClientId = "client",
            ClientSecret = secret,
            MaxConcurrency = _target.Concurrency,
            CallsPer20Seconds = _target.CallsPer20Seconds,
            RetryLimit = _target.RetryLimit,
            TimeProvider = process.Host.Time,
            Host = process.Host,
        }).ConfigureAwait(false);
    }

    private async Task<ProcessEnd> RunAsync(SimulatedProcess process, Func<MarketoConnection, IAsyncEnumerable<PushEvent>> start)
    {
        var texts = new List<string>();
        var began = world.Time.Elapsed;
        PushStatus? status = null;
        SegmentPushException? error = null;
        Exception? crash = null;
        try
        {
            using var connection = await ConnectAsync(process).ConfigureAwait(false);
            await foreach (var happened in start(connection).ConfigureAwait(false))
            {
                if (happened is PushWarned { Message: var warning }) texts.Add(warning.English);
                if (happened is PushStarted started) status = started.Status;
                if (happened is not PushEnded ended) continue;
                (status, error) = (ended.Status, ended.Error);
            }
        }
        catch (SegmentPushException e)
        {
            error = e;
        }
        catch (Exception e)
        {
            crash = e;
        }

        for (Exception? cause = error; cause is not null; cause = cause.InnerException) texts.Add(cause.Message);
        if (status?.Reason is { } reason) texts.Add(reason);
        return new ProcessEnd
        {
            WasStopped = process.IsStopped,
            ErrorId = error?.ErrorId,
            ErrorExitCode = error?.ExitCode,
            Crash = process.IsStopped || (crash is OperationCanceledException && process.IsCancelled) ? null : TextOf(crash),
            PushId = status?.Id,
            State = status?.State.ToString(),
            ExitCode = status?.ExitCode,
            Texts = texts,
            Calls = world.Marketo.Calls.Count(call => call.Process == process.Number && call.Kind != CallKind.Token),
            Took = world.Time.Elapsed - began,
        };
    }

    // The method that threw tells one crash from another.
    private static string? TextOf(Exception? crash) => crash is null ? null : $"{crash.GetType().Name} in {crash.TargetSite?.DeclaringType?.Name}.{crash.TargetSite?.Name}";
}
