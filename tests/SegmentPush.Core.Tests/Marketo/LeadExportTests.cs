using System.Globalization;
using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Marketo;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Marketo;

/// <summary>The people of a static list are exported in bulk.</summary>
public sealed class LeadExportTests
{
    private const string Path = "/bulk/v1/leads/export/";

    [Fact]
    public async Task Everybody_on_the_list_comes_with_id_and_identity()
    {
        await using var it = await StartAsync();
        int[] people = Fill(it, 2500);
        it.Exist("stranger@example.com");
        it.Connection.Exports.PieceBytes = 10_000;

        string id = await it.Connection.Exports.CreateAsync(PushFixture.ListId, ["id", "email"], TestContext.Current.CancellationToken);
        Assert.Equal(ExportState.Created, (await GetAsync(it, id)).State);
        await it.Connection.Exports.EnqueueAsync(id, TestContext.Current.CancellationToken);
        var status = await EndAsync(it, id);

        Assert.Equal((ExportState.Completed, 2500L), (status.State, status.Records));
        Assert.NotNull(status.Checksum);
        var listed = await ReadAsync(it, id, status);
        Assert.Equal(people.Select((person, i) => new ListedPerson(person, AddressOf(i))).OrderBy(p => p.Id), listed.OrderBy(p => p.Id));
        var files = it.Marketo.Calls.Count(call => call.Path.EndsWith("/file.json", StringComparison.Ordinal));
        Assert.Equal((status.FileSize!.Value + 9_999) / 10_000, files);
    }

    [Fact]
    public async Task A_member_without_identity_comes_with_none_and_an_empty_list_with_nobody()
    {
        await using var it = await StartAsync();
        Assert.Empty(await ExportAsync(it));

        int person = it.Marketo.AddPerson(new Dictionary<string, object?> { ["lastName"] = "x" });
        it.Marketo.AddToList(PushFixture.ListId, person);

        Assert.Equal(new ListedPerson(person, null), Assert.Single(await ExportAsync(it)));
    }

    [Fact]
    public async Task Queuing_twice_does_what_queuing_once_does()
    {
        await using var it = await StartAsync();
        Fill(it, 3);
        string id = await it.Connection.Exports.CreateAsync(PushFixture.ListId, ["id", "email"], TestContext.Current.CancellationToken);

        await it.Connection.Exports.EnqueueAsync(id, TestContext.Current.CancellationToken);
        await it.Connection.Exports.EnqueueAsync(id, TestContext.Current.CancellationToken);

        Assert.Equal(ExportState.Completed, (await EndAsync(it, id)).State);
    }

    [Fact]
    public async Task A_full_queue_is_told_and_passes()
    {
        await using var it = await StartAsync();
        string id = await it.Connection.Exports.CreateAsync(PushFixture.ListId, ["id", "email"], TestContext.Current.CancellationToken);
        it.Marketo.Inject(SandboxFault.Error("1029", "Too many jobs in queue") with { Path = $"{Path}{id}/enqueue.json", Times = 1 });

        var error = await Assert.ThrowsAsync<MarketoException>(() => it.Connection.Exports.EnqueueAsync(id, TestContext.Current.CancellationToken));

        Assert.Equal(("ExportQueueFull", MarketoErrorClass.QueueFull), (error.ErrorId, error.Class));
        await it.Connection.Exports.EnqueueAsync(id, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_export_of_a_list_or_with_an_id_that_is_not_there_is_refused()
    {
        await using var it = await StartAsync();

        await Assert.ThrowsAsync<MarketoException>(
            () => it.Connection.Exports.CreateAsync(77_777, ["id", "email"], TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<MarketoException>(() => GetAsync(it, "no-such-export"));
    }

    [Fact]
    public async Task With_faults_in_every_call_everybody_comes_once()
    {
        await using var it = await StartAsync();
        Fill(it, 2500);
        it.Connection.Exports.PieceBytes = 5_000;
        foreach (var fault in new[]
        {
            SandboxFault.Error("606", "Injected"), SandboxFault.Error("611", "Injected"), SandboxFault.Error("602", "Injected"),
            SandboxFault.HttpStatus(502), SandboxFault.BreakBefore(), SandboxFault.BreakAfter(), SandboxFault.Truncate(),
        }) it.Marketo.Inject(fault with { Share = 0.04 });

        var listed = await ExportAsync(it);

        Assert.Equal(2500, listed.Select(person => person.Id).Distinct().Count());
        Assert.Equal(2500, listed.Count);
    }

    private static Task<PushFixture> StartAsync()
    {
        var time = new HurriedTime();
        return PushFixture.StartAsync(new SandboxOptions { CallsPer20Seconds = null, ConcurrentCalls = null, TimeProvider = time }, time);
    }

    private static string AddressOf(int i) => string.Create(CultureInfo.InvariantCulture, $"p{i}+x@example.com");

    private static int[] Fill(PushFixture it, int count)
    {
        int[] people = it.Exist([.. Enumerable.Range(0, count).Select(AddressOf)]);
        foreach (int person in people) it.Marketo.AddToList(PushFixture.ListId, person);
        return people;
    }

    private static async Task<List<ListedPerson>> ExportAsync(PushFixture it)
    {
        string id = await it.Connection.Exports.CreateAsync(PushFixture.ListId, ["id", "email"], TestContext.Current.CancellationToken);
        await it.Connection.Exports.EnqueueAsync(id, TestContext.Current.CancellationToken);
        return await ReadAsync(it, id, await EndAsync(it, id));
    }

    private static Task<ExportStatus> GetAsync(PushFixture it, string id) => it.Connection.Exports.GetAsync(id, TestContext.Current.CancellationToken);

    private static async Task<ExportStatus> EndAsync(PushFixture it, string id)
    {
        while (true)
        {
            var status = await GetAsync(it, id);
            if (status.State != ExportState.UnderWay) return status;
            await Task.Delay(TimeSpan.FromSeconds(30), it.Connection.Time, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<List<ListedPerson>> ReadAsync(PushFixture it, string id, ExportStatus status)
    {
        var people = new List<ListedPerson>();
        await foreach (var batch in it.Connection.Exports.ReadAsync(id, status, TestContext.Current.CancellationToken)) people.AddRange(batch);
        return people;
    }
}
