using System.Globalization;
using SegmentPush.Simulation.Marketo;
using SegmentPush.Simulation.Product;
using SegmentPush.Simulation.Scenarios;
using SegmentPush.Simulation.Time;

namespace SegmentPush.Simulation.Faults;

/// <summary>Everything outside the product: time, a Marketo instance, the other people who work there, and a folder on a disk.</summary>
internal sealed class World
{
    private readonly List<string> _log = [];

    public World(Scenario scenario, string folder, ScenarioJournal journal)
    {
        Scenario = scenario;
        Journal = journal;
        Folder = folder;
        Marketo = new Instance(Time, scenario.Habits, IdentityField);
        Endpoints = new Endpoints(Marketo);
        foreach (var start in scenario.People)
        {
            var values = new Dictionary<string, string?> { [IdentityField] = start.Identity };
            if (start.FirstName is not null) values["firstName"] = start.FirstName;
            var person = Marketo.Create(Actor.Others, values);
            if (start.IsOnList) Marketo.AddToList(Actor.Others, Instance.ListId, person.Id);
        }
    }

    public Scenario Scenario { get; }

    /// <summary>The journal's folder; the files of the segments lie in it, too.</summary>
    public string Folder { get; }

    /// <summary>The journal that all processes share.</summary>
    public ScenarioJournal Journal { get; }

    public VirtualTime Time { get; } = new();

    public Instance Marketo { get; }

    public Endpoints Endpoints { get; }

    /// <summary>The moment by the machine's wall clock.</summary>
    public DateTimeOffset WallClock => Time.Now + Time.WallClockError;

    /// <summary>What happened, one line for each step that matters.</summary>
    public IReadOnlyList<string> Log => _log;

    /// <summary>People edited by others while a push ran on this day. The oracle says nothing about them until the next day.</summary>
    public HashSet<long> TouchedDuringPush { get; } = [];

    /// <summary>Identities that they had or got then.</summary>
    public HashSet<string> IdentitiesTouchedDuringPush { get; } = [];

    /// <summary>Identities of people edited by others since the push of the day began, also between its processes.</summary>
    public HashSet<string> IdentitiesTouched { get; } = [];

    /// <summary>Does what is no matter of Marketo's: removes the destination, replaces a file.</summary>
    public Action<Edit>? DoElsewhere { get; set; }

    /// <summary>The call that a process made last.</summary>
    public Request? LastCall { get; set; }

    /// <summary>Identities of the people that this call names, by id or by identity.</summary>
    public IReadOnlyList<string> NamedByLastCall => LastCall is not { } call ? [] : [.. Marketo.People.Values
        .Where(person => person[IdentityField] is { Length: > 0 } identity && (call.Names(identity) || call.Names(person.Id.ToString(CultureInfo.InvariantCulture))))
        .Select(person => person[IdentityField]!)];

    /// <summary>The field that finds people.</summary>
    public string IdentityField => Scenario.Target.Identity switch
    {
        IdentityKind.Text => "customerCode",
        IdentityKind.Number => "customerNumber",
        _ => "email",
    };

    /// <summary>Writes a line into the log.</summary>
    public void Note(string line) => _log.Add(string.Create(
        CultureInfo.InvariantCulture, $"{Time.Now:dd HH:mm:ss.fff} {line}"));

    /// <summary>Others do something.</summary>
    public void DoEdits(IReadOnlyList<Edit> edits, bool isDuringPush = false)
    {
        foreach (var edit in edits)
        {
            Note($"others: {edit.Kind} {edit.Who} {edit.Value}");
            IdentitiesTouched.UnionWith([edit.Who, edit.Value ?? string.Empty]);
            if (isDuringPush) IdentitiesTouchedDuringPush.UnionWith([edit.Who, edit.Value ?? string.Empty]);
            foreach (var person in Do(edit))
            {
                if (isDuringPush) TouchedDuringPush.Add(person.Id);
            }
        }
    }

    private IReadOnlyList<Person> Do(Edit edit)
    {
        if (edit.ChangesFile() || edit.Kind == EditKind.RemoveDestination)
        {
            DoElsewhere?.Invoke(edit);
            return [];
        }

        var found = Marketo.Find(IdentityField, edit.Who);
        if (edit.Kind == EditKind.Create)
        {
            return found.Count > 0 ? [] : [Marketo.Create(Actor.Others, new Dictionary<string, string?> { [IdentityField] = edit.Who, ["firstName"] = edit.Value })];
        }

        foreach (var person in found) DoTo(person, edit);
        return found;
    }

    private void DoTo(Person person, Edit edit)
    {
        switch (edit.Kind)
        {
            case EditKind.AddToList:
                Marketo.AddToList(Actor.Others, Instance.ListId, person.Id);
                break;
            case EditKind.RemoveFromList:
                Marketo.RemoveFromList(Actor.Others, Instance.ListId, person.Id);
                break;
            case EditKind.Delete:
                Marketo.Delete(Actor.Others, person.Id);
                break;
            case EditKind.Rename:
                // Marketo keeps people apart by this field.
                if (Marketo.Find(IdentityField, edit.Value!).Count == 0)
                    Marketo.Write(Actor.Others, person, new Dictionary<string, string?> { [IdentityField] = edit.Value }, Deed.Rename);
                break;
            case EditKind.Write:
                Marketo.Write(Actor.Others, person, new Dictionary<string, string?> { ["firstName"] = edit.Value });
                break;
            case EditKind.Clear:
                Marketo.Write(Actor.Others, person, Scenario.Target.Fields.ToDictionary(field => field, _ => (string?)null));
                break;
        }
    }
}
