using System.Globalization;
using SegmentPush.Journal;
using SegmentPush.Sandbox;

namespace SegmentPush.Core.Tests.Pushes;

/// <summary>Several processes with the built module at once, beside one journal.</summary>
public sealed class ProcessTests
{
    private const int People = 1_500;

    [Fact]
    public async Task Three_that_push_into_one_list_take_turns()
    {
        using var folder = new TemporaryFolder();
        using var marketo = Marketo();
        string home = Path.Combine(folder.Path, "home");

        string[] said = await RunAsync(3, marketo, folder.Path, home, i =>
            $"(Invoke-SegmentPush -Path '{Segment(folder.Path)}' -StaticList 1021 -Mapping @{{ email = 'email' }} -PersonCreation MatchExistingAndCreateMissing -WaitForList 0:2 -WarningAction SilentlyContinue).State");

        Assert.All(said, text => Assert.Equal("Completed", text.Trim()));
        Assert.Equal((People, People), (marketo.PersonCount, marketo.GetMembers(1021).Count));
        using var journal = PushJournal.Open(home);
        Assert.Equal([0L, 0L, People], journal.History.Get(new PushFilter()).Select(push => push.Created).Order());
    }

    [Fact]
    public async Task Two_that_create_the_same_people_into_two_lists_make_nobody_twice()
    {
        using var folder = new TemporaryFolder();
        using var marketo = Marketo();

        await RunAsync(2, marketo, folder.Path, Path.Combine(folder.Path, "home"), i =>
            $"(Invoke-SegmentPush -Path '{Segment(folder.Path)}' -StaticList {1021 + i} -Mapping @{{ email = 'email' }} -PersonCreation MatchExistingAndCreateMissing -Delivery {(i == 0 ? "Sync" : "Bulk")} -WarningAction SilentlyContinue).State");

        Assert.Equal((People, People, People), (marketo.PersonCount, marketo.GetMembers(1021).Count, marketo.GetMembers(1022).Count));
    }

    [Fact]
    public async Task Three_stay_together_inside_what_Marketo_permits()
    {
        using var folder = new TemporaryFolder();
        using var marketo = SandboxInstance.Start(new SandboxOptions { CallsPer20Seconds = 20, ConcurrentCalls = 2, Latency = TimeSpan.FromMilliseconds(30) });
        marketo.AddStaticList("Third", 1023);
        marketo.AddPerson(new Dictionary<string, object?> { ["email"] = "somebody0@example.com" });

        string[] said = await RunAsync(3, marketo, folder.Path, Path.Combine(folder.Path, "home"), i => $"""
            Connect-MarketoLaunchpoint -Endpoint {marketo.Endpoint} -ClientId {marketo.Options.ClientId} -ClientSecret $secret -CallsPer20Seconds 20 -MaxConcurrency 2
            (Invoke-SegmentPush -Path '{Segment(folder.Path)}' -StaticList {1021 + i} -Mapping @{"{"} email = 'email' {"}"} -WarningAction SilentlyContinue).State
            """);

        Assert.All(said, text => Assert.Equal("Completed", text.Trim()));
        Assert.InRange(marketo.CallsToday, 24, 43);
        Assert.DoesNotContain(marketo.Calls, call => call.Code is "606" or "615");
    }

    private static SandboxInstance Marketo() => SandboxInstance.Start(new SandboxOptions
    {
        People = 0,
        CallsPer20Seconds = null,
        ConcurrentCalls = null,
        Latency = TimeSpan.FromMilliseconds(50),
    });

    private static string Segment(string folder)
    {
        string file = Path.Combine(folder, "segment.csv");
        lock (typeof(ProcessTests))
        {
            if (!File.Exists(file))
                File.WriteAllLines(file, ["email", .. Enumerable.Range(0, People).Select(i => string.Create(CultureInfo.InvariantCulture, $"somebody{i}@example.com"))]);
        }

        return file;
    }

    private static async Task<string[]> RunAsync(int count, SandboxInstance marketo, string folder, string home, Func<int, string> script)
    {
        var processes = Enumerable.Range(0, count).Select(i => BuiltModule.Start(marketo, folder, home, script(i))).ToArray();
        var said = await Task.WhenAll(processes.Select(async process =>
        {
            var error = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, output + await error);
            process.Dispose();
            return output;
        }));
        return said;
    }
}
