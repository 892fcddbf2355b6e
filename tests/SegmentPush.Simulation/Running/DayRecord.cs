using SegmentPush.Simulation.Faults;
using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Running;

/// <summary>All that is known of one day once it is over.</summary>
internal sealed record DayRecord
{
    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }

    public required Day Day { get; init; }

    public required World World { get; init; }

    /// <summary>The list that the push goes into that ends the day; an earlier one may have gone into another list.</summary>
    public required long ListId { get; set; }

    /// <summary>Who was on each list when the day's first push began.</summary>
    public required IReadOnlyDictionary<long, IReadOnlySet<long>> BeforeByList { get; init; }

    /// <summary>Who was on the list then.</summary>
    public IReadOnlySet<long> Before => BeforeByList[ListId];

    /// <summary>Identities of all people when the push began.</summary>
    public required IReadOnlyDictionary<long, string> IdentitiesBefore { get; init; }

    /// <summary>Number of the first happening of the push.</summary>
    public required int HistoryFrom { get; init; }

    /// <summary>Number of the first call of the push.</summary>
    public required int CallsFrom { get; init; }

    /// <summary>Whether this push repeats the one before, with nothing done by anybody in between.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>The processes that it took.</summary>
    public List<ProcessRecord> Processes { get; } = [];

    /// <summary>What the push says of itself; null where none could begin.</summary>
    public Observation? Seen { get; set; }

    /// <summary>Who is on the list at the end.</summary>
    public IReadOnlySet<long> After { get; set; } = new SortedSet<long>();

    /// <summary>The cells of the reject file's rows without its header; null where there is no file.</summary>
    public IReadOnlyList<string[]>? Rejects { get; set; }

    /// <summary>What happened to people since the push began.</summary>
    public IReadOnlyList<Happening> History => [.. World.Marketo.History.Skip(HistoryFrom)];

    /// <summary>The calls of the push.</summary>
    public IReadOnlyList<SentCall> Calls => [.. World.Marketo.Calls.Skip(CallsFrom)];

    /// <summary>Whether nothing disturbed the push: no fault, no second process, nobody else.</summary>
    public bool IsQuiet => Processes.Count == 1 && Processes[0].Faults.Count == 0 && Processes[0].Run.Edits.Count == 0;

    /// <summary>Whether a process has read the list.</summary>
    public bool HasRead(ProcessRecord process) =>
        Calls.Any(call => call is { Kind: CallKind.ReadList or CallKind.ExportFile, IsAnswered: true } && call.Process == process.Number);
}

/// <summary>A process of a push, and how it ended.</summary>
/// <param name="Run">What it was to do, and the faults that met it.</param>
/// <param name="End">How it ended.</param>
/// <param name="Faults">The faults that met it.</param>
/// <param name="Id">The push that it worked on; null where none began.</param>
/// <param name="StateAfter">The push's state in the journal after it.</param>
internal sealed record ProcessRecord(ProcessRun Run, ProcessEnd End, IReadOnlyList<Fault> Faults, Guid? Id, string? StateAfter)
{
    /// <summary>Its number among all processes of the scenario.</summary>
    public required int Number { get; init; }

    /// <summary>The list that its push goes into.</summary>
    public required long ListId { get; init; }

    /// <summary>Who was on the list when it started.</summary>
    public required IReadOnlySet<long> Before { get; init; }

    /// <summary>Number of the first happening after its start.</summary>
    public int HistoryFrom { get; init; }

    /// <summary>Number of the first happening after its end.</summary>
    public int HistoryTo { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Whether the guard was to let everything through.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether Marketo, the network or the machine refused something, so that the process may end early.</summary>
    public bool WasDisturbed => Faults.Any(fault => fault.Kind is not (FaultKind.ClockJump or FaultKind.Meddle or FaultKind.Delay) || IsTooLate(fault));

    // A call is given up after two minutes.
    private static bool IsTooLate(Fault fault) => fault is { Kind: FaultKind.Delay, Seconds: > 100 };
}
