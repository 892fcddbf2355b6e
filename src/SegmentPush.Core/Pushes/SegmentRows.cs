using System.Runtime.CompilerServices;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Pushes.InStep;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>Some rows of a segment, read and mapped.</summary>
/// <param name="People">Those that name somebody; entered ones are those that the journal has an outcome for.</param>
/// <param name="Rejected">Those that are at fault.</param>
/// <param name="Named">Identities of rows at fault: their people are in the segment, although nothing can be sent for them.</param>
internal sealed record MappedRows(IReadOnlyList<Person> People, IReadOnlyList<PersonEntry> Rejected, IReadOnlyList<string> Named);

/// <summary>Reads the sources of a push, one after the other, and maps their rows.</summary>
/// <param name="sources">The sources.</param>
/// <param name="mappers">Map the rows of each; null for a source without any.</param>
/// <param name="identitiesAreLookedUp">Whether each identity goes into a lookup, which can't hold commas.</param>
/// <param name="entered">Rows that the journal holds already, of a push that is resumed; null for a new one.</param>
/// <param name="membership">What is known of the people of a destination; null for a push for none.</param>
internal sealed class SegmentRows(
    IReadOnlyList<PushSource> sources, IReadOnlyList<RowMapper?> mappers, bool identitiesAreLookedUp, EnteredRows? entered, Membership? membership)
{
    private const int RowsAtOnce = 256;

    private MembershipOfRows? _membershipOfRows;
    private int _source;
    private long _unreadable;
    private bool _endsInRow;

    /// <summary>Rows that could not be read by now.</summary>
    public long Unreadable => _unreadable;

    /// <summary>Whether a source ended in the middle of a row, as far as it has been read.</summary>
    public bool EndInRow => _endsInRow;

    /// <summary>How much has been read, from 0 to 1; null where that can't be told.</summary>
    public double? Share
    {
        get
        {
            int source = Volatile.Read(ref _source);
            if (source >= sources.Count) return 1;
            return sources[source].Reader.Progress is { } progress ? (source + progress) / sources.Count : null;
        }
    }

    /// <summary>Reads all rows.</summary>
    public IEnumerable<MappedRows> Read(CancellationToken cancellation)
    {
        _membershipOfRows = membership?.Bind(sources, mappers, cancellation);
        for (; _source < sources.Count; Volatile.Write(ref _source, _source + 1))
        {
            if (mappers[_source] is not { } mapper) continue;
            var reader = sources[_source].Reader;
            var cell = CellsOf(reader);
            var rows = new Rows();
            bool endsInRow = false;
            while (reader.Read(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                endsInRow = reader.Fault is not null;
                Map(reader, mapper, cell, entered?.Contains(_source, reader.Row) == true, rows);
                if (++rows.Count < RowsAtOnce) continue;
                yield return rows.ToMapped();
                rows = new Rows();
            }

            _endsInRow |= endsInRow;
            yield return rows.ToMapped();
        }
    }

    /// <summary>The cells of a source, without the marks that a reject file puts before some.</summary>
    public static CellOf CellsOf(ISegmentReader reader) => RejectColumns.AreIn(reader.Columns)
        ? column => RejectColumns.TakeMarkOff(reader.GetValue(column))
        : reader.GetValue;

    /// <summary>Whether a later row has the same identity, and counts instead.</summary>
    public bool IsOutdated(Person person) => _membershipOfRows?.IsOutdated(person) == true;

    [MethodImpl(EveryRow.Compiled)]
    private void Map(ISegmentReader reader, RowMapper mapper, CellOf cell, bool isEntered, Rows rows)
    {
        if (reader.Fault is { } fault)
        {
            _unreadable++;
            if (!isEntered) rows.Rejected.Add(new PersonEntry(_source, reader.Row, "", PersonOutcome.Rejected, Code: fault.Code, Reason: fault.Reason));
            return;
        }

        Person? person = null;
        bool? isIn = _membershipOfRows is null ? true : _membershipOfRows.IsIn(_source, cell);
        var rejection = isIn switch
        {
            true => mapper.Map(_source, reader.Row, cell, out person),
            false => mapper.MapLeaving(_source, reader.Row, cell, out person),
            null => _membershipOfRows!.Unknown(_source, cell),
        };
        if (rejection is null && identitiesAreLookedUp && person!.Identity.Contains(',', StringComparison.Ordinal))
        {
            rejection = new Rejection(
                "IdentityHasComma",
                $"Marketo can't look up a {mapper.Identity.Name} with a comma in it; correct the value, or match by another field.",
                mapper.Identity.Source,
                person.Identity.Length);
        }

        if (rejection is null)
        {
            // Of whom the journal has an outcome, the identity has been seen all the same.
            person!.IsEntered = isEntered;
            rows.People.Add(person);
            return;
        }

        string identity = cell(mapper.Identity.Column).Trim().ToString();
        if (membership is not null) rows.Named.Add(identity);
        if (!isEntered) rows.Rejected.Add(Reject(reader.Row, identity, rejection));
    }

    // The identity is kept as far as it is one, so that the person can be found again.
    private PersonEntry Reject(long row, string identity, Rejection rejection) => new(
        _source,
        row,
        identity.Length <= EmailAddress.MaxLength ? identity : "",
        PersonOutcome.Rejected,
        Code: rejection.Code,
        Reason: rejection.Reason,
        Column: rejection.Column,
        ValueLength: rejection.ValueLength);

    private sealed class Rows
    {
        public int Count { get; set; }

        public List<Person> People { get; } = new(RowsAtOnce);

        public List<PersonEntry> Rejected { get; } = [];

        public List<string> Named { get; } = [];

        public MappedRows ToMapped() => new(People, Rejected, Named);
    }
}
