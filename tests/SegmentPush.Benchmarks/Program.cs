// Whole pushes against a sandbox in a process of its own, measured in processes of their own: one table, and JSON.
//   dotnet run -c Release --project tests/SegmentPush.Benchmarks -- [rows] [json file]
// Or the parts that every row goes through, each by itself:
//   dotnet run -c Release --project tests/SegmentPush.Benchmarks -- parts
using BenchmarkDotNet.Running;
using System.Globalization;
using System.Text.Json;
using SegmentPush.Benchmarks;

if (args is ["parts"])
{
    BenchmarkRunner.Run<Parts>();
    return 0;
}

if (args is ["server"]) return Server.Run();
if (args is ["measure", var name, var count, var endpoint, var folder])
{
    var measured = await Work.MeasureAsync(name, int.Parse(count, CultureInfo.InvariantCulture), new Uri(endpoint), folder);
    Console.WriteLine(JsonSerializer.Serialize(measured));
    return 0;
}

int rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
int tenth = Math.Max(rows / 10, 1);
using var place = new Place();
var import = await place.MeasureAsync("push-bulk", rows);
var bare = await place.MeasureAsync("bare-upload", rows);
var importTenth = await place.MeasureAsync("push-bulk", tenth);
var sync = await place.MeasureAsync("push-sync", tenth);
var script = await place.MeasureAsync("script", tenth);

// The least: a sync and an add for 300 people; one upload for a full file, which must be asked for once, and two calls to begin.
long leastSync = 2 * ((tenth + 299) / 300);
var results = new Row[]
{
    new($"{rows:N0} rows, create missing, from file / a bare loop that uploads the same files, wall time", import.Seconds / bare.Seconds, 2.0),
    new($"{tenth:N0} rows by sync calls, processor time / a .NET script without pace (no pwsh: dictionaries, JsonSerializer, 300 a call)", sync.Processor / script.Processor, 0.1),
    new($"{tenth:N0} rows by sync calls, calls / the least possible, 2 x rows / 300", (double)sync.Calls / leastSync, 1.02),
    new($"{rows:N0} rows, peak working set above idle, MB", import.PeakMegabytes, 150),
    new($"{rows:N0} rows, the same less that of {tenth:N0} rows, MB", import.PeakMegabytes - importTenth.PeakMegabytes, 60),
};
foreach (var result in results)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Figure,10:0.00}  (must reach {result.Goal:0.##})  {result.What}"));
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"push-bulk {import.Seconds:0.00} s, {import.Processor:0.00} s processor, {import.Calls} calls; bare-upload {bare.Seconds:0.00} s; push-sync {sync.Processor:0.00} s processor; script {script.Processor:0.00} s processor"));
if (args.Length > 1) await File.WriteAllTextAsync(args[1], JsonSerializer.Serialize(new { rows, results, import, bare, importTenth, sync, script }));
return 0;

internal sealed record Row(string What, double Figure, double Goal);
