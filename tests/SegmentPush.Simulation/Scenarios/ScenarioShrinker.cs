namespace SegmentPush.Simulation.Scenarios;

/// <summary>Makes a failing scenario shorter while it fails in the same way: fewer days, people, rows, faults and settings.</summary>
internal sealed class ScenarioShrinker
{
    private readonly Func<Scenario, bool> _fails;
    private readonly Func<bool> _isOver;
    private Scenario _best;

    private ScenarioShrinker(Scenario scenario, Func<Scenario, bool> fails, Func<bool> isOver)
    {
        _best = scenario;
        _fails = fails;
        _isOver = isOver;
    }

    /// <summary>Shortens a scenario.</summary>
    /// <param name="scenario">The scenario, with all that chance drew.</param>
    /// <param name="fails">Runs a scenario, and tells whether it fails in the same way.</param>
    /// <param name="isOver">Whether there is no time for more.</param>
    public static Scenario Shrink(Scenario scenario, Func<Scenario, bool> fails, Func<bool> isOver)
    {
        var shrinker = new ScenarioShrinker(scenario, fails, isOver);
        while (!isOver() && shrinker.Pass())
        {
        }

        return shrinker._best;
    }

    private bool Pass()
    {
        bool isShorter = Remove(s => s.Days, (s, days) => s with { Days = days });
        for (int day = 0; day < _best.Days.Count; day++) isShorter |= ShortenDay(day);
        isShorter |= Remove(s => s.People, (s, people) => s with { People = people });
        isShorter |= Simplify();
        return isShorter;
    }

    private bool ShortenDay(int day)
    {
        bool isShorter = RemoveIn(day, d => d.Edits, (d, edits) => d with { Edits = edits });
        isShorter |= RemoveIn(day, d => d.Files, (d, files) => d with { Files = files });
        for (int file = 0; file < _best.Days[day].Files.Count; file++)
        {
            int at = file;
            isShorter |= RemoveIn(day, d => d.Files[at], (d, rows) => d with { Files = Replace(d.Files, at, rows) });
        }

        isShorter |= RemoveIn(day, d => d.Processes, (d, processes) => d with { Processes = processes });
        for (int process = 0; process < _best.Days[day].Processes.Count; process++)
        {
            int at = process;
            isShorter |= RemoveIn(day, d => d.Processes[at].Faults, (d, faults) => d with { Processes = Replace(d.Processes, at, d.Processes[at] with { Faults = faults }) });
            isShorter |= RemoveIn(day, d => d.Processes[at].Edits, (d, edits) => d with { Processes = Replace(d.Processes, at, d.Processes[at] with { Edits = edits }) });
        }

        isShorter |= RemoveIn(day, d => d.Undoings, (d, undoings) => d with { Undoings = undoings });
        for (int undoing = 0; undoing < _best.Days[day].Undoings.Count; undoing++)
        {
            int at = undoing;
            isShorter |= RemoveIn(day, d => d.Undoings[at].Faults, (d, faults) => d with { Undoings = Replace(d.Undoings, at, d.Undoings[at] with { Faults = faults }) });
        }

        isShorter |= RemoveIn(day, d => d.Refused, (d, refused) => d with { Refused = refused });
        isShorter |= RemoveIn(day, d => d.RefusedRemovals, (d, refused) => d with { RefusedRemovals = refused });
        isShorter |= RemoveIn(day, d => d.WarnedByImport, (d, warned) => d with { WarnedByImport = warned });
        Func<Day, Day>[] plainer =
        [
            d => d with { IsPipeline = false, IsHalfPipeline = false },
            d => d with { IsHalfPipeline = false },
            d => d with { HasNoLastLineEnd = false },
            d => d with { HasOpenQuote = false },
            d => d with { Resync = false },
            d => d with { Verify = null },
            d => d with { Undo = false, UndoDaysBack = 0 },
            d => d with { UndoDaysBack = 0 },
            d => d with { UndoesUnfinished = false },
            d => d with { Force = false },
            d => d with { RowsLostByImport = 0 },
            d => d with { Files = [.. d.Files.Select(rows => (IReadOnlyList<Row>)[.. rows.Select(row => row with { Identity = row.Identity.Trim().ToLowerInvariant(), Status = row.Status == "existing" ? "realized" : row.Status })])] },
            d => d with { Processes = [.. d.Processes.Select(process => process with { DelaySeconds = 0 })] },
            d => d with { Processes = [.. d.Processes.Select(process => process with { SetsClockRight = false })] },
        ];
        foreach (var change in plainer) isShorter |= Try(_best with { Days = Replace(_best.Days, day, change(_best.Days[day])) });
        return isShorter;
    }

