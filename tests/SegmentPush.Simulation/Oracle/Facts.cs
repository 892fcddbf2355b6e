using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Running;
using SegmentPush.Simulation.Scenarios;

namespace SegmentPush.Simulation.Oracle;

/// <summary>What the rules ask about one push, worked out once.</summary>
internal sealed class Facts
{
    private readonly Dictionary<string, IReadOnlyList<long>> _named = [];
    private readonly ILookup<long, Happening> _byPerson;
    private ILookup<string?, long>? _byKey;
    private int _happened;
    private readonly ILookup<string, long> _renamed;

    public Facts(DayRecord record, Memory memory)
    {
        Record = record;
        Memory = memory;
        Target = record.World.Scenario.Target;
        Rows = ExpectedRows.Of(record.Day, record.Number, Target);
        var own = record.Processes.First(process => process.Id == record.Seen!.Id);
        Before = own.Before;
        BeforeReading = memory.IsSeeded && !record.Day.Resync ? Before : (record.Processes.FirstOrDefault(process => process.Id == own.Id && record.HasRead(process)) ?? own).Before;
        History = [.. record.World.Marketo.History.Skip(own.HistoryFrom)];
        DayHistory = record.History;
        _byPerson = History.ToLookup(happening => happening.PersonId);
        _renamed = FindRenamed().ToLookup(renamed => renamed.Key, renamed => renamed.PersonId);
        Touched = [.. DayHistory.Where(happening => happening.Actor == Actor.Others).Select(happening => happening.PersonId)];
        Seen = record.Seen!;
        SeenRows = Seen.People.ToLookup(person => (person.Source, person.Row));
        var completing = record.Processes.Last(process => process.Id == record.Seen!.Id);
        var others = record.Processes.Where(process => process.Id != record.Seen!.Id).ToArray();

        // Their imports may go on while this one waits for them.
        HasImportOfAnotherPush = record.Calls.Any(call => call.Kind == CallKind.Import && others.Any(process => process.Number == call.Process));
        int endOfOthers = others.Length == 0 ? own.HistoryFrom : HasImportOfAnotherPush ? completing.HistoryTo : completing.HistoryFrom;
        var addedBefore = DayHistory.TakeWhile(happening => happening.Number < endOfOthers)
            .Where(happening => happening is { Actor: Actor.Product, ChangedList: true, Deed: Deed.AddToList }).Select(happening => happening.PersonId);
        if (memory.IsSeeded && !record.Day.Resync) Known = [.. memory.Ids];
        else if (IsDestination) Known = ReadsLate ? [.. record.Before.Except(EditedJustBefore(record, Deed.AddToList)), .. EditedJustBefore(record, Deed.RemoveFromList)] : [.. record.Before];
        AddedEarlier = [.. addedBefore];
        NamedInAnyWay = [.. Rows.Where(row => row.Key is not null).SelectMany(row => Named(row.Key!))];
    }

    public DayRecord Record { get; }

    public Memory Memory { get; }

    public Target Target { get; }

    public IReadOnlyList<ExpectedRow> Rows { get; }

    /// <summary>Who was on the list when the push began that has completed; others of the day may have come before it.</summary>
    public IReadOnlySet<long> Before { get; }

    /// <summary>The same; where the destination knew nothing, when the process started that read the list first.</summary>
    public IReadOnlySet<long> BeforeReading { get; }

    /// <summary>What happened since that push began.</summary>
    public IReadOnlyList<Happening> History { get; }

    /// <summary>What happened on the day.</summary>
    public IReadOnlyList<Happening> DayHistory { get; }

    public Observation Seen { get; }

    public ILookup<(string, long), PersonSeen> SeenRows { get; }

    /// <summary>People edited by others since the day's push began.</summary>
    public HashSet<long> Touched { get; }

    /// <summary>People that the destination knows on its list.</summary>
    public HashSet<long> Known { get; } = [];

    /// <summary>People named by any row, also by rows at fault.</summary>
    public HashSet<long> NamedInAnyWay { get; }

