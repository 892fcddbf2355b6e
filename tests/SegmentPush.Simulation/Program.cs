using System.Diagnostics;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

ulong first = args.Length > 0 ? ulong.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1;
int count = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1;
var watch = Stopwatch.StartNew();
var kinds = new Dictionary<string, List<ulong>>();
for (ulong seed = first; seed < first + (ulong)count; seed++)
{
    var result = ScenarioRun.Run(ScenarioGenerator.Make(seed));
    if (count == 1)
    {
        if (args.Length > 2 && result.Kind is { } k)
        {
            var again = ScenarioRun.Run(result.Scenario);
            Console.WriteLine("same: " + (again.Log.SequenceEqual(result.Log)));
            if (!again.Log.SequenceEqual(result.Log)) { foreach (var (a,b) in result.Log.Zip(again.Log)) if (a != b) { Console.WriteLine(a + "\n" + b); break; } }
            var w = Stopwatch.StartNew();
            var small = ScenarioShrinker.Shrink(result.Scenario, s => { try { return ScenarioRun.Run(s).Kind == k; } catch (Exception e) { Console.WriteLine(e); return false; } }, () => w.Elapsed.TotalSeconds > 60);
            result = ScenarioRun.Run(small);
            Console.WriteLine(ScenarioText.Write(small));
        }
        if (args.Length != 3 || args[2] != "q") foreach (string line in result.Log) Console.WriteLine(line);
        foreach (var v in result.Violations) Console.WriteLine(v);
    }
    if (result.Kind is { } kind) { if (!kinds.TryGetValue(kind, out var l)) kinds[kind] = l = []; l.Add(seed); }
}
foreach (var (kind, seeds) in kinds.OrderByDescending(p => p.Value.Count)) Console.WriteLine($"{seeds.Count,5} {kind}: {string.Join(' ', seeds.Take(8))}");
Console.WriteLine($"{count} in {watch.Elapsed.TotalSeconds:0.0} s");
