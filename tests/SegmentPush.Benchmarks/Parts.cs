using BenchmarkDotNet.Attributes;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Marketo;
using SegmentPush.Pushes;
using SegmentPush.Segments;

namespace SegmentPush.Benchmarks;

/// <summary>What every row goes through, part by part; figures are for <see cref="Rows"/> rows.</summary>
[InProcess]
[MemoryDiagnoser]
public class Parts
{
    private const int Rows = 30_000;

    private static readonly SegmentMapping[] s_entries =
    [
        new("personalEmail.address", "email", "Email"), new("person.name.firstName", "firstName"),
        new("person.name.lastName", "lastName"), new("b2b.companyName", "company"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("segmentpush-parts-").FullName;
    private readonly Mapping _mapping = Mapping.Check(
        s_entries, [.. s_entries.Select(entry => new TargetField(entry.Target, entry.Target == "email" ? "email" : "string", 255, true, entry.Target == "email"))]);

    private string _segment = "";
    private Person[] _people = [];

    [GlobalSetup]
    public void Prepare()
    {
        _segment = Segment.Write(_folder, Rows);
        using var source = PushSource.OpenFile(_segment, FormOptions.None).Reader;
        _people = [.. new SegmentIntake([PushSource.OpenFile(_segment, FormOptions.None)], _mapping, MappingUse.SendingAll, false).Read(default).SelectMany(batch => batch.People)];
    }

    [GlobalCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Description = "read the file")]
    public long Read()
    {
        using var reader = FileSource.Open(_segment, FormOptions.None).OpenReader();
        long length = 0;
        while (reader.Read()) length += reader.GetValue(0).Length;
        return length;
    }

    [Benchmark(Description = "read, map, and find duplicates")]
    public long Map()
    {
        var source = PushSource.OpenFile(_segment, FormOptions.None);
        using var reader = source.Reader;
        return new SegmentIntake([source], _mapping, MappingUse.SendingAll, false).Read(default).Sum(batch => batch.People.Count);
    }

    [Benchmark(Description = "find duplicates")]
    public long Identities()
    {
        var set = new IdentitySet();
        foreach (var person in _people) set.Add(person.Identity);
        return set.Count;
    }

    [Benchmark(Description = "write into the journal")]
    public void Journal()
    {
        string folder = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        using var journal = PushJournal.Open(folder);
        var status = new PushStatus
        {
            Id = Guid.NewGuid(),
            State = PushState.Running,
            Instance = "000-SBX-000",
            StaticListId = 1021,
            StaticListName = "Webinar",
            Source = [_segment],
            PersonCreation = PersonCreation.MatchExistingAndCreateMissing,
            ExistingPeople = ExistingPeople.Update,
            Delivery = Delivery.Bulk,
            Started = DateTimeOffset.UtcNow,
        };
        long key = journal.Lifecycle.Begin(status, "{}", [new SourceEntry(_segment, null, null, null)]);
        foreach (var people in _people.Chunk(3000))
            journal.Outcomes.Write(key, new OutcomeBatch(status)
            {
                People = people.Select(p => new PersonEntry(p.Source, p.Row, p.Identity, PersonOutcome.Added)),
            });
    }
}
