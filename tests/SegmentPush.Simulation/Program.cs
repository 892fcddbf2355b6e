using System.Diagnostics;
using System.Globalization;
using SegmentPush.Simulation.CommandLine;
using SegmentPush.Simulation.Scenarios;

Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

using var databases = new Databases(arguments.Journal);
switch (arguments)
{
    case { WorkerStep: not null, Kept: true }:
        Worker.RunKept(arguments);
        return 0;
    case { WorkerStep: not null }:
        Worker.Run(arguments);
        return 0;
    case { Seed: { } seed }:
        return Trial.Tell(seed, arguments.ShrinkSeconds) ? 0 : 1;
    case { Replays.Count: > 0 }:
        return arguments.Replays.Select(path => Trial.Tell(ScenarioText.Read(File.ReadAllText(path)), arguments.People)).ToArray().All(kept => kept) ? 0 : 1;
    case { Kept: true } or { Check: true }:
        return Check(arguments, databases);
    case { Count: not null } or { Minutes: not null }:
        var fleet = new Fleet(arguments, databases);
        fleet.Run(arguments.From, arguments.Count, arguments.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);
        return fleet.FailedCount == 0 ? 0 : 1;
    default:
        Console.WriteLine(Arguments.Usage);
        return 2;
}

static int Check(Arguments arguments, Databases databases)
{
    int passed = 0, failed = 0, skipped = 0;
    RunKept(arguments.Journal, databases);
    if (arguments.Check)
    {
        string commit = arguments.Commit ?? CommitOfHead();
        ulong from = ulong.Parse(commit.PadRight(16, '0').AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Console.WriteLine($"Fresh seeds from {from} on, of commit {commit}");
        var fleet = new Fleet(arguments, databases);
        fleet.Run(from, null, TimeSpan.FromSeconds(arguments.Seconds));
        (passed, failed, skipped) = (passed + fleet.PassedCount, failed + fleet.FailedCount, skipped + fleet.KnownCount);
        if (fleet.PassedCount == 0) failed++;
        RunKeptOnPostgres();
    }

    Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
    return failed == 0 ? 0 : 1;

    void RunKept(string journal, Databases own)
    {
        var kept = new KeptRun(journal, own, arguments.Workers);
        kept.Run();
        (passed, failed, skipped) = (passed + kept.Passed, failed + kept.Failed, skipped + kept.KnownToFail);
    }

    // Where it is not installed it is left out, but not on a machine that must have it.
    void RunKeptOnPostgres()
    {
        if (arguments.Journal != Databases.Sqlite) return;
        try
        {
            using var server = new Databases(Databases.Postgres);
            RunKept(Databases.Postgres, server);
        }
        catch (InvalidOperationException e) when (e.Message == Databases.Missing)
        {
            Console.WriteLine($"Kept scenarios ({Databases.Postgres}): left out. {e.Message}");
            if (Environment.GetEnvironmentVariable("CI") == "true") failed++;
        }
    }
}

static string CommitOfHead()
{
    try
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Known.Folder, "rev-parse", "HEAD"]) { RedirectStandardOutput = true })!;
        string hash = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        if (git.ExitCode == 0) return hash;
    }
    catch (System.ComponentModel.Win32Exception)
    {
        // No git: then all runs have the same seeds.
    }

    return "1";
}
