using System.Globalization;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Scenarios;

/// <summary>People who join a segment, leave it, return and change, and the rows that an export has of them.</summary>
internal sealed class Population
{
    private readonly Chance _chance;
    private readonly Target _target;
    private readonly Human[] _humans;
    private readonly bool _isTidy;

    public Population(Chance chance, Target target)
    {
        _chance = chance;
        _target = target;
        int count = chance.Weighted((20, 2 + chance.Below(4)), (20, 4 + chance.Below(12)), (6, 10 + chance.Below(40)), (1, 310 + chance.Below(400)));
        _humans = [.. Enumerable.Range(1, count).Select(number => new Human(number, IdentityOf(target.Identity, number)))];
        _isTidy = chance.Percent(30);
    }

    /// <summary>The identities of all.</summary>
    public IEnumerable<string> Everybody => _humans.Select(human => human.Identity);

    /// <summary>The identity of somebody with a number.</summary>
    public static string IdentityOf(IdentityKind kind, int number) => kind switch
    {
        IdentityKind.Email => string.Create(CultureInfo.InvariantCulture, $"p{number}@x.example"),
        IdentityKind.Text => string.Create(CultureInfo.InvariantCulture, $"code{number}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{number}{(number % 3 == 0 ? ".5" : "")}"),
    };

    /// <summary>Who is in Marketo, and on the list, before the first day.</summary>
    public IReadOnlyList<StartPerson> Start()
    {
        bool isListEmpty = _chance.Percent(40);
        StartPerson[] people = [.. _humans.Where(_ => _chance.Percent(50)).Select(human => new StartPerson(human.Identity, !isListEmpty && _chance.Percent(40), "Old"))];

        // Sometimes Marketo has somebody twice, both on the list.
        return _target.Mode == Mode.Delta && people.FirstOrDefault(person => person.IsOnList) is { } listed && _chance.Percent(15) ? [.. people, listed] : people;
    }

    /// <summary>A day passes: some join, some leave, some change.</summary>
    public void Pass(int day)
    {
        double leaving = _chance.Of([0, 5.0, 25]);
        foreach (var human in _humans)
        {
            bool wasIn = human.IsIn;
            human.IsIn = day == 0 ? _chance.Percent(70) : wasIn ? !_chance.Percent(leaving) : _chance.Percent(25);
            bool hasNewValues = human.Values.Count == 0 || _chance.Percent(20);
            if (hasNewValues) human.Values = [.. _target.Fields.Select(field => ValueOf(field, day))];
            human.HasNews = human.IsIn != wasIn || (human.IsIn && hasNewValues);
        }
    }

    /// <summary>The rows of a day.</summary>
    public IReadOnlyList<Row> Rows(int day)
    {
        bool isDelta = _target.Mode == Mode.Delta && (day > 0 || _chance.Percent(50)) && !_chance.Percent(15);
        if (_target.Mode is not null && _chance.Percent(2)) return [];
        var rows = new List<Row>();
        foreach (var human in _humans.Where(human => isDelta ? human.HasNews : human.IsIn || (_target.Mode == Mode.Delta && _chance.Percent(50))))
        {
            string status = human.IsIn ? _chance.Of(["realized", "existing"]) : "exited";
            var row = new Row(IdentityText(human.Identity), human.Values, status);
            rows.Add(_isTidy ? row : Spoil(row));
            if (!_isTidy && _chance.Percent(5)) rows.Add(Spoil(row with { Identity = IdentityText(human.Identity), Status = _chance.Of(["realized", "exited"]) }));
        }

        // For a plain push, a file without rows is an error.
        if (rows.Count == 0 && _target.Mode is null) rows.Add(new Row(_humans[0].Identity, _humans[0].Values));
        return _chance.Percent(50) ? rows : _chance.Shuffled(rows);
    }

    private Row Spoil(Row row) => _chance.Weighted((60, 0), (1, 1), (1, 2), (2, 3), (1, 4), (1, 5), (1, 6)) switch
    {
        1 => row with { Identity = _chance.Of(["", "  "]) },
        2 => row with { Identity = _target.Identity == IdentityKind.Number ? "seven" : "no address" },
        3 when row.Values.Count > 1 => row with { Values = [row.Values[0], "abc"] },
        4 => row with { HasSurplusCell = true },
        5 when row.Values.Count > 0 => row with { Values = [.. row.Values.Select(_ => string.Empty)] },
        6 when _target.Identity == IdentityKind.Text => row with { Identity = row.Identity + ",x" },
        6 when row.Values.Count > 0 => row with { Values = ["x" + SegmentBoundary, .. row.Values.Skip(1)] },
        _ => row,
    };

    private const string SegmentBoundary = Running.SegmentFiles.Boundary;

    private string IdentityText(string identity) => _isTidy ? identity : _target.Identity switch
    {
        IdentityKind.Number => _chance.Weighted((6, identity), (1, "0" + identity), (1, identity.Contains('.', StringComparison.Ordinal) ? identity + "0" : identity + ".0"), (1, " " + identity)),
        _ => _chance.Weighted((12, identity), (2, identity.ToUpperInvariant()), (1, " " + identity + " ")),
    };

    private string ValueOf(string field, int day) => field switch
    {
        "firstName" => _chance.Weighted((6, string.Create(CultureInfo.InvariantCulture, $"Name{day}")), (2, "José \"Joe\", Jr."), (2, string.Empty)),
        "rating" => _chance.Of(["1.50", "2", "1e-30", string.Empty]),
        _ => _chance.Weighted((6, string.Create(CultureInfo.InvariantCulture, $"{_chance.Below(100)}")), (1, string.Empty)),
    };

    private sealed class Human(int number, string identity)
    {
        public int Number => number;

        public string Identity => identity;

        public bool IsIn { get; set; }

        public bool HasNews { get; set; }

        public IReadOnlyList<string> Values { get; set; } = [];
    }
}
