using SegmentPush.Simulation.Faults;
using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Running;

/// <summary>Runs one day: starts processes until the day's push is complete.</summary>
internal sealed class DayRun
{
    private const int MostProcesses = 9;

    /// <summary>So many processes of a day can meet faults that chance draws; the next ones must come to an end.</summary>
    private const int FaultyProcesses = 3;

    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMinutes(5);

    /// <summary>A process that calls nobody for so long has stalled: all that it waits for takes less.</summary>
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan s_longest = TimeSpan.FromHours(6);

    private readonly World _world;
    private readonly ProductDriver _product;
    private readonly Chance? _chance;
    private readonly Func<int> _nextProcess;
    private readonly Action<long> _move;
    private readonly HashSet<Guid> _earlier;
    private readonly List<Guid> _begun = [];
    private readonly HashSet<Guid> _forced = [];
    private IReadOnlyList<string> _paths = [];
    private Day _day;
    private long _listId;
    private int _number;
    private int _processes;
    private int _faultsLeft;

    // Whether the destination was removed while the last process ran, and by which processes of the day it was.
    private bool _isRemoved;
    private readonly HashSet<int> _removals = [];

    /// <param name="world">The world.</param>
    /// <param name="product">The product.</param>
    /// <param name="day">The day.</param>
    /// <param name="chance">Draws faults and what happens between processes; null where all of it stands in the day.</param>
    /// <param name="nextProcess">Counts processes.</param>
    /// <param name="move">Moves the destination to another list.</param>
    public DayRun(World world, ProductDriver product, Day day, Chance? chance, Func<int> nextProcess, Action<long> move)
    {
        _world = world;
        _product = product;
        _day = day;
        _chance = chance;
        _nextProcess = nextProcess;
        _move = move;
        _earlier = [.. JournalView.GetPushes(world).Select(push => push.Id)];
        _faultsLeft = world.Scenario.Rates?.MostPerDay ?? 0;
    }

    /// <summary>Whether the destination was removed while the last process pushed to it, so that the next push knows nothing.</summary>
    public bool HasLostDestination { get; private set; }

    /// <summary>Whether it was removed by the time that the last process began.</summary>
    public bool WasDestinationRemoved { get; private set; }

    /// <summary>Runs the day.</summary>
    public async Task<DayRecord> RunAsync(int number, long listId, bool isRepeat)
    {
        _listId = listId;
        _number = number;
        _world.TouchedDuringPush.Clear();
        _world.IdentitiesTouchedDuringPush.Clear();
        _world.DoEdits(_day.Edits);
        _world.IdentitiesTouched.Clear();
        Refuse();
        _day = SegmentFiles.Fill(_world, _day);
        _paths = SegmentFiles.Write(_world, _day, number);
        _world.DoElsewhere = DoElsewhere;
        var record = new DayRecord
        {
            Number = number,
            Day = _day,
            World = _world,
            ListId = listId,
            BeforeByList = _world.Marketo.Lists.ToDictionary(list => list.Key, IReadOnlySet<long> (list) => new SortedSet<long>(list.Value)),
            IdentitiesBefore = _world.Marketo.People.Values.ToDictionary(person => person.Id, person => person[_world.IdentityField] ?? string.Empty),
            HistoryFrom = _world.Marketo.History.Count,
            CallsFrom = _world.Marketo.Calls.Count,
            IsRepeat = isRepeat,
        };
        for (int i = 0; i < (_day.UndoesUnfinished ? 1 : MostProcesses); i++)
        {
            var last = record.Processes.LastOrDefault();
            var run = i < _day.Processes.Count ? _day.Processes[i] : NextRun(i, last);
            record.Processes.Add(await RunProcessAsync(run, number, last).ConfigureAwait(false));
            if (record.Processes[^1] is { StateAfter: "Completed" } or { End.HasStalled: true } || Oracle.ArrivalRules.IsEnd(record.Processes[^1]) || IsRefused(record.Processes[^1])) break;
        }

        record.ListId = record.Processes[^1].ListId;
        RestoreAfter(record.Processes[^1]);
        HasLostDestination = RemovesDestination(record.Processes[^1]);
        WasDestinationRemoved = record.Processes.SkipLast(1).Any(RemovesDestination);
        End(record);
        return record;
    }

    // A file that can't be read, or half of a pipeline, is no case for another resume: it has to come anew, and whole.
    private bool IsRefused(ProcessRecord process) => !process.WasDisturbed && process.End is { WasStopped: false, ErrorId: not "GuardStopped" }
        && ((_day.HasOpenQuote && process.End.ErrorId is not null) || (_day.IsHalfPipeline && process.End.ExitCode is not (0 or null)));

