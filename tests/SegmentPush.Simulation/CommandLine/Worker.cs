using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>Runs seeds in a process of its own, and tells a line for each.</summary>
internal static class Worker
{
    public const string Passed = "passed", Failed = "failed", Shortened = "shortened";

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

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}
