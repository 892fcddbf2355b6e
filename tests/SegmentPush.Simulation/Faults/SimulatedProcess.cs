using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Faults;

/// <summary>One process of the product: its clock, its network and its disk. Each can end the process.</summary>
internal sealed class SimulatedProcess : IDisposable
{
    // As long as the product lets SQLite wait for others.
    private static readonly TimeSpan s_busy = TimeSpan.FromSeconds(30);

    private readonly World _world;
    private readonly FaultSource _faults;
    private readonly Dictionary<CallKind, int> _counts = [];
    private readonly List<Action> _atStop = [];
    private readonly List<IDisposable> _opened = [];
    private readonly CancellationTokenSource _cancel = new();
    private CallKind _lastCall;
    private int _lastNumber = 1;
    private int _diskStep;
    private bool _isGone;

    public SimulatedProcess(World world, int number, FaultSource faults, Chance chance)
    {
        _world = world;
        _faults = faults;
        Number = number;
        var clock = new ProcessClock(world.Time, this);
        Host = new ProcessHost
        {
            Time = clock,
            Randomizer = chance.Fraction,
            Network = new ProcessNetwork(world, this, chance),
            Disk = AtDisk,
            Opened = _opened.Add,

            // The folder is one of this machine; asking for its file system again and again takes long.
            NetworkFormatOf = _ => null,
            MachineName = MachineName,
            WatchesDatabase = false,
        };
    }

    /// <summary>Its number among all processes of the scenario, from 1.</summary>
    public int Number { get; }

    /// <summary>What the product gets.</summary>
    public ProcessHost Host { get; }

    /// <summary>Ctrl+C.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    /// <summary>Whether it was killed.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether the user pressed Ctrl+C.</summary>
    public bool IsCancelled => _cancel.IsCancellationRequested;

    /// <summary>The faults that met it.</summary>
    public IReadOnlyList<Fault> Faults => _faults.Met;

    /// <summary>Throws where the process is dead.</summary>
    public void ThrowIfStopped()
    {
        if (IsStopped) throw new ProcessStoppedException();
    }

    /// <summary>Kills the process. What waits in it is let go, and finds every seam closed.</summary>
    public void Stop()
    {
        if (IsStopped) return;
        IsStopped = true;
        _world.Note($"process {Number} is killed");

        // Not here: the killed code may hold locks of the runtime, and the same thread could enter them again.
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                foreach (var action in _atStop.ToArray()) action();

                // Some waits for a signal of other code of the process, which did not live to give it.
                if (!_isGone) _cancel.Cancel();
            },
            null);
    }

    /// <summary>Ctrl+C, from outside of what runs.</summary>
    public void Cancel() => ThreadPool.UnsafeQueueUserWorkItem(_ => _cancel.Cancel(), null);

    /// <summary>Does something once the process is killed, until what is returned is called.</summary>
    public Action AtStop(Action action)
    {
        _atStop.Add(action);
        return () => _atStop.Remove(action);
    }

    /// <summary>Counts a call.</summary>
    /// <returns>Its number among the calls of its kind.</returns>
    public int Count(CallKind kind) => _counts[kind] = _counts.GetValueOrDefault(kind) + 1;

    /// <summary>Notes that an answer arrived: steps of the disk are counted from here.</summary>
    public void Answered(CallKind kind, int number) => (_lastCall, _lastNumber, _diskStep) = (kind, number, 0);

    /// <summary>The faults of a step. Those that are no matter of the step itself have happened already.</summary>
    /// <exception cref="ProcessStoppedException">The process is, or was, killed.</exception>
    public Fault? Meet(Step step)
    {
        ThrowIfStopped();
        Fault? own = null;
        foreach (var fault in _faults.At(step))
        {
            _world.Note($"{step}: {fault.Kind} {fault.Code}{(fault.Seconds == 0 ? "" : $" {fault.Seconds} s")}");
            switch (fault.Kind)
            {
                case FaultKind.Stop:
                    Stop();
                    throw new ProcessStoppedException();
                case FaultKind.Cancel:
                    Cancel();
                    break;
                case FaultKind.ClockJump:
                    _world.Time.WallClockError += TimeSpan.FromSeconds(fault.Seconds);
                    break;
                case FaultKind.Meddle:
                    _world.DoEdits(fault.Edits, isDuringPush: true);
                    break;
                default:
                    own = fault;
                    break;
            }
        }

        return own;
    }

    /// <summary>The process is gone: what it held is free.</summary>
    public void Dispose()
    {
        if (IsStopped) _world.Journal.EndConnections(MachineName);
        foreach (var opened in _opened) opened.Dispose();
        _isGone = true;
        _cancel.Dispose();
    }

    private string MachineName => $"machine {Number}";

    private void AtDisk(DiskStep disk)
    {
        ThrowIfStopped();
        _world.Journal.TellTime();
        if (disk == DiskStep.BeforeDelete) return;
        if (disk == DiskStep.WaitForRows)
        {
            // The rest of the rows never comes: this is where the process ends.
            Stop();
            throw new ProcessStoppedException();
        }

        if (disk != DiskStep.AfterJournal) _diskStep++;
        var moment = disk switch { DiskStep.BeforeJournal => Moment.DiskBefore, DiskStep.AfterJournal => Moment.DiskAfter, _ => Moment.Lock };
        switch (Meet(new Step(_lastCall, _lastNumber, moment, _diskStep))?.Kind)
        {
            case FaultKind.JournalBusy:
                _world.Time.Pass(s_busy);
                _world.Journal.TellTime();
                throw _world.Journal.FaultOf(FaultKind.JournalBusy);
            case (FaultKind.DiskFull or FaultKind.DiskError) and var kind:
                throw _world.Journal.FaultOf(kind);
        }
    }
}
