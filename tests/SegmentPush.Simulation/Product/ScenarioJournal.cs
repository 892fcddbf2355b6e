using SegmentPush.Journal;
using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Product;

/// <summary>The journal of a scenario, which all its processes share.</summary>
internal abstract class ScenarioJournal : IDisposable
{
    private PushJournal? _view;

    /// <summary>Makes the journal of a scenario in a folder: in a file there, or in the database that <c>--journal</c> has named.</summary>
    public static Func<Scenario, string, ScenarioJournal> Open { get; set; } = (_, folder) => new FileJournal(folder);

    /// <summary>What of a scenario can be repeated with the journals of this run.</summary>
    public static Func<Scenario, Scenario> Adapt { get; set; } = scenario => scenario;

    /// <summary>Where the product finds it.</summary>
    public abstract JournalAddress Address { get; }

    /// <summary>
    /// The journal as somebody sees it who looks on while processes come and go. It stays open: opening it takes longer than looking into it.
    /// </summary>
    public PushJournal View
    {
        get
        {
            TellTime();
            return _view ??= OpenView();
        }
    }

    /// <summary>Makes it, without content.</summary>
    /// <param name="time">The time of the scenario.</param>
    public abstract void Create(VirtualTime time);

    /// <summary>Tells the journal's own clock, if it has one, what time it is.</summary>
    public virtual void TellTime()
    {
    }

    /// <summary>Ends what a killed process has left open, as the machine would.</summary>
    /// <param name="machine">The name of the machine that the process believed to run on.</param>
    public virtual void EndConnections(string machine)
    {
    }

    /// <summary>The fault of a disk, as this journal's database tells it.</summary>
    public abstract Exception FaultOf(FaultKind kind);

    public virtual void Dispose() => _view?.Dispose();

    /// <summary>Opens it for somebody who looks on.</summary>
    protected abstract PushJournal OpenView();
}
