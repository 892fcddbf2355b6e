using System.Runtime.CompilerServices;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Pushes.InStep;

namespace SegmentPush.Pushes;

/// <summary>Some people of a segment, and what is to be done with them.</summary>
/// <param name="People">Those to push.</param>
/// <param name="Leaving">Those to take off the list.</param>
/// <param name="Settled">Those settled already, as rejected or duplicate.</param>
/// <param name="Unchanged">Those for whom there is nothing to do.</param>
internal sealed record IntakeBatch(
    IReadOnlyList<Person> People, IReadOnlyList<Person> Leaving, IReadOnlyList<PersonEntry> Settled, IReadOnlyList<UnchangedBlock> Unchanged)
{
    /// <summary>Number of rows.</summary>
    public int Received => People.Count + Leaving.Count + Settled.Count + Unchanged.Sum(block => block.People);
}

/// <summary>
/// Takes the rows of a segment in, each identity once. Reading and mapping them may be one thread's work, and taking them in
/// another's.
/// </summary>
internal sealed class SegmentIntake
{
    /// <summary>People in one batch, which is what one call takes.</summary>
    public const int BatchSize = 300;

    private const int MaxSettled = 10_000;

    private readonly SegmentRows _rows;
    private readonly IdentitySet _identities = new();
    private readonly Membership? _membership;
    private List<Person> _people = new(BatchSize);
    private List<Person> _leaving = [];
    private List<PersonEntry> _settled = [];
    private readonly List<UnchangedPerson> _unchanged = new(UnchangedBlock.MaxPeople);
    private List<UnchangedBlock> _blocks = [];
    private long _named;

    /// <summary>Binds a mapping to sources.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="mapping">The mapping.</param>
    /// <param name="identitiesAreLookedUp">Whether each identity goes into a lookup, which can't hold commas.</param>
    /// <param name="entered">Rows that the journal holds already, of a push that is resumed; null for a new one.</param>
    /// <param name="membership">What is known of the people of a destination; null for a push for none.</param>
    /// <exception cref="SegmentPushException">A source lacks a mapped column.</exception>
    public SegmentIntake(
        IReadOnlyList<PushSource> sources, Mapping mapping, bool identitiesAreLookedUp, EnteredRows? entered = null, Membership? membership = null)
    {
        _membership = membership;
        var mappers = sources.Select(source => source.IsEmpty ? null : mapping.Bind(source.Reader.Columns, source.Description)).ToArray();
        _rows = new SegmentRows(sources, mappers, identitiesAreLookedUp, entered, membership);
    }

    /// <summary>What has been read by now.</summary>
    public SegmentExtent Extent => new(_named, _rows.Unreadable, _rows.EndInRow);

    /// <summary>How much has been read, from 0 to 1; null where that can't be told.</summary>
    public double? Share => _rows.Share;

    /// <summary>Checks that every source has the columns of a mapping, without asking the instance.</summary>
    /// <exception cref="SegmentPushException"><c>SourceColumnNotFound</c>.</exception>
    public static void CheckColumns(IReadOnlyList<PushSource> sources, IReadOnlyList<SegmentMapping> entries)
    {
        foreach (var source in sources.Where(source => !source.IsEmpty))
        {
            foreach (var entry in entries) Mapping.FindColumn(entry, source.Reader.Columns, source.Description);
        }
    }

    /// <summary>Reads all rows and takes them in.</summary>
    public IEnumerable<IntakeBatch> Read(CancellationToken cancellation)
    {
        foreach (var rows in ReadRows(cancellation))
        {
            foreach (var batch in Take(rows)) yield return batch;
        }

        yield return TakeRest();
    }

    /// <summary>Reads and maps all rows, which are then to be taken in.</summary>
    public IEnumerable<MappedRows> ReadRows(CancellationToken cancellation) => _rows.Read(cancellation);

    /// <summary>Takes rows in. Batches of people are handed on full, so that calls are as few as can be.</summary>
    public IEnumerable<IntakeBatch> Take(MappedRows rows)
    {
        Keep(rows.Named);
        _settled.AddRange(rows.Rejected);
        foreach (var person in rows.People)
        {
            Take(person);
            if (_people.Count == BatchSize || _leaving.Count == BatchSize || IsFullOfSettled) yield return TakeFull();
        }

        // Rows that all are at fault name nobody.
        if (IsFullOfSettled) yield return TakeFull();
    }

    /// <summary>Those who are left once all rows have been taken in.</summary>
    public IntakeBatch TakeRest()
    {
        PackUnchanged();
        return new IntakeBatch(_people, _leaving, _settled, _blocks);
    }

    /// <summary>Reads all rows for those that name certain people of the snapshot.</summary>
    /// <param name="isWanted">Tells by a person's number in the snapshot.</param>
    /// <param name="cancellation">Ends it.</param>
    public List<Person> FindMembers(Func<int, bool> isWanted, CancellationToken cancellation)
    {
        var found = new List<Person>();
        foreach (var rows in ReadRows(cancellation))
        {
            Keep(rows.Named);
            foreach (var person in rows.People)
            {
                if (WhyDuplicate(person) is not null || person is not { MemberNumber: { } number, IsLeaving: false } || !isWanted(number)) continue;
                person.IsAgain = true;
                found.Add(person);
            }
        }

        return found;
    }

    private void Keep(IReadOnlyList<string> identities)
    {
        foreach (string identity in identities) _membership!.Snapshot.Keep(identity);
    }

    [MethodImpl(EveryRow.Compiled)]
    private void Take(Person person)
    {
        string? duplicate = WhyDuplicate(person);
        if (duplicate is null) _named++;
        if (person.IsEntered) return;
        if (duplicate is not null)
        {
            _settled.Add(new PersonEntry(
                person.Source, person.Row, person.Identity, PersonOutcome.Duplicate, Code: "SameIdentity", Reason: duplicate));
        }
        else if (person.IsLeaving)
        {
            _leaving.Add(person);
        }
        else if (person.IsUnchanged)
        {
            if (_unchanged.Count == UnchangedBlock.MaxPeople || (_unchanged is [var first, ..] && first.Source != person.Source)) PackUnchanged();
            _unchanged.Add(new UnchangedPerson(person.Source, person.Row, person.Identity, person.MemberId));
        }
        else
        {
            _people.Add(person);
        }
    }

    private string? WhyDuplicate(Person person)
    {
        if (_rows.IsOutdated(person)) return "A later row has the same identity, and counts.";
        return _membership?.Snapshot.Meet(person) ?? _identities.Add(person.Identity) ? null : "An earlier row has the same identity.";
    }

    private bool IsFullOfSettled => _settled.Count + (_blocks.Count * UnchangedBlock.MaxPeople) >= MaxSettled;

    private IntakeBatch TakeFull()
    {
        bool isFull = _people.Count == BatchSize, isFullOfLeaving = _leaving.Count == BatchSize;
        var batch = new IntakeBatch(isFull ? _people : [], isFullOfLeaving ? _leaving : [], _settled, _blocks);
        if (isFull) _people = new List<Person>(BatchSize);
        if (isFullOfLeaving) _leaving = [];
        _settled = [];
        _blocks = [];
        return batch;
    }

    // At once, so that as few rows as can be are in memory at a time.
    private void PackUnchanged()
    {
        if (_unchanged.Count == 0) return;
        _blocks.Add(UnchangedBlock.Pack(_unchanged, _membership!.KeyOf));
        _unchanged.Clear();
    }
}
