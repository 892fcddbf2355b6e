// Whole pushes against a sandbox in a process of its own, measured in processes of their own: one table, and JSON.
//   dotnet run -c Release --project tests/SegmentPush.Benchmarks -- [rows] [json file] [lines...]
// where lines are "import", "forms", "match", "sync", "pace", "file", "import-csv", "mirror", "objects", "start", "audience", "journal" (with a database in SEGMENTPUSH_BENCHMARK_JOURNAL); all where none is named.
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
if (args is ["audience-server", var profiles]) return AudienceServer.Run(int.Parse(profiles, CultureInfo.InvariantCulture));
if (args is ["measure", var name, var count, var endpoint, var folder])
{
    var work = await Work.MeasureAsync(name, int.Parse(count, CultureInfo.InvariantCulture), endpoint, folder);
    Console.WriteLine(JsonSerializer.Serialize(work));
    return 0;
}

int rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
int tenth = Math.Max(rows / 10, 1);
string[] lines = args[Math.Min(args.Length, 2)..];
using var place = new Place();
var results = new List<Row>();
var measured = new Dictionary<string, object>(StringComparer.Ordinal);

// In processes of their own, with Marketo's 20 seconds compressed to 20 milliseconds.
if (IsAsked("import"))
{
    var import = await MeasureAsync("push-bulk", rows);
    var bare = await MeasureAsync("bare-upload", rows);
    var importTenth = await MeasureAsync("push-bulk", tenth);
    Add($"{rows:N0} rows, create missing, from file / a bare loop that uploads the same files, wall time", import.Seconds / bare.Seconds, 2.0);
    Add($"{rows:N0} rows, create missing, peak working set above idle, MB", import.PeakMegabytes, 150);
    Add($"the same less that of {tenth:N0} rows, MB", import.PeakMegabytes - importTenth.PeakMegabytes, 60);
}

// The same push with a journal in PostgreSQL, beside one with SQLite.
if (IsAsked("journal") && Environment.GetEnvironmentVariable(Work.SharedJournal) is not null)
{
    var own = await MeasureAsync("push-bulk-own", rows);
    var shared = await MeasureAsync("push-bulk-shared", rows);
    Add($"{rows:N0} rows, create missing, from file, with a journal in PostgreSQL / with SQLite, wall time", shared.Seconds / own.Seconds, 1.3);
    Add("size of the journal, PostgreSQL / SQLite", (double)shared.JournalBytes / own.JournalBytes, 1.5);
    Add("the push with PostgreSQL, peak working set above idle, MB", shared.PeakMegabytes, 150);
}

// The same people in the forms of other programs. The look at a file is a part of its push.
if (IsAsked("forms"))
{
    var csv = await MeasureAsync("push-bulk", rows);
    Add($"{rows:N0} rows, the look that finds the form of the file / the push from it, wall time", (await MeasureAsync("look-csv", rows)).Seconds / csv.Seconds, 0.1);
    foreach (var (form, goal) in new[] { ("backslash", 1.3), ("gzip", 1.3), ("parquet", 1.3), ("json", 2.0) })
    {
        var push = await MeasureAsync($"push-{form}", rows);
        Add($"{rows:N0} rows, create missing, from {form} / from CSV, wall time", push.Seconds / csv.Seconds, goal);
        Add($"the same, peak working set above that from CSV, MB", push.PeakMegabytes - csv.PeakMegabytes, 40);
    }
}

// An audience of nested profiles, without the time of its job, which the platform takes.
if (IsAsked("audience"))
{
    var csv = await MeasureAsync("push-bulk", rows);
    var audience = await MeasureAsync("push-audience", rows);
    Add($"{rows:N0} profiles of an audience, create missing, from the first byte fetched / the same people from CSV, wall time", audience.Seconds / csv.Seconds, 1.5);
    Add("the same, peak working set above that from CSV, MB", audience.PeakMegabytes - csv.PeakMegabytes, 60);
}

// The least: for sync calls a sync and an add for 300 people; for imports of ids a lookup for 300 and one upload for 10 MB.
if (IsAsked("match"))
{
    var match = await MeasureAsync("match-bulk", rows, peopleExist: true);
    var matchTenth = await MeasureAsync("match-bulk", tenth, peopleExist: true);
    Add($"{rows:N0} rows, match existing by import, calls / (rows / 300, rounded up, + 1)", (double)match.Calls / (Calls(rows) + 1), 1.02);
    Add($"{rows:N0} rows, match existing, peak working set above idle, MB", match.PeakMegabytes, 150);
    Add($"the same less that of {tenth:N0} rows, MB", match.PeakMegabytes - matchTenth.PeakMegabytes, 60);
}