    /// <summary>People added by an earlier push of the day. The destination may know them or not.</summary>
    public HashSet<long> AddedEarlier { get; }

    /// <summary>Whether another push of the day has imported people. Its import may go on while this one waits for it.</summary>
    public bool HasImportOfAnotherPush { get; }

    public bool IsDestination => Target.Mode is not null;

    /// <summary>Whether the list is read back. A mirror whose rows are mostly at fault ends before that.</summary>
    public bool Verifies => IsDestination && Record.World.Scenario.Verifies(Record.Day)
        && !(Target.Mode == Mode.Mirror && Seen.ErrorId is "NobodyArrived" or "TooManyRejected");

    /// <summary>Whether the destination was moved to another list, with which it forgot what it knew of this one.</summary>
    public bool IsMoved => Record.Processes.Any(process => process.Run.Start == ProcessStart.MoveAndResume);

    /// <summary>Whether the list is read by extracts that lag behind it.</summary>
    public bool ReadsLate => ReadsLateIn(Record.World.Scenario);

    /// <inheritdoc cref="ReadsLate"/>
    public static bool ReadsLateIn(Scenario scenario) => scenario.Target.PagesUpTo == 0 && scenario.Habits.ExtractLagSeconds > 0;

    /// <summary>Whether an answer to a call that changes something did not arrive, so that some outcomes can't be told any more.</summary>
    public bool HasLostAnswers => Record.Processes.Any(process => process.End.WasStopped)
        || HasLost(CallKind.Sync) || HasLost(CallKind.Add) || HasLost(CallKind.Remove) || HasLost(CallKind.Import);

    /// <summary>Whether another push of the day was given up, whose calls may have put people on the list.</summary>
    public bool HasOtherPush => Record.Processes.Any(process => process.Id != Seen.Id);

    /// <summary>Whether Marketo did not say which rows an import took, so that nobody knows which people it put on the list.</summary>
    public bool HasUnaccountedImport => Record.Day.RowsLostByImport > 0 && Record.Calls.Any(call => call.Kind == CallKind.Import);

    /// <summary>
    /// Whether a call of a kind was, or will be, executed and nobody may know its answer: nobody can tell then who was on the list before it. HTTP 503 does not
    /// tell that the call was not executed.
    /// </summary>
    public bool HasLost(CallKind kind) => Record.Calls.Any(call => call.Kind == kind && call.IsExecuted && IsAnswerLost(call))
        || Record.Processes.Any(process => process.Faults.Any(fault => fault.Call == kind
            && fault is { Kind: FaultKind.LoseAnswerExecuteLater or FaultKind.StopExecuteLater } or { Kind: FaultKind.Refuse, Code: "HTTP 503" }));

    /// <summary>
    /// Whether others had taken a person off, and a process ended at a step of its own, or did not hear the answer to a removal. The journal says that a
    /// removal is about to be sent before it is sent. Where a process ends after that, nobody can tell whether the removal ran, or the person was off the list already.
    /// </summary>
    public bool IsRemovalInDoubt(long person) => (WasCutShort || HasLost(CallKind.Remove))
        && Record.World.Marketo.History.LastOrDefault(happening => happening.PersonId == person && happening.ListId == Record.ListId && happening.ChangedList)
            is { Actor: Actor.Others, Deed: Deed.RemoveFromList };

    /// <summary>Whether a process of the push ended at a step of its own, perhaps between noting a call and sending it.</summary>
    public bool WasCutShort => Record.Processes.Any(process => process.Id == Seen.Id && (process.End.WasStopped || FailedAtDisk(process)));

    private static bool FailedAtDisk(ProcessRecord process) => process.Faults.Any(fault => fault.Kind is FaultKind.DiskFull or FaultKind.DiskError or FaultKind.JournalBusy);

    // It did not arrive, or it came to a process that may not have been able to write it down.
    private bool IsAnswerLost(SentCall call) => !call.IsAnswered || Record.Processes.Any(process => process.Number == call.Process
        && (process.End.WasStopped || FailedAtDisk(process)));