    private void End(DayRecord record)
    {
        record.After = new SortedSet<long>(_world.Marketo.Lists[record.ListId]);
        if (record.Processes[^1].Id is { } id) record.Seen = JournalView.Read(_world, id);
        if (_product.RejectPathOf(record.Number) is { } path && File.Exists(path))
            record.Rejects = [.. Csv.Parse(File.ReadAllText(path)).Skip(1)];
    }

    private async Task<ProcessRecord> RunProcessAsync(ProcessRun run, int number, ProcessRecord? last)
    {
        if (last is not null) await _world.Time.DelayAsync(TimeSpan.FromSeconds(Math.Max(1, run.DelaySeconds))).ConfigureAwait(false);
        _world.DoEdits(run.Edits);
        if (run.SetsClockRight) _world.Time.WallClockError = TimeSpan.Zero;
        bool wasGuarded = last?.End.ErrorId == "GuardStopped";
        bool isNew = (last is not null && RestoreAfter(last)) || last?.Id is null || last.End.ErrorId == "SourceChanged"
            || (last.StateAfter == "Failed" && !JournalView.CanBeResumed(_world, last.Id.Value));
        var start = isNew ? ProcessStart.Push : run.Start;
        if (start == ProcessStart.MoveAndResume) Move();
        bool isResumed = start is ProcessStart.Resume or ProcessStart.MoveAndResume;
        long listId = isResumed ? last!.ListId : _listId;
        int process = _nextProcess();
        var chance = Chance.Of(_world.Scenario.Seed, "process " + process);
        var draw = _chance is not null && _world.Scenario.Rates is { } rates && _processes < FaultyProcesses
            ? new FaultDraw(rates, _chance, hasFiles => ScenarioGenerator.DrawEditsDuringPush(_chance, _world.Scenario, _world.NamedByLastCall, hasFiles), _faultsLeft)
            : null;
        var faults = new FaultSource(run.Faults, draw);
        using var simulated = new SimulatedProcess(_world, process, faults, chance);
        _world.Note($"process {process}: {start}");
        int from = _world.Marketo.History.Count;
        var startedAt = _world.Time.Now;
        var before = new SortedSet<long>(_world.Marketo.Lists[listId]);

        // A push keeps the leave that it was begun with.
        bool isForced = start is ProcessStart.Push ? wasGuarded : start is not ProcessStart.PushBySync && _forced.Contains(last!.Id!.Value);
        var end = await LimitAsync(simulated, StartAsync(start, simulated, number, last?.Id, isForced)).ConfigureAwait(false);

        // What it held is free from here on, as the machine would have it.
        simulated.Dispose();
        _faultsLeft = draw?.Left ?? _faultsLeft;
        _processes++;
        if (_isRemoved) _removals.Add(process);
        _isRemoved = false;
        var (id, state) = FindPush();
        if (isForced && start == ProcessStart.Push && id != last?.Id && id is { } begun) _forced.Add(begun);
        _world.Note($"process {process} has ended: {end.ErrorId ?? end.Crash} {state}");
        return new ProcessRecord(run with { Start = start, Faults = [.. faults.Met] }, end, [.. faults.Met], id, state)
        {
            Number = process,

            // Of a push that could not begin nothing is left but the one before it.
            ListId = last is not null && id == last.Id ? last.ListId : listId,
            Before = before,
            HistoryFrom = from,
            HistoryTo = _world.Marketo.History.Count,
            StartedAt = startedAt,
            IsForced = _day.Force || isForced,
        };
    }

    // What was removed or replaced is put right, and pushed anew: resuming such a push is refused.
    private bool RestoreAfter(ProcessRecord last)
    {
        bool isChanged = last.Faults.Any(fault => fault.Edits.Any(edit => edit.ChangesFile()));
        if (isChanged) _paths = SegmentFiles.Write(_world, _day, _number);
        if (RemovesDestination(last)) _product.SaveDestination(_listId);
        return isChanged || RemovesDestination(last);
    }

    private bool RemovesDestination(ProcessRecord process) => _removals.Contains(process.Number);

    private Task<ProcessEnd> StartAsync(ProcessStart start, SimulatedProcess process, int number, Guid? id, bool force) => start switch
    {
        ProcessStart.Resume or ProcessStart.MoveAndResume => _product.ResumeAsync(process, id!.Value),
        ProcessStart.PushBySync => _product.PushAsync(process, _day, number, _paths, DeliveryKind.Sync, _day.Force),
        _ => _product.PushAsync(process, _day, number, _paths, _world.Scenario.Target.Delivery, _day.Force || force),
    };