    private bool Simplify()
    {
        Func<Scenario, Scenario>[] plainer =
        [
            s => s with { Habits = new Habits() },
            s => s with { Target = s.Target with { HashesIdentities = false } },
            s => s with { Target = s.Target with { Delivery = DeliveryKind.Sync } },
            s => s with { Target = s.Target with { PagesUpTo = 15_000 } },
            s => s with { Target = s.Target with { CallsPer20Seconds = 50 } },
            s => s with { Target = s.Target with { RetryLimit = 6 } },
            s => s with { Target = s.Target with { Concurrency = 1 } },
            s => s with { Target = s.Target with { WritesRejects = false } },
            s => s with { Target = s.Target with { Creates = true, Updates = true } },
            s => s with { Target = s.Target with { MaxRemovalPercent = 100, MaxShrinkPercent = 100 } },
            s => s with { Target = s.Target with { Verify = null } },
            s => s with { People = [.. s.People.Select(person => person with { IsOnList = false })] },
            s => s with { Seed = 1 },
        ];
        bool isShorter = false;
        foreach (var change in plainer) isShorter |= Try(change(_best));
        for (int field = _best.Target.Fields.Count - 1; field >= 0; field--) isShorter |= Try(WithoutField(_best, field));
        return isShorter;
    }

    private static Scenario WithoutField(Scenario scenario, int field) => scenario with
    {
        Target = scenario.Target with { Fields = Without(scenario.Target.Fields, field, 1) },
        Days = [.. scenario.Days.Select(day => day with
        {
            Files = [.. day.Files.Select(rows => (IReadOnlyList<Row>)[.. rows.Select(row => row with { Values = Without(row.Values, field, 1) })])],
        })],
    };

    private bool RemoveIn<T>(int day, Func<Day, IReadOnlyList<T>> get, Func<Day, IReadOnlyList<T>, Day> set) =>
        day < _best.Days.Count && Remove(s => get(s.Days[day]), (s, items) => s with { Days = Replace(s.Days, day, set(s.Days[day], items)) });

    // Large parts first, then one by one.
    private bool Remove<T>(Func<Scenario, IReadOnlyList<T>> get, Func<Scenario, IReadOnlyList<T>, Scenario> set)
    {
        bool isShorter = false;
        for (int size = Math.Max(1, get(_best).Count / 2); size >= 1; size /= 2)
        {
            for (int at = get(_best).Count - size; at >= 0 && !_isOver(); at -= size)
            {
                if (at + size <= get(_best).Count) isShorter |= Try(set(_best, Without(get(_best), at, size)));
            }
        }

        return isShorter;
    }

    private bool Try(Scenario candidate)
    {
        if (_isOver() || ScenarioText.Write(candidate) == ScenarioText.Write(_best) || !_fails(candidate)) return false;
        _best = candidate;
        return true;
    }

    private static IReadOnlyList<T> Without<T>(IReadOnlyList<T> items, int at, int count) => [.. items.Take(at), .. items.Skip(at + count)];

    private static IReadOnlyList<T> Replace<T>(IReadOnlyList<T> items, int at, T item) => [.. items.Take(at), item, .. items.Skip(at + 1)];
}
