using System.Diagnostics;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>Runs single scenarios, and shortens those that fail.</summary>
internal static class Trial
{
    /// <summary>Runs a scenario and tells what happened.</summary>
    /// <returns>Whether all promises were kept.</returns>
    public static bool Tell(Scenario scenario)
    {
        var result = ScenarioRun.Run(scenario);
        foreach (string line in result.Log) Console.WriteLine(line);
        foreach (var violation in result.Violations) Console.WriteLine(violation);
        Console.WriteLine(result.Violations.Count == 0 ? "All promises were kept." : $"{result.Violations.Count} promises were not kept.");
        return result.Violations.Count == 0;
    }

    /// <summary>Runs the scenario of a seed, shortens it where it fails, and tells what happened.</summary>
    /// <returns>Whether all promises were kept.</returns>
    public static bool Tell(ulong seed, int shrinkSeconds)
    {
        var result = ScenarioRun.Run(ScenarioGenerator.Make(seed));
        if (result.Kind is null)
        {
            Console.WriteLine($"Seed {seed}: all promises were kept.");
            return true;
        }

        var shortened = Shorten(result, shrinkSeconds);
        Console.WriteLine(ScenarioText.Write(shortened));
        return Tell(shortened);
    }

    /// <summary>Shortens a scenario that fails.</summary>
    public static Scenario Shorten(Result failed, int seconds)
    {
        var watch = Stopwatch.StartNew();
        return ScenarioShrinker.Shrink(failed.Scenario, scenario => ScenarioRun.Run(scenario).Kind == failed.Kind, () => watch.Elapsed.TotalSeconds > seconds);
    }
}
