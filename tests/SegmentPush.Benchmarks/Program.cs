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

if (args is ["server"]) return Server.Run(null);
if (args is ["server", var people]) return Server.Run(people);
if (args is ["measure", var name, var count, var endpoint, var folder])
{
    var measured = await Work.MeasureAsync(name, int.Parse(count, CultureInfo.InvariantCulture), new Uri(endpoint), folder);
    Console.WriteLine(JsonSerializer.Serialize(measured));
    return 0;
}

int rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
int tenth = Math.Max(rows / 10, 1);
using var place = new Place();
var shell = Shell.Find();
var results = new List<Row>();

// In processes of their own, with Marketo's 20 seconds compressed to 20 milliseconds.
var import = await place.MeasureAsync("push-bulk", rows);
var bare = await place.MeasureAsync("bare-upload", rows);
var importTenth = await place.MeasureAsync("push-bulk", tenth);
var match = await place.MeasureAsync("match-bulk", rows, peopleExist: true);
var matchTenth = await place.MeasureAsync("match-bulk", tenth, peopleExist: true);
var sync = await place.MeasureAsync("push-sync", tenth);
Add($"{rows:N0} rows, create missing, from file / a bare loop that uploads the same files, wall time", import.Seconds / bare.Seconds, 2.0);

// The least: for sync calls a sync and an add for 300 people; for imports of ids a lookup for 300 and one upload for 10 MB.
Add($"{tenth:N0} rows by sync calls, calls / 2 x rows / 300, rounded up", (double)sync.Calls / (2 * Calls(tenth)), 1.02);
Add($"{rows:N0} rows, match existing by import, calls / (rows / 300, rounded up, + 1)", (double)match.Calls / (Calls(rows) + 1), 1.02);
Add($"{rows:N0} rows, create missing, peak working set above idle, MB", import.PeakMegabytes, 150);
Add($"the same less that of {tenth:N0} rows, MB", import.PeakMegabytes - importTenth.PeakMegabytes, 60);
Add($"{rows:N0} rows, match existing, peak working set above idle, MB", match.PeakMegabytes, 150);
Add($"the same less that of {tenth:N0} rows, MB", match.PeakMegabytes - matchTenth.PeakMegabytes, 60);

var (share, refused) = await Pace.MeasureAsync(place.Folder);
Add("share of the permitted pace used in two minutes, 100 calls in 20 s, clock compressed", share, 0.95, isLeast: true);
Add("calls refused as too many meanwhile", refused, 0);

// In a shell, with the built module and a real clock.
var file = await place.MeasureAsync(shell, "file", tenth);
var script = shell.IsPwsh ? (await place.MeasureAsync(shell, "script", tenth)).Processor : (await place.MeasureAsync("script", tenth)).Processor;
string scripted = shell.IsPwsh ? "the script an administrator would write" : "a .NET equivalent of an administrator's script, as there is no pwsh";
Add($"{tenth:N0} rows from file in {shell.Name} / {scripted}, processor time", file.Processor / script, 0.1);
if (shell.IsPwsh)
{
    var piped = await place.MeasureAsync(shell, "import-csv", tenth);
    var nulled = await place.MeasureAsync(shell, "import-csv-null", tenth);
    Add($"{tenth:N0} rows from Import-Csv / the same script, processor time", piped.Processor / script, 0.5);
    Add($"{tenth:N0} rows, Import-Csv | Invoke-SegmentPush / Import-Csv | Out-Null, wall time", piped.Seconds / nulled.Seconds, 2.0);
}

var objects = await place.MeasureAsync(shell, "objects", rows);
var dropped = await place.MeasureAsync(shell, "objects-null", rows);
Add($"{rows:N0} objects made by a filter | Invoke-SegmentPush in {shell.Name} / the same | Out-Null, wall time", objects.Seconds / dropped.Seconds, 2.0);
Add($"Import-Module in {shell.Name}, ms", 1000 * (await place.MeasureAsync(shell, "import-module", 1)).Seconds, 150);
Add($"Get-PushStatus as the first call after it in {shell.Name}, ms", 1000 * (await place.MeasureAsync(shell, "first-call", 1)).Seconds, 250);

foreach (var result in results)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Figure,10:0.00}  ({(result.IsLeast ? "at least" : "at most")} {result.Goal:0.##})  {result.What}"));
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"push-bulk {import.Seconds:0.00} s, {import.Processor:0.00} s processor, {import.Calls} calls; bare-upload {bare.Seconds:0.00} s; match-bulk {match.Calls} calls; file in {shell.Name} {file.Processor:0.00} s processor; script {script:0.00} s processor"));
if (args.Length > 1)
    await File.WriteAllTextAsync(args[1], JsonSerializer.Serialize(new { rows, results, import, bare, importTenth, match, matchTenth, sync, file, script, objects, dropped }));
return 0;

void Add(string what, double figure, double goal, bool isLeast = false) => results.Add(new Row(what, figure, goal, isLeast));

static long Calls(long records) => (records + 299) / 300;

internal sealed record Row(string What, double Figure, double Goal, bool IsLeast);
