using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>Runs the kept scenarios, each a promise by its name.</summary>
/// <param name="journal">Where the journals are, to tell it.</param>
internal sealed class KeptRun(string journal)
{
    /// <summary>Scenarios that kept their promise.</summary>
    public int Passed { get; private set; }

    /// <summary>Scenarios that fail, or that stand in the list of what is known though they pass.</summary>
    public int Failed { get; private set; }

    /// <summary>Scenarios that are known to fail.</summary>
    public int KnownToFail { get; private set; }

    /// <summary>Runs all.</summary>
    public void Run()
    {
        var known = Known.Read().Kept.ToHashSet();
        foreach (var (name, path) in Known.KeptScenarios())
        {
            var scenario = ScenarioText.Read(File.ReadAllText(path));
            var result = ScenarioRun.Run(scenario);
            if (result.Kind is not null && journal != Databases.Sqlite)
            {
                // A real server may end a connection at a bad moment. What the product does wrong fails again.
                Console.WriteLine($"again  {name}: {result.Violations[0]}");
                result = ScenarioRun.Run(scenario);
            }

            bool isKnown = known.Remove(name);
            switch (result.Kind, isKnown)
            {
                case (null, false):
                    Passed++;
                    break;
                // The steps of another database have other numbers, so a fault of its disk can come at another moment.
                case (null, true) when journal != Databases.Sqlite:
                    Passed++;
                    break;
                case (null, true):
                    Failed++;
                    Console.WriteLine($"FAILED {name}: it passes; take it out of Known.json.");
                    break;
                case ({ } kind, true):
                    KnownToFail++;
                    Console.WriteLine($"known  {name}: {kind}");
                    break;
                default:
                    Failed++;
                    Console.WriteLine($"FAILED {name}: {result.Violations[0]}");
                    break;
            }
        }

        foreach (string name in known)
        {
            Failed++;
            Console.WriteLine($"FAILED {name}: Known.json names it, and there is no such scenario.");
        }

        Console.WriteLine($"Kept scenarios ({journal}): {Passed} passed, {KnownToFail} known to fail, {Failed} failed");
    }
}