    /// <summary>The people that a key names: those with the identity now, and the one that the destination remembers by it.</summary>
    public IReadOnlyList<long> Named(string key)
    {
        if (_named.TryGetValue(key, out var known)) return known;
        var marketo = Record.World.Marketo;
        var people = ByKey()[key].ToHashSet();
        people.UnionWith(_renamed[key].Where(marketo.People.ContainsKey));
        if (!Record.Day.Resync && Memory.People.TryGetValue(key, out var remembered) && remembered is { Id: { } id, IsIdTold: true } && marketo.People.ContainsKey(id)) people.Add(id);
        return _named[key] = [.. people.Order()];
    }

    // The people by the keys of their identities as they are now.
    private ILookup<string?, long> ByKey()
    {
        var marketo = Record.World.Marketo;
        if (_byKey is null || _happened != marketo.History.Count)
        {
            _happened = marketo.History.Count;
            _byKey = marketo.People.Values.ToLookup(person => IdentityKey.Of(Target.Identity, person[Record.World.IdentityField] ?? string.Empty), person => person.Id);
        }

        return _byKey;
    }

    /// <summary>People that others put on the list, or took off it, just before a push: an extract that lags does not show that.</summary>
    public static IEnumerable<long> EditedJustBefore(DayRecord record, Deed deed) => record.World.Marketo.History
        .Where(happening => happening.Actor == Actor.Others && happening.Deed == deed && happening.ChangedList && happening.ListId == record.ListId
            && record.Processes.Any(process => happening.Number < process.HistoryFrom && happening.At > process.StartedAt - TimeSpan.FromMinutes(5)))
        .Select(happening => happening.PersonId);

    // People that got another identity from others on the day, by the one that they had before.
    private IEnumerable<(string Key, long PersonId)> FindRenamed()
    {
        foreach (var renamed in DayHistory.Where(happening => happening.Deed == Deed.Rename))
        {
            string? before = DayHistory.TakeWhile(happening => happening != renamed)
                .Where(happening => happening.PersonId == renamed.PersonId && happening.Deed is Deed.Create or Deed.Rename)
                .Select(happening => happening.Values.GetValueOrDefault(Record.World.IdentityField)).LastOrDefault()
                ?? Record.IdentitiesBefore.GetValueOrDefault(renamed.PersonId);
            if (before is not null && IdentityKey.Of(Target.Identity, before) is { } key) yield return (key, renamed.PersonId);
        }
    }

    /// <summary>Whether the destination knows a member by the row's identity who is not on the list any more, which only a reading of the list could find.</summary>
    public bool IsKnownAndGone(ExpectedRow row) => (!Verifies || ReadsLate)
        && Memory.People.TryGetValue(row.Key!, out var known) && !(known.Id is { } id && Record.After.Contains(id)) && IsUnchanged(row, certainly: false);

    /// <summary>Whether the destination may know a member by the row's identity, who has another one by now: the list is not read again.</summary>
    public bool IsFormerMember(ExpectedRow row) => IsDestination && !Verifies && Memory.Former.Any(former => former.Key == row.Key);

    /// <summary>Whether nobody has the row's identity by now, and only a process that was stopped has read a member who had it.</summary>
    public bool IsUnheard(ExpectedRow row) => !Record.Day.Resync && Memory.IsUnheard(row.Key!) && IsOnlyRemembered(row.Key!);

    /// <summary>Whether nobody has an identity by now, and the destination remembers somebody who had it.</summary>
    public bool IsOnlyRemembered(string key) => Named(key).All(id => IdentityOf(id) != key);

