using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Scenarios;

/// <summary>Makes a scenario from a seed: first how often what happens, then what happens.</summary>
internal sealed class ScenarioGenerator
{
    private readonly ulong _seed;
    private readonly Population _population;
    private readonly Target _target;
    private readonly Chance _days;
    private readonly Chance _others;
    private readonly Chance _readings;

    private ScenarioGenerator(ulong seed)
    {
        _seed = seed;
        _target = TargetOf(Chance.Of(seed, "target"));
        _days = Chance.Of(seed, "days");
        _others = Chance.Of(seed, "others");
        _readings = Chance.Of(seed, "readings");
        _population = new Population(Chance.Of(seed, "population"), _target);
    }

    /// <summary>The scenario of a seed.</summary>
    public static Scenario Make(ulong seed) => new ScenarioGenerator(seed).Make();

    /// <summary>Draws what others do at some moment.</summary>
    public static IReadOnlyList<Edit> DrawEdits(Chance chance, Scenario scenario, int most)
    {
        string[] identities = [.. scenario.People.Select(person => person.Identity)
            .Concat(scenario.Days.SelectMany(day => day.Files).SelectMany(rows => rows).Select(row => row.Identity.Trim()))
            .Where(identity => identity.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        return identities.Length == 0 ? [] : [.. Enumerable.Range(0, 1 + chance.Below(most)).Select(_ => DrawEdit(chance, scenario.Target, identities))];
    }

    /// <summary>Draws what others do just before a call arrives, most often to somebody that the call names.</summary>
    /// <param name="chance">The generator.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="named">Identities of the people that the call names.</param>
    /// <param name="hasFiles">Whether the push has opened its files.</param>
    public static IReadOnlyList<Edit> DrawEditsDuringPush(Chance chance, Scenario scenario, IReadOnlyList<string> named, bool hasFiles)
    {
        if (hasFiles && chance.Percent(20)) return [new Edit(chance.Of([EditKind.ReplaceFile, EditKind.OverwriteFile]), Population.IdentityOf(scenario.Target.Identity, 700))];
        if (hasFiles && scenario.Target.Mode is not null && chance.Percent(5)) return [new Edit(EditKind.RemoveDestination, string.Empty)];
        return named.Count > 0 && chance.Percent(70) ? [DrawEdit(chance, scenario.Target, named)] : DrawEdits(chance, scenario, 2);
    }

    /// <summary>Draws what others do to a person in the day's segment: a campaign writes fields, or somebody edits the list.</summary>
    public static IReadOnlyList<Edit> DrawEditsOfNamed(Chance chance, Day day)
    {
        string[] named = [.. day.Files.SelectMany(rows => rows).Select(row => row.Identity.Trim()).Where(identity => identity.Length > 0)];
        if (named.Length == 0) return [];
        return [.. Enumerable.Range(0, 1 + chance.Below(3))
            .Select(_ => new Edit(chance.Weighted((4, EditKind.Write), (1, EditKind.RemoveFromList), (1, EditKind.AddToList)), chance.Of(named), "Campaign"))];
    }

    private Scenario Make()
    {
        var habits = HabitsOf(Chance.Of(_seed, "habits"));
        var people = _population.Start();
        var scenario = new Scenario { Seed = _seed, Target = _target, Habits = habits, People = people, Rates = RatesOf(Chance.Of(_seed, "rates")) };
        int count = 1 + _days.Below(4);
        bool isCalm = _others.Percent(35);
        for (int day = 0; day < count; day++)
        {
            var next = MakeDay(day);
            scenario = scenario with { Days = [.. scenario.Days, next] };
            if (isCalm || day == 0 || !_others.Percent(60)) continue;
            scenario = scenario with { Days = [.. scenario.Days.SkipLast(1), next with { Edits = DrawEdits(_others, scenario, 3) }] };
        }

        return scenario;
    }

    private Day MakeDay(int day)
    {
        _population.Pass(day);
        var rows = _population.Rows(day);
        bool isDestination = _target.Mode is not null;
        bool isPipeline = _days.Percent(20) && rows.Count > 0;
        int files = isPipeline || rows.Count < 2 || !_days.Percent(25) ? 1 : 2;
        int split = files == 1 ? rows.Count : 1 + _days.Below(rows.Count - 1);
        IReadOnlyList<Row>[] parts = files == 1 ? [WithHeader(rows)] : [WithHeader([.. rows.Take(split)]), WithHeader([.. rows.Skip(split)])];
        var made = new Day
        {
            Files = parts,
            IsPipeline = isPipeline,
            IsHalfPipeline = isPipeline && _days.Percent(12),
            HasNoLastLineEnd = !isPipeline && _days.Percent(4),
            HasOpenQuote = !isPipeline && rows.Count > 2 && _days.Percent(1.5),
            Resync = isDestination && _days.Percent(10),
            Verify = _target.Mode is Mode.Append or Mode.Delta && _readings.Percent(12) ? _target.Verify != true : null,
            Force = _target.Mode == Mode.Mirror && _target.MaxRemovalPercent < 100 && _days.Percent(20),
            Refused = [.. _population.Everybody.Where(_ => _days.Percent(3))],
            RefusedRemovals = [.. _population.Everybody.Where(_ => isDestination && _days.Percent(1))],
            WarnedByImport = _target.Delivery == DeliveryKind.Sync ? [] : [.. _population.Everybody.Where(_ => _days.Percent(6))],
            RowsLostByImport = _target.Delivery != DeliveryKind.Sync && _days.Percent(2) ? 1 : 0,
            Undo = _days.Percent(15),
            UndoDaysBack = day > 0 && _days.Percent(25) ? 1 : 0,
            UndoAfterSeconds = _days.Weighted((3, 3600), (1, 5), (1, 60)),
        };

        // Whether such a push had read the list anew before it ended is not known.
        return _days.Percent(6) ? made with { Undo = true, UndoDaysBack = 0, UndoesUnfinished = true, Resync = false } : made;
    }

    // Where most rows have a cell more than the header, the header looks like a title line, and the file is refused.
    private static IReadOnlyList<Row> WithHeader(IReadOnlyList<Row> rows) =>
        2 * rows.Count(row => row.HasSurplusCell) > rows.Count ? [.. rows.Select((row, i) => i % 2 == 0 ? row with { HasSurplusCell = false } : row)] : rows;

    private static Target TargetOf(Chance chance)
    {
        Mode? mode = chance.Weighted<Mode?>((3, null), (3, Mode.Append), (6, Mode.Mirror), (4, Mode.Delta));
        bool creates = chance.Percent(70);
        var identity = chance.Weighted((8, IdentityKind.Email), (1, IdentityKind.Text), (1, IdentityKind.Number));
        bool isGuarded = mode == Mode.Mirror && chance.Percent(35);
        return new Target
        {
            Mode = mode,
            Creates = creates,
            Updates = creates ? chance.Percent(85) : chance.Percent(30),
            Delivery = chance.Weighted((6, DeliveryKind.Sync), (3, DeliveryKind.Bulk), (2, DeliveryKind.Auto)),
            SyncUpTo = chance.Of([8, 20_000]),
            Identity = identity,
            HashesIdentities = chance.Percent(20),
            Verify = mode switch
            {
                Mode.Append or Mode.Delta => chance.Percent(45) ? true : null,
                Mode.Mirror => chance.Percent(20) ? false : null,
                _ => null,
            },
            PagesUpTo = chance.Percent(15) ? 0 : 15_000,
            MaxRemovalPercent = isGuarded ? 40 : 100,
            MaxShrinkPercent = isGuarded ? 60 : 100,
            Concurrency = chance.Of([1, 5, 5]),
            CallsPer20Seconds = chance.Weighted((1, 1), (1, 2), (14, 50)),
            RetryLimit = chance.Weighted((1, 0), (8, 6)),
            WritesRejects = chance.Percent(30),
            Fields = chance.Weighted<IReadOnlyList<string>>((5, ["firstName", "leadScore"]), (2, ["firstName", "rating"]), (1, []), (1, ["firstName"])),
        };
    }

    private static Habits HabitsOf(Chance chance) => new()
    {
        SaysAddedToMembers = chance.Percent(70),
        EmptyCellClears = chance.Percent(40),
        ImportSeconds = chance.Of([4, 12, 100, 100]),
        ExtractLagSeconds = chance.Of([0, 0, 45, 110]),
        TellsIdOfExisting = chance.Percent(30),
    };

    // A seed without any of a kind finds what the kind hides.
    private static FaultRates? RatesOf(Chance chance)
    {
        if (chance.Percent(20)) return null;
        double some = chance.Of([1.0, 3, 8]);
        return new FaultRates
        {
            Stop = chance.Percent(60) ? some : 0,
            StopAtDisk = chance.Percent(50) ? some / 4 : 0,
            LostAnswer = chance.Percent(50) ? some : 0,
            Refusal = chance.Percent(40) ? some / 2 : 0,
            Disk = chance.Percent(15) ? some / 8 : 0,
            Clock = chance.Percent(25) ? some / 2 : 0,
            Meddling = chance.Percent(30) ? some : 0,
            MostPerDay = 1 + chance.Below(4),
        };
    }

    private static Edit DrawEdit(Chance chance, Target target, IReadOnlyList<string> identities)
    {
        string who = chance.Of(identities);
        return chance.Weighted((4, EditKind.RemoveFromList), (4, EditKind.AddToList), (4, EditKind.Write), (2, EditKind.Rename), (2, EditKind.Delete), (1, EditKind.Clear), (2, EditKind.Create)) switch
        {
            EditKind.Rename => new Edit(EditKind.Rename, who, chance.Percent(50) ? chance.Of(identities) : Population.IdentityOf(target.Identity, 900 + chance.Below(90))),
            EditKind.Write => new Edit(EditKind.Write, who, "Campaign"),
            EditKind.Create => new Edit(EditKind.Create, Population.IdentityOf(target.Identity, 800 + chance.Below(20)), "Stranger"),
            var kind => new Edit(kind, who),
        };
    }
}
