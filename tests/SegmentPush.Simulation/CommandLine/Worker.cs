using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>Runs scenarios in a process of its own, and tells a line for each.</summary>
internal static class Worker
{
    public const string Passed = "passed", Failed = "failed", Shortened = "shortened", Again = "again";

    /// <summary>Runs seeds until they are used up, or its output is closed.</summary>
    public static void Run(Arguments arguments)
    {
        var known = Known.Read();
        var told = new HashSet<string>();
        int count = arguments.Count ?? int.MaxValue;
        for (int i = 0; i < count; i++)
        {
            ulong seed = unchecked(arguments.From + ((ulong)i * arguments.WorkerStep!.Value));
            Console.WriteLine($"begins\t{seed}");
            var result = ScenarioRun.Run(ScenarioGenerator.Make(seed));
            if (result.Kind is not { } kind)
            {
                Console.WriteLine($"{Passed}\t{seed}\t\t\t{result.Digest()}");
                continue;
            }

            Console.WriteLine($"{Failed}\t{seed}\t{kind}\t{OneLine(result.Violations[0].Text)}\t{result.Digest()}");
            if (arguments.ShrinkSeconds == 0 || (!arguments.All && known.Has(kind)) || !told.Add(kind)) continue;
            string text = ScenarioText.Write(Trial.Shorten(result, arguments.ShrinkSeconds));
            Console.WriteLine($"{Shortened}\t{seed}\t{kind}\t{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))}");
        }
    }

    /// <summary>Runs those kept scenarios that are this worker's: one of as many as there are workers.</summary>
    public static void RunKept(Arguments arguments)
    {
        var scenarios = Known.KeptScenarios();
        for (int i = (int)arguments.From; i < scenarios.Count; i += (int)arguments.WorkerStep!.Value)
        {
            var (name, path) = scenarios[i];
            var scenario = ScenarioText.Read(File.ReadAllText(path));
            var result = ScenarioRun.Run(scenario);
            if (result.Kind is not null && arguments.Journal != Databases.Sqlite)
            {
                // A real server may end a connection at a bad moment. What the product does wrong fails again.
                Console.WriteLine($"{Again}\t{name}\t{result.Kind}\t{OneLine(result.Violations[0].ToString()!)}");
                result = ScenarioRun.Run(scenario);
            }

            Console.WriteLine(result.Kind is { } kind ? $"{Failed}\t{name}\t{kind}\t{OneLine(result.Violations[0].ToString()!)}" : $"{Passed}\t{name}");
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}