    // A push that has stalled is killed, so that the scenario can end.
    private async Task<ProcessEnd> LimitAsync(SimulatedProcess process, Task<ProcessEnd> running)
    {
        var started = _world.Time.Elapsed;
        while (await Task.WhenAny(running, _world.Time.DelayAsync(s_lookAgain)).ConfigureAwait(false) != running)
        {
            var silent = _world.Time.Now - _world.Marketo.Calls[^1].At;
            if (silent < s_longestSilence && _world.Time.Elapsed - started < s_longest) continue;
            process.Stop();
            return await running.ConfigureAwait(false) with { HasStalled = true };
        }

        return await running.ConfigureAwait(false);
    }

    // The push that began last; the journal's own order follows a clock that may have jumped.
    private (Guid? Id, string? State) FindPush()
    {
        var states = JournalView.GetPushes(_world).ToDictionary(push => push.Id, push => push.State);
        _begun.AddRange(states.Keys.Where(_earlier.Add));
        _begun.RemoveAll(id => !states.ContainsKey(id));
        return _begun.Count == 0 ? (null, null) : (_begun[^1], states[_begun[^1]]);
    }

    private ProcessRun NextRun(int number, ProcessRecord? last)
    {
        if (last is null) return new ProcessRun();
        bool wasQuota = last.Faults.Any(fault => fault.Code == "607");

        // An administrator who has looked at the export pushes again with -Force. A resume without it must be stopped again.
        if (last.End.ErrorId == "GuardStopped") return new ProcessRun { Start = number < FaultyProcesses && _chance?.Percent(25) == true ? ProcessStart.Resume : ProcessStart.Push, DelaySeconds = 600 };
        if (_chance is null) return new ProcessRun { Start = ProcessStart.Resume, DelaySeconds = wasQuota ? 90_000 : 600 };
        bool isDestination = _world.Scenario.Target.Mode is not null, isSync = _world.Scenario.Target.Delivery == DeliveryKind.Sync;
        bool wasWriting = last.Faults.Any(fault => fault.Call is CallKind.Sync or CallKind.Import);
        return new ProcessRun
        {
            Start = _chance.Weighted((40, ProcessStart.Resume), (4, ProcessStart.Push), (isSync ? 2 : 12, ProcessStart.PushBySync), (isDestination && number < 3 ? 1 : 0, ProcessStart.MoveAndResume)),
            SetsClockRight = _world.Time.WallClockError != TimeSpan.Zero && _chance.Percent(70),
            DelaySeconds = wasQuota ? 90_000 : _chance.Of([5, 40, 100, 600, 10_000]),
            // Where it is not known what a call has done, it matters most what others do.
            Edits = number >= FaultyProcesses || !_chance.Percent(wasWriting ? 60 : 25) ? []
                : _chance.Percent(wasWriting ? 75 : 40) ? ScenarioGenerator.DrawEditsOfNamed(_chance, _day) : ScenarioGenerator.DrawEdits(_chance, _world.Scenario, 2),
        };
    }

    private void Refuse()
    {
        var marketo = _world.Marketo;
        bool IsIn(IReadOnlyList<string> identities, string value) =>
            identities.Any(identity => Field.Find(_world.IdentityField)!.AreSame(Field.Find(_world.IdentityField)!.Store(identity) ?? identity, value));
        marketo.IsRefused = value => value.Length > 0 && IsIn(_day.Refused, value);
        marketo.IsWarned = value => value.Length > 0 && IsIn(_day.WarnedByImport, value);
        marketo.IsRemovalRefused = person => person[_world.IdentityField] is { } value && IsIn(_day.RefusedRemovals, value);
        marketo.Imports.RowsToLose = _day.RowsLostByImport;
    }

    // The push that was begun goes on into its own list, and a new one into the other.
    private void Move()
    {
        _listId = Instance.OtherListId;
        _move(_listId);
    }

    private void DoElsewhere(Edit edit)
    {
        if (edit.Kind == EditKind.RemoveDestination) _isRemoved |= _product.TryRemoveDestination();
        else if (_paths.Count > 0 && edit.Kind == EditKind.OverwriteFile) SegmentFiles.Overwrite(_world, _paths[0], [.. _day.Files[0].Select(row => row with { Identity = edit.Who })]);
        else if (_paths.Count > 0) SegmentFiles.Replace(_world, _paths[0], new Row(edit.Who, [.. _world.Scenario.Target.Fields.Select(_ => "1")]));
    }
}