    /// <summary>Whether others gave a person another identity before the destination read its list for the first time. A process that was stopped may have kept nothing of its reading.</summary>
    public bool IsRenamedBeforeReading(long person)
    {
        if (Memory.IsSeeded && !Record.Day.Resync) return false;
        SentCall[] readings = [.. Record.Calls.Where(call => call is { Kind: CallKind.ReadList or CallKind.ExportFile, IsAnswered: true })];
        var reading = readings.FirstOrDefault(call => !Record.Processes.Any(process => process.Number == call.Process && process.End.WasStopped)) ?? readings.FirstOrDefault();
        return reading is not null && DayHistory.Any(happening => happening.PersonId == person && happening.Deed == Deed.Rename && happening.At < reading.At);
    }

    /// <summary>What happened to a person since the push began.</summary>
    public IEnumerable<Happening> Of(long person) => _byPerson[person];

    /// <summary>What the product did to the people that a row names.</summary>
    public IEnumerable<Happening> Done(ExpectedRow row, params Deed[] deeds) =>
        Named(row.Key!).SelectMany(Of).Where(happening => happening.Actor == Actor.Product && deeds.Contains(happening.Deed));

    /// <summary>What the product did to people that a segment put on the list by the row's identity, and that have another one by now.</summary>
    public IEnumerable<Happening> DoneToFormer(ExpectedRow row, Deed deed) =>
        History.Where(happening => happening.Actor == Actor.Product && happening.Deed == deed && Memory.IsFormer(row.Key!, happening.PersonId));

    /// <summary>What the product did to them on the whole day.</summary>
    public IEnumerable<Happening> DoneOnDay(ExpectedRow row, params Deed[] deeds) => DayHistory
        .Where(happening => happening.Actor == Actor.Product && deeds.Contains(happening.Deed) && Named(row.Key!).Contains(happening.PersonId));

    /// <summary>What the product said of a row; null where it said nothing, or several things.</summary>
    public PersonSeen? SeenOf(ExpectedRow row) => SeenRows[(row.Source, row.Number)].ToArray() is [var one] ? one : null;

    /// <summary>Whether nothing certain can be said of a row, because others worked on its person meanwhile.</summary>
    public bool IsTouched(ExpectedRow row) => Named(row.Key!).Any(Touched.Contains);

    /// <summary>Whether others worked on somebody who had or got the row's identity, and no reading of the list could find it.</summary>
    public bool IsTouchedUnseen(ExpectedRow row) =>
        !Verifies && Record.World.IdentitiesTouched.Any(identity => IdentityKey.Of(Target.Identity, identity) == row.Key);

    /// <summary>The same as <see cref="IsTouched"/>, where they did so in the middle of a process.</summary>
    public bool IsTouchedDuringPush(ExpectedRow row) => Named(row.Key!).Any(Record.World.TouchedDuringPush.Contains)
        || Record.World.IdentitiesTouchedDuringPush.Any(identity => IdentityKey.Of(Target.Identity, identity) == row.Key);

    /// <summary>Whether the destination certainly knows that just these values were sent for the row's person, who is still there.</summary>
    public bool IsUnchanged(ExpectedRow row, bool certainly) =>
        IsDestination && !Record.Day.Resync && Memory.People.TryGetValue(row.Key!, out var known)
        && ((known.IsCertain && !IsMoved) || !certainly)

        // Of somebody who is left alone nothing can change.
        && ((!certainly && !Target.Updates) || SameValues(known.Sent ?? new Dictionary<string, string>(), row.Values))
        && (!certainly || (known.Id is { } id && IdentityOf(id) == row.Key));

    /// <summary>The key of a person's identity as it is now; null where there is no such person, or none.</summary>
    public string? IdentityOf(long person) => Record.World.Marketo.People.TryGetValue(person, out var found)
        ? IdentityKey.Of(Target.Identity, found[Record.World.IdentityField] ?? string.Empty)
        : null;

    /// <summary>Whether two sets of values are the same to Marketo.</summary>
    public static bool SameValues(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out string? value) && IsSame(pair.Key, pair.Value, value));

    /// <summary>Whether two texts are the same value of a field.</summary>
    public static bool IsSame(string field, string one, string? other) =>
        other is not null && Field.Find(field)!.Store(one) is { } kept && kept == Field.Find(field)!.Store(other);
}
