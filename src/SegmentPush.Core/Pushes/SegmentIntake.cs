using System.Runtime.CompilerServices;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Pushes.InStep;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>Some rows of a segment, read and mapped.</summary>
/// <param name="Received">Number of rows.</param>
/// <param name="People">Those to push.</param>
/// <param name="Leaving">Those to take off the list.</param>
/// <param name="Settled">Those settled already, as rejected or duplicate.</param>
/// <param name="Unchanged">Those for whom there is nothing to do.</param>
internal sealed record IntakeBatch(
    int Received, IReadOnlyList<Person> People, IReadOnlyList<Person> Leaving, IReadOnlyList<PersonEntry> Settled, IReadOnlyList<UnchangedPerson> Unchanged);

/// <summary>Reads the sources of a push, one after the other: rows become people, each identity once.</summary>
internal sealed class SegmentIntake
{
    /// <summary>People in one batch, which is what one call takes.</summary>
    public const int BatchSize = 300;

    private const int MaxSettled = 10_000;

    private readonly IReadOnlyList<PushSource> _sources;
    private readonly RowMapper?[] _mappers;
    private readonly IdentitySet _identities = new();
    private readonly Membership? _membership;
    private readonly bool _identitiesAreLookedUp;
    private readonly EnteredRows? _entered;
    private int _source;
    private long _people;
    private long _unreadable;
    private bool _endsInRow;

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
        _entered = entered;
        _sources = sources;
        _mappers = [.. sources.Select(source => source.IsEmpty ? null : mapping.Bind(source.Reader.Columns, source.Description))];
        _identitiesAreLookedUp = identitiesAreLookedUp;
        _membership = membership;
    }

    /// <summary>What has been read by now.</summary>
    public SegmentExtent Extent => new(_people, _unreadable, _endsInRow);

    /// <summary>How much has been read, from 0 to 1; null where that can't be told.</summary>
    public double? Share
    {
        get
        {
            int source = Volatile.Read(ref _source);
            if (source >= _sources.Count) return 1;
            return _sources[source].Reader.Progress is { } progress ? (source + progress) / _sources.Count : null;
        }
    }

    /// <summary>Checks that every source has the columns of a mapping, without asking the instance.</summary>
    /// <exception cref="SegmentPushException"><c>SourceColumnNotFound</c>.</exception>
    public static void CheckColumns(IReadOnlyList<PushSource> sources, IReadOnlyList<SegmentMapping> entries)
    {
        foreach (var source in sources.Where(source => !source.IsEmpty))
        {
            foreach (var entry in entries) Mapping.FindColumn(entry, source.Reader.Columns, source.Description);
        }
    }

    /// <summary>Reads all rows.</summary>
    public IEnumerable<IntakeBatch> Read(CancellationToken cancellation)
    {
        int received = 0;
        var people = new List<Person>(BatchSize);
        var leaving = new List<Person>();
        var settled = new List<PersonEntry>();
        var unchanged = new List<UnchangedPerson>();
        var memberships = _membership?.Bind(_sources, _mappers, cancellation);
        for (; _source < _sources.Count; Volatile.Write(ref _source, _source + 1))
        {
            if (_mappers[_source] is not { } mapper) continue;
            var reader = _sources[_source].Reader;
            var cell = CellsOf(reader);
            bool endsInRow = false;
            while (reader.Read(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();

                // Mapped all the same: its identity has been seen.
                var entry = Map(reader, mapper, cell, memberships, out var person);
                endsInRow = reader.Fault is not null;
                if (_entered?.Contains(_source, reader.Row) == true) continue;
                received++;
                if (entry is { } outcome) settled.Add(outcome);
                else if (person!.IsLeaving) leaving.Add(person);
                else if (person.IsUnchanged) unchanged.Add(new UnchangedPerson(_source, reader.Row, person.Identity, person.MemberId));
                else people.Add(person);
                if (people.Count < BatchSize && leaving.Count < BatchSize && settled.Count + unchanged.Count < MaxSettled) continue;

                // Batches of people are handed on full, so that calls are as few as can be.
                bool isFull = people.Count == BatchSize, isFullOfLeaving = leaving.Count == BatchSize;
                int kept = (isFull ? 0 : people.Count) + (isFullOfLeaving ? 0 : leaving.Count);
                yield return new IntakeBatch(received - kept, isFull ? people : [], isFullOfLeaving ? leaving : [], settled, unchanged);
                received = kept;
                if (isFull) people = new List<Person>(BatchSize);
                if (isFullOfLeaving) leaving = [];
                settled = [];
                unchanged = [];
            }

            _endsInRow |= endsInRow;
        }

        if (received > 0) yield return new IntakeBatch(received, people, leaving, settled, unchanged);
    }

    /// <summary>Reads all rows for those that name certain people of the snapshot.</summary>
    /// <param name="isWanted">Tells by a person's number in the snapshot.</param>
    /// <param name="cancellation">Ends it.</param>
    public List<Person> FindMembers(Func<int, bool> isWanted, CancellationToken cancellation)
    {
        var found = new List<Person>();
        var memberships = _membership?.Bind(_sources, _mappers, cancellation);
        for (; _source < _sources.Count; _source++)
        {
            if (_mappers[_source] is not { } mapper) continue;
            var reader = _sources[_source].Reader;
            var cell = CellsOf(reader);
            while (reader.Read(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                Map(reader, mapper, cell, memberships, out var person);
                if (person is not { MemberNumber: { } number, IsLeaving: false } || !isWanted(number)) continue;
                person.IsAgain = true;
                found.Add(person);
            }
        }

        return found;
    }

    private static CellOf CellsOf(ISegmentReader reader) => RejectColumns.AreIn(reader.Columns)
        ? column => RejectColumns.TakeMarkOff(reader.GetValue(column))
        : reader.GetValue;

    [MethodImpl(EveryRow.Compiled)]
    private PersonEntry? Map(ISegmentReader reader, RowMapper mapper, CellOf cell, MembershipOfRows? memberships, out Person? person)
    {
        person = null;
        if (reader.Fault is { } fault)
        {
            _unreadable++;
            return new PersonEntry(_source, reader.Row, "", PersonOutcome.Rejected, Code: fault.Code, Reason: fault.Reason);
        }

        bool? isIn = memberships is null ? true : memberships.IsIn(_source, cell);
        var rejection = isIn switch
        {
            true => mapper.Map(_source, reader.Row, cell, out person),
            false => mapper.MapLeaving(_source, reader.Row, cell, out person),
            null => memberships!.Unknown(_source, cell),
        };
        if (rejection is null && _identitiesAreLookedUp && person!.Identity.Contains(',', StringComparison.Ordinal))
        {
            rejection = new Rejection(
                "IdentityHasComma",
                $"Marketo can't look up a {mapper.Identity.Name} with a comma in it; correct the value, or match by another field.",
                mapper.Identity.Source,
                person.Identity.Length);
        }

        if (rejection is not null)
        {
            _membership?.Snapshot.Keep(cell(mapper.Identity.Column).Trim());
            return Reject(reader, mapper, cell, rejection);
        }

        if (memberships?.IsOutdated(person!) == true) return Duplicate(person!, "A later row has the same identity, and counts.");
        if (!(_membership?.Snapshot.Meet(person!) ?? _identities.Add(person!.Identity)))
            return Duplicate(person!, "An earlier row has the same identity.");
        _people++;
        return null;
    }

    private PersonEntry Duplicate(Person person, string reason) => new(
        _source, person.Row, person.Identity, PersonOutcome.Duplicate, Code: "SameIdentity", Reason: reason);

    private PersonEntry Reject(ISegmentReader reader, RowMapper mapper, CellOf cell, Rejection rejection)
    {
        // The identity is kept as far as it is one, so that the person can be found again.
        var identity = cell(mapper.Identity.Column).Trim();
        return new PersonEntry(
            _source,
            reader.Row,
            identity.Length <= EmailAddress.MaxLength ? identity.ToString() : "",
            PersonOutcome.Rejected,
            Code: rejection.Code,
            Reason: rejection.Reason,
            Column: rejection.Column,
            ValueLength: rejection.ValueLength);
    }
}