if (IsAsked("sync"))
{
    var sync = await MeasureAsync("push-sync", tenth);
    Add($"{tenth:N0} rows by sync calls, calls / 2 x rows / 300, rounded up", (double)sync.Calls / (2 * Calls(tenth)), 1.02);
}

if (IsAsked("pace"))
{
    var (share, refused) = await Pace.MeasureAsync(place.Folder);
    Add("share of the permitted pace used in two minutes, 100 calls in 20 s, clock compressed", share, 0.95, isLeast: true);
    Add("calls refused as too many meanwhile", refused, 0);
}

// In a shell, with the built module and a real clock.
if (IsAsked("file") || IsAsked("import-csv"))
{
    double script = (await MeasureInShellAsync("script", tenth)).Processor;
    if (IsAsked("file"))
        Add($"{tenth:N0} rows from file in pwsh / the script an administrator would write, processor time", (await MeasureInShellAsync("file", tenth)).Processor / script, 0.1);
    if (IsAsked("import-csv"))
    {
        var piped = await MeasureInShellAsync("import-csv", tenth);
        var nulled = await MeasureInShellAsync("import-csv-null", tenth);
        Add($"{tenth:N0} rows from Import-Csv / the script an administrator would write, processor time", piped.Processor / script, 0.5);
        Add($"{tenth:N0} rows, Import-Csv | Invoke-SegmentPush / Import-Csv | Out-Null, wall time", piped.Seconds / nulled.Seconds, 2.0);
    }
}

// A destination with one per cent of changes; reading the list back is a part of both pushes.
if (IsAsked("mirror"))
{
    string changed = place.ChangedSegmentOf(rows);
    var pushes = await place.MeasureInShellAsync(("mirror-first", place.SegmentOf(rows)), ("mirror-again", changed), ("mirror-doubt", changed), ("mirror-resync", changed));
    var (first, next, doubt, resync) = (pushes[0], pushes[1], pushes[2], pushes[3]);
    measured[$"mirror-first in pwsh, {rows:N0} rows"] = first;
    measured[$"mirror-again in pwsh, {rows:N0} rows"] = next;
    measured[$"mirror-doubt in pwsh, {rows:N0} rows"] = doubt;
    measured[$"mirror-resync in pwsh, {rows:N0} rows"] = resync;
    Add($"{rows:N0} rows mirrored in pwsh, with 1 % new, gone or changed / the first push of them, wall time", next.Seconds / first.Seconds, 1.0 / 3);
    Add("calls of that next push", next.Calls, 100);
    Add("the first push, peak working set above idle, MB", first.PeakMegabytes, 150);
    Add("the next push, peak working set above idle, MB", next.PeakMegabytes, 150);
    Add("a push after one whose process was killed, which reads the list first, the same, MB", doubt.PeakMegabytes, 150);
    Add("a push with -Resync, the same, MB", resync.PeakMegabytes, 150);
}

if (IsAsked("objects"))
{
    var objects = await MeasureInShellAsync("objects", rows);
    var dropped = await MeasureInShellAsync("objects-null", rows);
    Add($"{rows:N0} objects made by a filter | Invoke-SegmentPush in pwsh / the same | Out-Null, wall time", objects.Seconds / dropped.Seconds, 2.0);
}

if (IsAsked("start"))
{
    Add($"Import-Module in pwsh, ms", 1000 * (await MeasureInShellAsync("import-module", 1)).Seconds, 60);
    Add($"Get-PushStatus as the first call after it in pwsh, ms", 1000 * (await MeasureInShellAsync("first-call", 1)).Seconds, 100);
}

foreach (var result in results)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Figure,10:0.00}  ({(result.IsLeast ? "at least" : "at most")} {result.Goal:0.##})  {result.What}"));
foreach (var (what, figures) in measured) Console.WriteLine($"{what}: {JsonSerializer.Serialize(figures)}");
if (args.Length > 1) await File.WriteAllTextAsync(args[1], JsonSerializer.Serialize(new { rows, results, measured }));
return 0;

bool IsAsked(string line) => lines.Length == 0 || lines.Contains(line, StringComparer.Ordinal);

async Task<Measured> MeasureAsync(string name, int rows, bool peopleExist = false)
{
    var result = await place.MeasureAsync(name, rows, peopleExist);
    measured[$"{name}, {rows:N0} rows"] = result;
    return result;
}

async Task<ShellMeasured> MeasureInShellAsync(string name, int rows)
{
    var result = await place.MeasureInShellAsync(name, rows);
    measured[$"{name} in pwsh, {rows:N0} rows"] = result;
    return result;
}

void Add(string what, double figure, double goal, bool isLeast = false) => results.Add(new Row(what, figure, goal, isLeast));

static long Calls(long records) => (records + 299) / 300;

internal sealed record Row(string What, double Figure, double Goal, bool IsLeast);
