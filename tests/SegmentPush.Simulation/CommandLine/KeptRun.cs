using System.Collections.Concurrent;
using System.Globalization;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>Runs the kept scenarios, each a promise by its name, in several processes at once.</summary>
/// <param name="journal">Where the journals are, to tell it.</param>
/// <param name="databases">The databases of the journals.</param>
/// <param name="workers">How many processes.</param>
internal sealed class KeptRun(string journal, Databases databases, int workers)
{
    private readonly ConcurrentDictionary<string, string?> _faults = new();

    /// <summary>Scenarios that kept their promise.</summary>
    public int Passed { get; private set; }

    /// <summary>Scenarios that fail, that did not run, or that stand in the list of what is known though they pass.</summary>
    public int Failed { get; private set; }

    /// <summary>Scenarios that are known to fail.</summary>
    public int KnownToFail { get; private set; }

    /// <summary>Runs all.</summary>
    public void Run()
    {
        int count = Math.Max(1, Math.Min(workers, databases.MostWorkers));
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() => Supervise(i, count))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        var known = Known.Read().Kept.ToHashSet();
        foreach (var (name, _) in Known.KeptScenarios()) Judge(name, known.Remove(name));
        foreach (string name in known) Fail($"{name}: Known.json names it, and there is no such scenario.");
        Console.WriteLine($"Kept scenarios ({journal}): {Passed} passed, {KnownToFail} known to fail, {Failed} failed");
    }

    private void Supervise(int number, int count)
    {
        using var worker = WorkerProcess.Start(["--kept", "--worker", Text(count), "--from", Text(number), .. databases.NewWords()]);
        while (worker.StandardOutput.ReadLine() is { } line)
        {
            string[] parts = line.Split('\t');
            if (parts[0] == Worker.Again) Console.WriteLine($"again  {parts[1]}: {parts[3]}");
            else if (parts[0] == Worker.Passed) _faults[parts[1]] = null;
            else if (parts[0] == Worker.Failed) _faults[parts[1]] = parts[3];
        }

        worker.WaitForExit();
    }

    private void Judge(string name, bool isKnown)
    {
        if (!_faults.TryGetValue(name, out string? fault)) Fail($"{name}: it did not run.");
        else if (fault is null && isKnown && journal == Databases.Sqlite) Fail($"{name}: it passes; take it out of Known.json.");

        // The steps of another database have other numbers, so a fault of its disk can come at another moment.
        else if (fault is null) Passed++;
        else if (!isKnown) Fail($"{name}: {fault}");
        else
        {
            KnownToFail++;
            Console.WriteLine($"known  {name}: {fault}");
        }
    }

    private void Fail(string what)
    {
        Failed++;
        Console.WriteLine($"FAILED {what}");
    }

    private static string Text(int number) => number.ToString(null, CultureInfo.InvariantCulture);
}
