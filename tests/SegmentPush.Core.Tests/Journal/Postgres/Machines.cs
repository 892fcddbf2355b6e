using System.Diagnostics;
using System.Globalization;
using SegmentPush.Core.Tests.Pushes;
using SegmentPush.Journal;
using SegmentPush.Journal.Postgres;
using SegmentPush.Pushes;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Journal.Postgres;

/// <summary>
/// Machines with one journal and one instance. A machine is a process of the built module with a folder of its own.
/// </summary>
internal sealed class Machines : IDisposable
{
    /// <summary>How many people a segment has.</summary>
    public const int People = 1_500;

    private readonly TemporaryFolder _folder = new();

    /// <summary>The folder in which each machine has its own.</summary>
    public string Folder => _folder.Path;

    public void Dispose() => _folder.Dispose();

    /// <summary>Starts a machine.</summary>
    public Process Start(SandboxInstance marketo, PostgresAddress address, string machine, string script, string pace = "-CallsPer20Seconds 100") => BuiltModule.Start(
        _folder.Path,
        $$"""
        $secret = [securestring]::new(); foreach ($c in '{{marketo.Options.ClientSecret}}'.ToCharArray()) { $secret.AppendChar($c) }
        Connect-MarketoLaunchpoint -Endpoint {{marketo.Endpoint}} -ClientId {{marketo.Options.ClientId}} -ClientSecret $secret {{pace}}
        {{script}}
        """,
        ("SEGMENTPUSH_HOME", Path.Combine(_folder.Path, machine)),
        ("SEGMENTPUSH_JOURNAL", address + "?sslmode=disable"));

    /// <summary>A script that pushes a file.</summary>
    public static string PushOf(string file, int list = 1021, string more = "") =>
        $"Invoke-SegmentPush -Path '{file}' -StaticList {list} -Mapping @{{ email = 'email'; first = 'firstName' }} -PersonCreation MatchExistingAndCreateMissing -Delivery Sync {more}";

    /// <summary>A script that pushes the rows of a file through a pipeline.</summary>
    public static string PipeOf(string file) => $"Import-Csv '{file}' | {PushOf(file).Replace($"-Path '{file}' ", string.Empty, StringComparison.Ordinal)}";

    /// <summary>Writes a file with people.</summary>
    public string WriteSegment(string name, int people, int first = 0)
    {
        string file = _folder.File($"{name}.csv");
        File.WriteAllLines(file, ["email,first", .. Enumerable.Range(first, people).Select(i => $"{AddressOf(i)},Name{i}")]);
        return file;
    }

    /// <summary>A person's address.</summary>
    public static string AddressOf(int i) => string.Create(CultureInfo.InvariantCulture, $"person{i}@example.com");

    /// <summary>Waits until a machine has made so many calls.</summary>
    public static async Task WaitForCallsAsync(SandboxInstance marketo, Process process, int calls)
    {
        while (!process.HasExited && marketo.Calls.Count(call => !call.Path.StartsWith("/identity", StringComparison.Ordinal)) < calls) await Task.Delay(1);
    }

    /// <summary>Resumes a push in this process, as a machine of its own.</summary>
    public Task<(PushStatus Status, SegmentPushException? Error)> ResumeHereAsync(SandboxInstance marketo, PostgresAddress address, Guid id) => Task.Run(async () =>
    {
        using var connection = await PushFixture.ConnectAsync(marketo, new ShortWaits());
        return await EndOfAsync(Push.ResumeAsync(new ResumeOptions { Connection = connection, Journal = AddressHere(address) }, id, Cancelled));
    });

    /// <summary>How a push ends.</summary>
    public static async Task<(PushStatus Status, SegmentPushException? Error)> EndOfAsync(IAsyncEnumerable<PushEvent> events)
    {
        PushEnded? ended = null;
        await foreach (var happened in events) ended = happened as PushEnded ?? ended;
        return (ended!.Status, ended.Error);
    }

    /// <summary>The address of a journal for this process, with its own part beside the shared journal.</summary>
    public PostgresAddress AddressHere(PostgresAddress address) => address with { Folder = Path.Combine(_folder.Path, "here") };

    /// <summary>Checks that everybody was reached once.</summary>
    public static void AssertExact(SandboxInstance marketo, PushJournal journal, PushStatus status)
    {
        Assert.Equal((PushState.Completed, (long)People, 0L), (status.State, status.Activated, status.NotDelivered));
        Assert.Equal(
            Enumerable.Range(0, People).Select(AddressOf).Order(StringComparer.Ordinal),
            marketo.GetMembers(1021).Select(id => marketo.FindPerson(id)!["email"]!).Order(StringComparer.Ordinal));
        Assert.Equal(People, marketo.PersonCount);
        Assert.Equal(People, journal.People.Get(status.Id, Enum.GetValues<PersonOutcome>()).Count());
        Assert.Empty(marketo.Violations);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
