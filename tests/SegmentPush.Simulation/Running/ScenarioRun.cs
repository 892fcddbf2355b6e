using SegmentPush.Simulation.Faults;
using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Oracle;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Running;

/// <summary>Runs a scenario: its days with their faults, and then, without any, the last one twice again, which must change nothing.</summary>
internal sealed class ScenarioRun
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(120);

    private readonly World _world;
    private readonly ProductDriver _product;
    private readonly Judge _judge;
    private readonly Chance? _chance;
    private readonly List<Day> _days = [];
    private readonly List<DayRecord> _records = [];
    private readonly List<Violation> _violations = [];
    private long _listId = Instance.ListId;
    private int _processes;

    private ScenarioRun(Scenario scenario, string folder, ScenarioJournal journal)
    {
        _world = new World(scenario, folder, journal);
        _product = new ProductDriver(_world);
        _judge = new Judge(_world);
        _chance = scenario.Rates is null ? null : Chance.Of(scenario.Seed, "faults");
    }

    /// <summary>Runs a scenario.</summary>
    public static Result Run(Scenario scenario)
    {
        string folder = NewFolder();
        scenario = ScenarioJournal.Adapt(scenario);
        try
        {
            using var journal = ScenarioJournal.Open(scenario, folder);
            var run = new ScenarioRun(scenario, folder, journal);
            try
            {
                run._world.Time.Run(run.RunAsync, s_longest);
            }
            catch (TimeoutException e)
            {
                run._violations.Add(new Violation("hang", run._days.Count + 1, e.Message));
            }

            IReadOnlyList<Day> days = [.. run._days, .. scenario.Days.Skip(run._days.Count)];
            return new Result(scenario with { Days = days, Rates = null }, run._violations, run._world.Log)
            {
                History = run._world.Marketo.History,
                Outcomes = [.. run._records.Select(record => record.Seen?.People ?? [])],
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // In memory where that can be had: a commit to a real disk takes longer than all else.
    private static string NewFolder()
    {
        const string InMemory = "/dev/shm";
        string folder = Path.Combine(Directory.Exists(InMemory) ? InMemory : Path.GetTempPath(), "simulation-" + Guid.NewGuid().ToString("N"));
        return Directory.CreateDirectory(folder).FullName;
    }

    private async Task RunAsync()
    {
        _world.Journal.Create(_world.Time);
        if (_world.Scenario.Target.Mode is not null) _product.SaveDestination(_listId);
        int number = 0;
        foreach (var day in _world.Scenario.Days)
        {
            await RunDayAsync(day, ++number, isRepeat: false).ConfigureAwait(false);
            if (_violations.Count > 0) return;
        }

        if (_world.Scenario.Days is not [.., var last]) return;
        var calm = last with { Edits = [], Processes = [], IsHalfPipeline = false, Resync = false, Undo = false, UndoesUnfinished = false, RowsLostByImport = 0, Force = true };
        if (last.HasOpenQuote) return;

        // Each upload has another boundary, which makes other values.
        bool hasBoundary = last.Files.Any(rows => rows.Any(row => row.Values.Any(value => value.Contains(SegmentFiles.Boundary, StringComparison.Ordinal))));
        for (int i = 0; i < 2 && _violations.Count == 0; i++)
            await RunDayAsync(calm, ++number, isRepeat: i > 0 && !hasBoundary, isCalm: true).ConfigureAwait(false);
    }

    private async Task RunDayAsync(Day day, int number, bool isRepeat, bool isCalm = false)
    {
        await _world.Time.DelayAsync(TimeSpan.FromHours(20)).ConfigureAwait(false);
        long listId = _listId;
        var run = new DayRun(_world, _product, day, isCalm ? null : _chance, () => ++_processes, Move);
        var record = await run.RunAsync(number, listId, isRepeat).ConfigureAwait(false);
        if (!isCalm) _days.Add(day with { Processes = [.. record.Processes.Select(process => process.Run)] });
        _violations.AddRange(_judge.JudgePush(record, run.WasDestinationRemoved || record.ListId != listId, isMoved: _listId != record.ListId || run.HasLostDestination));
        _records.Add(record);
        if (!day.Undo || _violations.Count > 0 || _records.Count <= day.UndoDaysBack) return;
        var undone = _records[^(1 + day.UndoDaysBack)];
        if (undone.Seen is { } seen && (seen.State == "Completed" || undone.Day.UndoesUnfinished) && undone.ListId == _listId) await UndoAsync(day, undone, seen).ConfigureAwait(false);
    }

    private async Task UndoAsync(Day day, DayRecord record, Observation seen)
    {
        await _world.Time.DelayAsync(TimeSpan.FromSeconds(day.UndoAfterSeconds)).ConfigureAwait(false);
        var before = new SortedSet<long>(_world.Marketo.Lists[record.ListId]);
        bool isCounted = JournalView.Read(_world, seen.Id).Members == before.Count;
        int historyBefore = _world.Marketo.History.Count;
        var chance = _world.Scenario.Rates is null ? null : Chance.Of(_world.Scenario.Seed, "faults of undoing " + record.Number);
        var processes = await new UndoOfDay(_world, _product, chance, () => ++_processes).RunAsync(day.Undoings, seen.Id).ConfigureAwait(false);
        _days[^1] = _days[^1] with { Undoings = [.. processes.Select(process => process.Run)] };
        _violations.AddRange(_judge.JudgeUndo(record, before, historyBefore, isCounted, processes));
    }

    private void Move(long listId)
    {
        _listId = listId;
        _product.SaveDestination(listId);
    }
}
