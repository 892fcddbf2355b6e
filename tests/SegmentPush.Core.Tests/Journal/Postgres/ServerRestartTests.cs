using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;
using SegmentPush.Segments;
using static SegmentPush.Core.Tests.Journal.Postgres.Machines;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>Pushes whose server restarts, again and again.</summary>
public sealed class ServerRestartTests(ITestOutputHelper output) : IDisposable
{
    private readonly Machines _machines = new();

    public void Dispose() => _machines.Dispose();

    [Theory]
    [InlineData("backends")]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task A_push_outlives_its_connections_and_restarts_of_the_server(string fault)
    {
        using var server = PostgresServer.StartOwn();
        using var marketo = SandboxInstance.Start(new SandboxOptions { People = 0, CallsPer20Seconds = null, ConcurrentCalls = null, Latency = TimeSpan.FromMilliseconds(60) });
        var address = server.NewJournal();
        string file = _machines.WriteSegment(fault, People);
        using var connection = await PushFixture.ConnectAsync(marketo);
        var options = new PushOptions
        {
            Connection = connection,
            StaticList = StaticListReference.Parse("1021"),
            Mapping = [new("email", "email", "Email"), new("first", "firstName")],
            PersonCreation = PersonCreation.MatchExistingAndCreateMissing,
            ExistingPeople = ExistingPeople.Update,
            Delivery = Delivery.Sync,
            Journal = _machines.AddressHere(address),
        };
        using var over = new CancellationTokenSource();
        var breaking = Task.Run(() => BreakAsync(server, fault, marketo, over.Token), Cancelled);

        var (status, error) = await EndOfAsync(Push.RunAsync(options, [PushSource.OpenFile(file, new FormOptions())], Cancelled));
        await over.CancelAsync();
        int broken = await breaking;

        output.WriteLine($"{fault}: {broken} times");
        Assert.True(broken > 0);
        Assert.Null(error);
        using var journal = PushJournal.Open(_machines.AddressHere(address));
        AssertExact(marketo, journal, status);
    }

    [Fact]
    public async Task A_process_whose_lease_could_not_be_renewed_goes_on_once_the_server_lets_it_in()
    {
        using var server = PostgresServer.StartOwn();
        server.NewJournal("lease");
        server.Execute(
            """
            CREATE ROLE plain LOGIN; GRANT ALL ON SCHEMA segmentpush TO plain;
            GRANT ALL ON ALL TABLES IN SCHEMA segmentpush TO plain; GRANT ALL ON ALL SEQUENCES IN SCHEMA segmentpush TO plain
            """,
            "lease");
        using var lease = ProcessLease.Open(server.AddressOf("lease", "plain") with { Timeout = TimeSpan.FromSeconds(1) }, ProcessHost.Machine);

        // No call has seen yet that the connection is lost, and the server refuses a new one.
        server.Execute("ALTER ROLE plain CONNECTION LIMIT 0");
        server.EndConnections();
        var refused = Assert.Throws<SegmentPushException>(() => lease.ThrowIfLost(ProcessLease.Duration));
        await Task.Delay(TimeSpan.FromSeconds(2), Cancelled);
        server.Execute("ALTER ROLE plain CONNECTION LIMIT -1");

        Assert.Equal("JournalUnreachable", refused.ErrorId);
        for (int i = 0; i < 50 && lease.Left == TimeSpan.Zero; i++) await Task.Delay(TimeSpan.FromMilliseconds(200), Cancelled);
        lease.ThrowIfLost(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_process_whose_lease_is_renewed_late_shows_all_the_time_that_it_lives()
    {
        const string Alive = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 1398099027 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        var address = PostgresServer.Shared.NewJournal();
        string database = address.ToString().Split('/')[^1];
        PostgresServer.Shared.Execute($"ALTER DATABASE {database} SET statement_timeout = '300ms'", database);
        using var lease = ProcessLease.Open(address, ProcessHost.Machine);
        await using var looker = PostgresServer.Shared.Connect(database);
        int first = Ask<int>(looker, Alive);

        // The main connection takes long to commit what it has written, so that the row of the process is locked.
        Assert.Equal(lease.Key, Ask<int>(looker, "BEGIN; SELECT session_key FROM segmentpush.session FOR UPDATE"));
        for (int i = 0; i < 100 && lease.Left > TimeSpan.Zero; i++) await Task.Delay(TimeSpan.FromMilliseconds(200), Cancelled);
        Assert.Equal(TimeSpan.Zero, lease.Left);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancelled);
        Assert.Equal(first, Ask<int>(looker, Alive));

        Ask<int>(looker, "ROLLBACK; SELECT 1");
        for (int i = 0; i < 50 && lease.Left == TimeSpan.Zero; i++) await Task.Delay(TimeSpan.FromMilliseconds(200), Cancelled);
        Assert.NotEqual(TimeSpan.Zero, lease.Left);
        Assert.Equal(first, Ask<int>(looker, Alive));
    }

    private static T Ask<T>(Npgsql.NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // A text of a test.
        using var command = new Npgsql.NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (T)command.ExecuteScalar()!;
    }

    private static async Task<int> BreakAsync(PostgresServer server, string fault, SandboxInstance marketo, CancellationToken over)
    {
        while (marketo.Calls.Count < 5) await Task.Delay(5, CancellationToken.None);
        int times = 0;
        do
        {
            if (fault == "backends")
            {
                server.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'SegmentPush%'");
                times++;
                await Task.Delay(250, CancellationToken.None);
            }
            else
            {
                server.Stop(fault);
                server.Start();
                times++;
                await Task.Delay(500, CancellationToken.None);
            }
        }
        while (!over.IsCancellationRequested && times < 5);
        return times;
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
