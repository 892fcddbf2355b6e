using System.Diagnostics;
using Npgsql;
using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>Pushes with a journal in a real PostgreSQL that fails in every way that passes by itself. Each waits, and reaches everybody once.</summary>
public sealed class DatabaseFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    // Enough calls that the push still runs when the fault has passed.
    private int _people = 3_000;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("58030", "JournalNotWritable")]
    [InlineData("XX001", "JournalDamaged")]
    [InlineData("XX002", "JournalDamaged")]
    public void A_fault_of_the_servers_disk_says_what_to_do(string sqlState, string errorId)
    {
        var address = PostgresAddress.Parse("postgresql://pusher@db.example/journal", mayHoldPassword: false);

        var error = PostgresErrors.Map(address, new PostgresException("could not read block 7", "ERROR", "ERROR", sqlState));

        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(errorId == "JournalDamaged" ? "back-up" : "server", error.RecommendedAction, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public Task Statements_that_time_out_are_waited_out() => PushThroughAsync(PostgresServer.StartOwn, async server =>
    {
        server.Execute("ALTER ROLE pusher SET statement_timeout = '1s'");
        server.EndConnections();
        await using var held = server.Connect("journal_of_test");
        await using var transaction = await held.BeginTransactionAsync(Cancelled);
        await using (var take = new NpgsqlCommand("LOCK TABLE segmentpush.person, segmentpush.push IN ACCESS EXCLUSIVE MODE", held, transaction)) await take.ExecuteNonQueryAsync(Cancelled);
        await Task.Delay(4_000, Cancelled);
    });

    [Fact]
    public Task A_server_without_free_connections_is_waited_out() => PushThroughAsync(PostgresServer.StartOwn, async server =>
    {
        server.Execute("ALTER ROLE pusher CONNECTION LIMIT 0");
        server.EndConnections();
        await Task.Delay(2_000, Cancelled);
        server.Execute("ALTER ROLE pusher CONNECTION LIMIT -1");
    });

    [Fact]
    public Task A_database_that_can_only_be_read_for_a_while_is_waited_out() => PushThroughAsync(PostgresServer.StartOwn, async server =>
    {
        server.Execute("ALTER ROLE pusher SET default_transaction_read_only = on");
        server.EndConnections();
        await Task.Delay(2_000, Cancelled);
        server.Execute("ALTER ROLE pusher RESET default_transaction_read_only");
    });

    [Fact]
    public Task A_disk_of_the_database_that_is_full_for_a_while_is_waited_out()
    {
        _people = 6_000;
        return PushThroughAsync(() => PostgresServer.StartOnSmallDisk(160), async server =>
        {
            server.FillDisk();
            await Task.Delay(3_000, Cancelled);
            server.FreeDisk();

            // Where the server could not write its log it has ended.
            if (!server.IsUp()) server.Start();
            Assert.Contains("No space left", server.ReadLog(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public Task A_server_that_is_killed_is_waited_out() => PushThroughAsync(PostgresServer.StartOwn, async server =>
    {
        server.Kill();
        await Task.Delay(1_000, Cancelled);
        server.Start();
    });

    [Fact]
    public async Task A_failover_to_another_server_is_waited_out()
    {
        using var primary = PostgresServer.StartOwn();
        using var standby = PostgresServer.StartStandbyOf(primary);
        primary.NewJournal("journal_of_test");
        var both = PostgresAddress.Parse(
            $"Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port};Database=journal_of_test;Username=owner;Target Session Attributes=primary", mayHoldPassword: false);
        await PushAsync(both, async () =>
        {
            primary.Kill();
            await Task.Delay(1_000, Cancelled);
            standby.Promote();
        });
    }

    [Fact]
    public async Task A_server_that_stays_away_interrupts_the_push_after_the_time_for_it_and_a_resume_completes_it()
    {
        using var server = PostgresServer.StartOwn();
        using var marketo = StartMarketo();
        var address = server.NewJournal() with { Folder = _folder.Path, Timeout = TimeSpan.FromSeconds(3) };
        using var connection = await PushFixture.ConnectAsync(marketo);
        var stopping = StopAsync();
        async Task<(int Calls, Stopwatch Since)> StopAsync()
        {
            await WaitForCallsAsync(marketo, 6);
            server.Stop("immediate");
            await Task.Delay(500, Cancelled);
            return (marketo.Calls.Count, Stopwatch.StartNew());
        }

        var error = await Assert.ThrowsAsync<SegmentPushException>(() => EndOfAsync(Push.RunAsync(OptionsFor(connection, address), [Source()], Cancelled)));
        var (calls, since) = await stopping;

        Assert.Equal(("JournalUnreachable", 2), (error.ErrorId, error.ExitCode));
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 15);
        Assert.Equal(calls, marketo.Calls.Count);

        server.Start();
        PushStatus status;
        using (var journal = PushJournal.Open(address))
        {
            status = Assert.Single(journal.History.Get(new PushFilter()));
            server.Execute("UPDATE segmentpush.session SET expires = clock_timestamp() WHERE NOT is_over AND process_id <> 0", address.ToString().Split('/')[^1]);
            status = journal.History.Get(status.Id);
            Assert.Equal(PushState.Interrupted, status.State);
        }

        using var later = await PushFixture.ConnectAsync(marketo, new ShortWaits());
        (status, var left) = await EndOfAsync(Push.ResumeAsync(new ResumeOptions { Connection = later, Journal = address }, status.Id, Cancelled));
        Assert.Null(left);
        AssertExact(marketo, address, status);
    }

    private async Task PushThroughAsync(Func<PostgresServer> start, Func<PostgresServer, Task> fault)
    {
        using var server = start();
        server.NewJournal("journal_of_test");
        server.Execute("CREATE ROLE pusher LOGIN IN ROLE segmentpush_pusher");
        await PushAsync(server.AddressOf("journal_of_test", "pusher"), () => fault(server));
    }

    private async Task PushAsync(PostgresAddress address, Func<Task> fault)
    {
        using var marketo = StartMarketo();
        address = address with { Folder = _folder.Path, Timeout = TimeSpan.FromSeconds(60) };
        using var connection = await PushFixture.ConnectAsync(marketo);
        var failing = Task.Run(
            async () =>
            {
                await WaitForCallsAsync(marketo, 6);
                await fault();
                return marketo.Calls.Count;
            },
            Cancelled);

        var (status, error) = await EndOfAsync(Push.RunAsync(OptionsFor(connection, address), [Source()], Cancelled));

        Assert.Null(error);
        int calls = await failing;
        Assert.True(marketo.Calls.Count > calls, "The push had ended before the fault.");
        AssertExact(marketo, address, status);
    }

    private static PushOptions OptionsFor(MarketoConnection connection, PostgresAddress address) => new()
    {
        Connection = connection,
        StaticList = StaticListReference.Parse("1021"),
        Mapping = [new("email", "email", "Email"), new("first", "firstName")],
        PersonCreation = PersonCreation.MatchExistingAndCreateMissing,
        ExistingPeople = ExistingPeople.Update,
        Delivery = Delivery.Sync,
        Journal = address,
    };

    private PushSource Source()
    {
        string file = _folder.File("people.csv");
        File.WriteAllLines(file, ["email,first", .. Enumerable.Range(0, _people).Select(i => $"person{i}@example.com,Name{i}")]);
        return PushSource.OpenFile(file, new FormOptions());
    }

    private void AssertExact(SandboxInstance marketo, PostgresAddress address, PushStatus status)
    {
        Assert.Equal((PushState.Completed, (long)_people, 0L), (status.State, status.Activated, status.NotDelivered));
        Assert.Equal((_people, _people), (marketo.PersonCount, marketo.GetMembers(1021).Count));
        using var journal = PushJournal.Open(address);
        Assert.Equal(_people, journal.People.Get(status.Id, Enum.GetValues<PersonOutcome>()).Count());
        Assert.Empty(marketo.Violations);
    }

    private static SandboxInstance StartMarketo() => SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(150) });

    private static async Task WaitForCallsAsync(SandboxInstance marketo, int calls)
    {
        while (marketo.Calls.Count(call => !call.Path.StartsWith("/identity", StringComparison.Ordinal)) < calls) await Task.Delay(2, Cancelled);
    }

    private static async Task<(PushStatus Status, SegmentPushException? Error)> EndOfAsync(IAsyncEnumerable<PushEvent> events)
    {
        PushEnded? ended = null;
        await foreach (var happened in events) ended = happened as PushEnded ?? ended;
        return (ended!.Status, ended.Error);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
