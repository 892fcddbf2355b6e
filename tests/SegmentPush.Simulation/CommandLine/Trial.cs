using System.Diagnostics;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>Runs single scenarios, and shortens those that fail.</summary>
internal static class Trial
{
    /// <summary>Runs a scenario and tells what happened.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="tellsPeople">Whether it is also told what happened to each person.</param>
    /// <returns>Whether all promises were kept.</returns>
    public static bool Tell(Scenario scenario, bool tellsPeople = false)
    {
        var result = ScenarioRun.Run(scenario);
        foreach (string line in result.Log) Console.WriteLine(line);
        if (tellsPeople) TellPeople(result);
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

    private static void TellPeople(Result result)
    {
        foreach (var happening in result.History) Console.WriteLine(happening);
        for (int day = 0; day < result.Outcomes.Count; day++)
        {
            foreach (var person in result.Outcomes[day]) Console.WriteLine($"day {day + 1}: {person}");
        }
    }

    /// <summary>Shortens a scenario that fails.</summary>
    public static Scenario Shorten(Result failed, int seconds)
    {
        var watch = Stopwatch.StartNew();
        return ScenarioShrinker.Shrink(failed.Scenario, scenario => ScenarioRun.Run(scenario).Kind == failed.Kind, () => watch.Elapsed.TotalSeconds > seconds);
    }
}
