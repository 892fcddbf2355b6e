using System.Runtime.CompilerServices;
using SegmentPush.Journal;
using SegmentPush.Mappings;
using SegmentPush.Segments;

namespace SegmentPush.Pushes;

/// <summary>Some rows of a segment, read and mapped.</summary>
/// <param name="Mapped">Those that name somebody; in a push for a destination also where they are at fault.</param>
/// <param name="Text">Their text. The reader of the rows lets it go.</param>
/// <param name="Rejected">Those that are at fault.</param>
/// <param name="First">How the rows of the push begin, up to the last of these.</param>
internal sealed record MappedRows(ArraySegment<MappedRow> Mapped, RowText Text, IReadOnlyList<PersonEntry> Rejected, LeadingRejects First) : IDisposable
{
    /// <summary>Gives the rows the hashes by which a snapshot knows them.</summary>
    public MappedRows Hash(RowHash hash)
    {
        foreach (ref var row in Mapped.AsSpan())
            row = row with { IdentityHash = hash.OfIdentity(row.Identity.Span), SentHash = hash.OfValues(row.Values) };
        return this;
    }

    public void Dispose() => Text.Dispose();
}

/// <summary>Reads the sources of a push, one after the other, and maps their rows.</summary>
/// <param name="sources">The sources.</param>
/// <param name="mappers">Map the rows of each; null for a source without any.</param>
/// <param name="identitiesAreLookedUp">Whether each identity goes into a lookup, which can't hold commas.</param>
/// <param name="entered">Rows that the journal holds already, of a push that is resumed; null for a new one.</param>
/// <param name="membership">How the rows tell who is on the list of a destination; null for a push for none.</param>
internal sealed class SegmentRows(
    IReadOnlyList<PushSource> sources,
    IReadOnlyList<RowMapper?> mappers,
    bool identitiesAreLookedUp,
    EnteredRows? entered,
    Membership? membership)
{
    // Fewer rows where they are long.
    private const int MaxCharacters = 256 * 1024;

    // Each handing over has its price, and for a destination there is one more. Without one all rows become people, who take more memory.
    private readonly int _rowsAtOnce = membership is null ? 256 : 512;

    private MembershipOfRows? _membershipOfRows;
    private SegmentReview? _review;
    private int _source;
    private long _unreadable, _nameless, _ignoredExits;
    private bool _endsInRow;
    private LeadingRejects _first;

    /// <summary>For each source the columns that say which of its rows count; null where no source has any.</summary>
    public IReadOnlyList<RowSigns?> Signs { get; init; } = new RowSigns?[sources.Count];

    /// <summary>For each source the column with the membership, where all of its rows count all the same; -1 for none.</summary>
    public IReadOnlyList<int> StatusColumns { get; init; } = [.. sources.Select(_ => -1)];

    /// <summary>Makes what must be known of all rows before the first one counts; null where nothing must.</summary>
    public Func<CancellationToken, SegmentReview>? Review { get; init; }

    /// <summary>Number of identities whose consent says no.</summary>
    public long Refused => _review?.Refused ?? 0;

    /// <summary>Rows that could not be read by now.</summary>
    public long Unreadable => _unreadable;

    /// <summary>Rows that could be read by now, and whose identity could not.</summary>
    public long Nameless => _nameless;

    /// <summary>Rows by now that say in a column of <see cref="StatusColumns"/> that their people have left the segment.</summary>
    public long IgnoredExits => _ignoredExits;

    /// <summary>How the rows begin, as far as they have been read.</summary>
    public LeadingRejects First => _first;

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
        _review = Review?.Invoke(cancellation);
        _membershipOfRows = membership?.Bind(sources, mappers, identitiesAreLookedUp, _review, cancellation);
        for (; _source < sources.Count; Volatile.Write(ref _source, _source + 1))
        {
            if (mappers[_source] is not { } mapper) continue;
            var reader = sources[_source].Reader;
            var cells = new RowCells(reader.GetValue, reader.IsTyped);
            var rows = new Rows(_rowsAtOnce);
            bool endsInRow = false;
            while (reader.Read(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                endsInRow = reader.Fault is not null;
                Map(reader, mapper, cells, entered?.Contains(_source, reader.Row) == true, rows);
                if (++rows.Count < _rowsAtOnce && rows.Text.Length < MaxCharacters) continue;
                yield return rows.ToMapped(_first);
                rows = new Rows(_rowsAtOnce);
            }

            _endsInRow |= endsInRow;
            yield return rows.ToMapped(_first);
        }
    }

    /// <summary>Whether a later row has the same identity, and counts instead.</summary>
    public bool IsOutdated(in MappedRow row) => _membershipOfRows?.IsOutdated(row) == true;

    [MethodImpl(EveryRow.Compiled)]
    private void Map(ISegmentReader reader, RowMapper mapper, RowCells cells, bool isEntered, Rows rows)
    {
        if (reader.Fault is { } fault)
        {
            _unreadable++;
            _first = _first.With(isRejected: true);
            if (!isEntered) rows.Rejected.Add(new PersonEntry(_source, reader.Row, "", PersonOutcome.Rejected, Code: fault.Code, Reason: RowPlace.Add(reader, fault.Reason)));
            return;
        }

        if (StatusColumns[_source] is >= 0 and var status && SegmentMembership.Parse(cells[status]) == false) _ignoredExits++;
        bool? isIn = _membershipOfRows is null ? true : _membershipOfRows.IsIn(_source, cells);
        Rejection? unknownConsent = null;
        if (Signs[_source] is { } signs && isIn != false && Exclude(signs, reader, mapper, cells, out unknownConsent) is { } excluded)
        {
            _first = _first.With(isRejected: false);
            if (!isEntered) rows.Rejected.Add(excluded);
            return;
        }

        var rejection = isIn == false
            ? mapper.MapLeaving(_source, reader.Row, cells, rows.Text, out var mapped)
            : mapper.Map(_source, reader.Row, cells, rows.Text, out mapped);
        rejection = Rejection.Join(unknownConsent, rejection);
        if (isIn is null) rejection = Rejection.Join(_membershipOfRows!.Unknown(_source, cells), rejection);
        if (rejection is null && identitiesAreLookedUp && mapped.Identity.Span.Contains(',')) rejection = HasComma(mapper, mapped);
        _first = _first.With(isRejected: rejection is not null);
        if (rejection is null)
        {
            // The journal has an outcome for the row. Its identity counts as seen all the same.
            rows.Add(isEntered ? mapped with { IsEntered = true } : mapped);
            return;
        }

        var identity = mapper.KeyOf(cells);
        bool isNameless = mapper.IsNameless(cells);
        if (isNameless) _nameless++;
        if (membership is not null && !isNameless)
            rows.Add(new MappedRow(_source, reader.Row, rows.Text.Add(identity), default) { IsAtFault = true });
        if (!isEntered) rows.Rejected.Add(Reject(reader, identity.ToString(), rejection));
    }

    // Whether a row does not count. First comes who is in, then the identity, then the consent, and last which of several rows is the newest.
    private PersonEntry? Exclude(RowSigns signs, ISegmentReader reader, RowMapper mapper, RowCells cells, out Rejection? unknownConsent)
    {
        unknownConsent = null;
        CellOf cellOf = reader.GetValue;
        bool isNamed = mapper.ReadIdentity(cells[mapper.Identity.Column], cells.IsTyped(mapper.Identity.Column), out var key) is null;
        if (signs.IsAudience && !signs.IsIn(cellOf)) return Exclude(reader, key, PersonOutcome.NotMember, ExcludedRow.Exited);
        if (signs.IsAudience && cells[mapper.Identity.Column].IsWhiteSpace()) return Exclude(reader, key, PersonOutcome.NoIdentity, ExcludedRow.NoIdentity);
        var consent = signs.Consent?.Read(cellOf, key) ?? ConsentAnswer.Open;
        if (consent == ConsentAnswer.No) return Exclude(reader, key, PersonOutcome.NoConsent, ExcludedRow.NoConsent);
        if (isNamed && _review!.IsRefused(key)) return Exclude(reader, key, PersonOutcome.NoConsent, ExcludedRow.NoConsentElsewhere);
        if (consent == ConsentAnswer.NotUnderstood) unknownConsent = signs.Consent!.NotUnderstood(cellOf, key);
        else if (isNamed && _review!.IsUnclear(key)) unknownConsent = ConsentColumns.NotUnderstoodElsewhere();
        return isNamed && signs.IsAudience && _review!.IsOutdated(key, signs, cellOf)
            ? Exclude(reader, key, PersonOutcome.Duplicate, ExcludedRow.Older)
            : null;
    }

    private PersonEntry Exclude(ISegmentReader reader, ReadOnlySpan<char> identity, PersonOutcome outcome, ExcludedRow why) => new(
        _source,
        reader.Row,
        identity.Length <= EmailAddress.MaxLength ? identity.ToString() : "",
        outcome,
        Code: why.Code,
        Reason: why.Reason);

    private static Rejection HasComma(RowMapper mapper, in MappedRow mapped) => new(
        SettledPerson.NotSearchableCode,
        SettledPerson.NotSearchableReason(mapper.Identity.Name),
        mapper.Identity.Source,
        mapped.Identity.Length);

    // The identity is kept as far as it is one, so that the person can be found again.
    private PersonEntry Reject(ISegmentReader reader, string identity, Rejection rejection) => new(
        _source,
        reader.Row,
        identity.Length <= EmailAddress.MaxLength ? identity : "",
        PersonOutcome.Rejected,
        Code: rejection.Code,
        Reason: RowPlace.Add(reader, rejection.Reason),
        Column: rejection.Column,
        ValueLength: rejection.ValueLength);

    private sealed class Rows(int most)
    {
        private readonly MappedRow[] _mapped = new MappedRow[most];
        private int _taken;

        public int Count { get; set; }

        public RowText Text { get; } = new();

        public List<PersonEntry> Rejected { get; } = [];

        public void Add(in MappedRow row) => _mapped[_taken++] = row;

        public MappedRows ToMapped(LeadingRejects first) => new(new ArraySegment<MappedRow>(_mapped, 0, _taken), Text, Rejected, first);
    }
}
