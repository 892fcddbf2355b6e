using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Journal;
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
