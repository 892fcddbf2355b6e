using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>Some rows of a segment, read and mapped.</summary>
/// <param name="Received">Number of rows.</param>
/// <param name="People">Those to push.</param>
/// <param name="Excluded">Those settled already, as rejected or duplicate.</param>
internal sealed record IntakeBatch(int Received, IReadOnlyList<Person> People, IReadOnlyList<PersonEntry> Excluded);

/// <summary>Reads the sources of a push, one after the other: rows become people, each identity once.</summary>
internal sealed class SegmentIntake
{
    /// <summary>People in one batch, which is what one call takes.</summary>
    public const int BatchSize = 300;

    private const int MaxExcluded = 1000;

    private readonly IReadOnlyList<PushSource> _sources;
    private readonly RowMapper[] _mappers;
    private readonly IdentitySet _identities = new();
    private readonly bool _identitiesAreLookedUp;
    private readonly EnteredRows? _entered;
    private int _source;

    /// <summary>Binds a mapping to sources.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="mapping">The mapping.</param>
    /// <param name="identitiesAreLookedUp">Whether each identity goes into a lookup, which can't hold commas.</param>
    /// <param name="entered">Rows that the journal holds already, of a push that is resumed; null for a new one.</param>
    /// <exception cref="SegmentPushException">A source lacks a mapped column.</exception>
    public SegmentIntake(IReadOnlyList<PushSource> sources, Mapping mapping, bool identitiesAreLookedUp, EnteredRows? entered = null)
    {
        _entered = entered;
        _sources = sources;
        _mappers = [.. sources.Select(source => mapping.Bind(source.Reader.Columns, source.Description))];
        _identitiesAreLookedUp = identitiesAreLookedUp;
    }

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
        foreach (var source in sources)
        {
            foreach (var entry in entries) Mapping.FindColumn(entry, source.Reader.Columns, source.Description);
        }
    }

    /// <summary>Reads all rows.</summary>
    public IEnumerable<IntakeBatch> Read(CancellationToken cancellation)
    {
        int received = 0;
        var people = new List<Person>(BatchSize);
        var excluded = new List<PersonEntry>();
        for (; _source < _sources.Count; Volatile.Write(ref _source, _source + 1))
        {
            var reader = _sources[_source].Reader;
            var mapper = _mappers[_source];
            CellOf cell = RejectColumns.AreIn(reader.Columns)
                ? column => RejectColumns.TakeMarkOff(reader.GetValue(column))
                : reader.GetValue;
            while (reader.Read(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();

                // Mapped all the same: its identity has been seen.
                var entry = Map(reader, mapper, cell, out var person);
                if (_entered?.Contains(_source, reader.Row) == true) continue;
                received++;
                if (entry is { } outcome) excluded.Add(outcome);
                else people.Add(person!);
                if (people.Count < BatchSize && excluded.Count < MaxExcluded) continue;

                // A batch of people is handed on full, so that calls are as few as can be.
                bool isFull = people.Count == BatchSize;
                yield return new IntakeBatch(received - (isFull ? 0 : people.Count), isFull ? people : [], excluded);
                received = isFull ? 0 : people.Count;
                if (isFull) people = new List<Person>(BatchSize);
                excluded = [];
            }
        }

        if (received > 0) yield return new IntakeBatch(received, people, excluded);
    }

    private PersonEntry? Map(ISegmentReader reader, RowMapper mapper, CellOf cell, out Person? person)
    {
        person = null;
        if (reader.Fault is { } fault)
            return new PersonEntry(_source, reader.Row, "", PersonOutcome.Rejected, Code: fault.Code, Reason: fault.Reason);

        if (mapper.Map(_source, reader.Row, cell, out person) is { } rejection) return Reject(reader, mapper, cell, rejection);

        if (_identitiesAreLookedUp && person!.Identity.Contains(',', StringComparison.Ordinal))
        {
            return Reject(reader, mapper, cell, new Rejection(
                "IdentityHasComma",
                $"Marketo can't look up a {mapper.Identity.Name} with a comma in it; correct the value, or match by another field.",
                mapper.Identity.Source,
                person.Identity.Length));
        }

        if (_identities.Add(person!.Identity)) return null;
        return new PersonEntry(
            _source, reader.Row, person.Identity, PersonOutcome.Duplicate, Code: "SameIdentity", Reason: "An earlier row has the same identity.");
    }

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
