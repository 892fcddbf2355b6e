using System.Diagnostics;
using System.Globalization;
using System.Text;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.CommandLine;

/// <summary>Runs seeds in several processes at once, each with one thread, and gathers what they find.</summary>
internal sealed class Fleet(Arguments arguments, Databases databases)
{
    private const int MostShortenedAtEnd = 5;

    private const string WorkerDied = "worker-died";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, List<ulong>> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _shortened = [];
    private readonly Known _known = Known.Read();
    private int _passed;

    /// <summary>Scenarios that kept all promises.</summary>
    public int PassedCount => _passed;

    /// <summary>Scenarios that failed in a way that is known.</summary>
    public int KnownCount => _kinds.Where(kind => _known.Has(kind.Key)).Sum(kind => kind.Value.Count);

    /// <summary>Scenarios that failed in a new way.</summary>
    public int FailedCount => _kinds.Where(kind => !_known.Has(kind.Key)).Sum(kind => kind.Value.Count);

    /// <summary>Runs seeds.</summary>
    /// <param name="from">The first one.</param>
    /// <param name="count">How many; null for as many as the time permits.</param>
    /// <param name="time">How long; null for as long as it takes.</param>
    public void Run(ulong from, int? count, TimeSpan? time)
    {
        var watch = Stopwatch.StartNew();
        int workers = Math.Max(1, Math.Min(Math.Min(arguments.Workers, databases.MostWorkers), count ?? int.MaxValue));
        var threads = Enumerable.Range(0, workers).Select(i => new Thread(() => Supervise(from, i, workers, count, () => time - watch.Elapsed))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Tell(watch.Elapsed);
    }

    // A worker that dies is replaced; the seed that killed it has failed.
    private void Supervise(ulong from, int number, int workers, int? count, Func<TimeSpan?> left)
    {
        ulong next = unchecked(from + (ulong)number);
        int remaining = count is null ? int.MaxValue : (count.Value - number + workers - 1) / workers;
        while (remaining > 0 && (left() is not { } time || time > TimeSpan.Zero))
        {
            var (ended, last) = RunWorker(next, workers, remaining, left());
            if (last is not { } seed) break;
            remaining -= ended;
            next = unchecked(seed + (ulong)workers);
        }
    }

    private (int Ended, ulong? Last) RunWorker(ulong from, int step, int count, TimeSpan? time)
    {
        string[] words =
        [
            "--worker", Text(step), "--from", Text(from), "--count", Text(count), "--shrink", Text(arguments.ShrinkSeconds),
            .. arguments.All ? new[] { "--all" } : [], .. databases.NewWords(),
        ];
        using var worker = WorkerProcess.Start(words);
        bool isTimeUp = false;
        using var limit = time is null ? null : new Timer(
            _ =>
            {
                isTimeUp = true;
                worker.Kill();
            },
            null,
            time < TimeSpan.Zero ? TimeSpan.Zero : time.Value,
            Timeout.InfiniteTimeSpan);
        int ended = 0;
        ulong? begun = null;
        bool isOpen = false;
        while (worker.StandardOutput.ReadLine() is { } line)
        {
            string[] parts = line.Split('\t');
            isOpen = parts[0] == "begins";
            if (isOpen) begun = ulong.Parse(parts[1], CultureInfo.InvariantCulture);
            if (parts[0] is Worker.Passed or Worker.Failed) ended++;
            Take(parts);
        }

        worker.WaitForExit();
        if (!isTimeUp && isOpen && begun is { } seed)
        {
            Take([Worker.Failed, Text(seed), WorkerDied, string.Empty]);
            ended++;
        }

        return (ended, isTimeUp ? null : begun);
    }

    private void Take(string[] parts)
    {
        lock (_lock)
        {
            switch (parts[0])
            {
                case Worker.Passed:
                    _passed++;
                    break;
                case Worker.Failed:
                    if (!_kinds.TryGetValue(parts[2], out var seeds)) _kinds[parts[2]] = seeds = [];
                    seeds.Add(ulong.Parse(parts[1], CultureInfo.InvariantCulture));
                    if (!_known.Has(parts[2]) && seeds.Count == 1) Console.WriteLine($"seed {parts[1]}: {parts[2]}: {parts[3]}");
                    break;
                case Worker.Shortened:
                    string scenario = Encoding.UTF8.GetString(Convert.FromBase64String(parts[3]));
                    if (_shortened.TryAdd(parts[2], scenario)) Save(parts[2], scenario);
                    break;
            }
        }
    }

    // New kinds that no worker had the time to shorten.
    private void ShortenTheRest()
    {
        if (arguments.ShrinkSeconds == 0) return;
        foreach (var (kind, seeds) in _kinds.Where(kind => kind.Key != WorkerDied && !_known.Has(kind.Key) && !_shortened.ContainsKey(kind.Key)).Take(MostShortenedAtEnd))
        {
            var result = ScenarioRun.Run(ScenarioGenerator.Make(seeds[0]));
            if (result.Kind != kind) continue;
            _shortened[kind] = ScenarioText.Write(Trial.Shorten(result, arguments.ShrinkSeconds));
            Save(kind, _shortened[kind]);
        }
    }

    private void Save(string kind, string scenario)
    {
        if (arguments.Save is null) return;
        Directory.CreateDirectory(arguments.Save);
        File.WriteAllText(Path.Combine(arguments.Save, string.Concat(kind.Select(c => char.IsLetterOrDigit(c) ? c : '-')) + ".json"), scenario + "\n");
    }

    private void Tell(TimeSpan took)
    {
        ShortenTheRest();
        foreach (var (kind, scenario) in _shortened)
        {
            if (arguments.Save is null) Console.WriteLine($"== {kind}\n{scenario}");
        }

        foreach (var (kind, seeds) in _kinds.OrderByDescending(kind => kind.Value.Count))
            Console.WriteLine($"{seeds.Count,6} {(_known.Has(kind) ? "known" : "NEW  ")} {kind}: seeds {string.Join(' ', seeds.Order().Take(6))}");
        int all = PassedCount + KnownCount + FailedCount;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{all} scenarios in {took.TotalSeconds:0.0} s, {all / took.TotalMinutes:0} a minute: {PassedCount} kept all promises, {KnownCount} failed as is known, {FailedCount} failed"));
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
