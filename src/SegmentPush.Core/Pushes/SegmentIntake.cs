using System.Runtime.CompilerServices;
using SegmentPush.Journal;
using SegmentPush.Lists;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>Some people of a segment, and what is to be done with them.</summary>
/// <param name="People">Those to push.</param>
/// <param name="Leaving">Those to take off the list.</param>
/// <param name="Settled">Those settled already, as rejected or duplicate.</param>
/// <param name="Unchanged">Those that need no call.</param>
internal sealed record IntakeBatch(
    IReadOnlyList<Person> People, IReadOnlyList<Person> Leaving, IReadOnlyList<PersonEntry> Settled, IReadOnlyList<UnchangedBlock> Unchanged)
{
    /// <summary>Values of these people that were left out, because they are not right for their fields.</summary>
    public long ValuesLeftOut { get; init; }

    /// <summary>Number of rows.</summary>
    public int Received => People.Count + Leaving.Count + Settled.Count + Unchanged.Sum(block => block.People);
}

/// <summary>
/// Takes the rows of a segment in, each identity once. Reading and mapping them may be one thread's work, making their hashes
/// another's, and taking them in a third one's.
/// </summary>
internal sealed class SegmentIntake
{
    /// <summary>People in one batch, which is what one call takes.</summary>
    public const int BatchSize = 300;

    // As many are in memory until they are entered; unchanged people are packed, and each transaction has its price.
    private const int MaxSettled = 10_000, MaxBlocks = 50;

    // Rows that are read and mapped, or hashed, and not taken in yet, some hundred at once: few enough for a processor's cache.
    private const int RowsAhead = 2;

    private readonly IReadOnlyList<PushSource> _sources;
    private readonly SegmentRows _rows;
    private readonly IdentitySet _identities = new();
    private readonly RowHash? _hash;
    private Snapshot? _snapshot;
    private List<Person> _people = new(BatchSize);
    private List<Person> _leaving = [];
    private List<PersonEntry> _settled = [];
    private readonly UnchangedBlock.Packer _unchanged;
    private List<UnchangedBlock> _blocks = [];
    private long _named;

    /// <summary>Binds a mapping to sources.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="mapping">The mapping.</param>
    /// <param name="use">What the push does with it.</param>
    /// <param name="identitiesAreLookedUp">Whether each identity goes into a lookup, which can't hold commas.</param>
    /// <param name="entered">Rows that the journal holds already, of a push that is resumed; null for a new one.</param>
    /// <param name="membership">How the rows tell who is on the list of a destination; null for a push for none.</param>
    /// <param name="ignoresConsent">Whether people whose consent says no are pushed all the same.</param>
    /// <exception cref="SegmentPushException">A source lacks a mapped column.</exception>
    public SegmentIntake(
        IReadOnlyList<PushSource> sources,
        Mapping mapping,
        MappingUse use,
        bool identitiesAreLookedUp,
        EnteredRows? entered = null,
        Membership? membership = null,
        bool ignoresConsent = false)
    {
        _sources = sources;
        LeftOut = new LeftOutValues(mapping);
        _hash = membership?.Hash;
        _unchanged = new UnchangedBlock.Packer(membership?.KeyOf);
        var mappers = sources.Select(source => source.IsEmpty ? null : mapping.Bind(source.Reader.Columns, source.FindColumn, source.Description, UseOf(source, use), source.IsPipeline)).ToArray();
        RowSigns?[] signs = [.. sources.Select((source, i) => RowSigns.Find(source, source.FindColumn, source.FindConsents, mappers[i]?.FindsByAddress == true, ignoresConsent))];
        bool areAsked = signs.Any(one => one is not null);
        LacksConsent = !ignoresConsent && Array.Exists(signs, one => one is { IsAudience: true, Consent: null });
        _rows = new SegmentRows(sources, mappers, identitiesAreLookedUp, entered, membership)
        {
            // A no in one source counts for the rows of all others.
            Signs = areAsked ? [.. signs.Select(one => one ?? RowSigns.None)] : signs,
            StatusColumns = [.. sources.Select(source => membership?.HasExits == true || source.IsEmpty || source.Audience is not null ? -1 : FindStatus(source))],
            Review = areAsked ? stop => SegmentReview.Of(sources, mappers, identitiesAreLookedUp, ignoresConsent, stop) : null,
        };
    }

    /// <summary>What has been read by now.</summary>
    public SegmentExtent Extent => new(_named + _rows.Refused, _rows.Unreadable, _rows.Nameless, _rows.EndInRow, PushSource.EndWithLine(_sources)) { Missing = PushSource.CountMissing(_sources) };

    /// <summary>How the rows begin, as far as they have been read.</summary>
    public LeadingRejects First => _rows.First;

    /// <summary>Whether profiles of an audience are pushed whose consent nobody knows, though it is asked for.</summary>
    public bool LacksConsent { get; }

    /// <summary>Rows by now that say that their people have left the segment, where nobody reads that.</summary>
    public long IgnoredExits => _rows.IgnoredExits;

    /// <summary>How much has been read, from 0 to 1; null where that can't be told.</summary>
    public double? Share => _rows.Share;

    /// <summary>Values that were left out by now, of rows that a process before has entered too.</summary>
    public LeftOutValues LeftOut { get; }

    /// <summary>Sets the snapshot that the rows are compared with, before the first of them are taken in.</summary>
    public void UseSnapshot(Snapshot snapshot) => _snapshot = snapshot;

    /// <summary>Reads all rows and takes them in.</summary>
    public IEnumerable<IntakeBatch> Read(CancellationToken cancellation)
    {
        foreach (var rows in ReadRows(cancellation))
        {
            foreach (var batch in Take(rows)) yield return batch;
        }

        yield return TakeRest();
    }

    /// <summary>Reads and maps rows on one thread, and makes their hashes on another, ahead of where they are taken in.</summary>
    public IAsyncEnumerable<MappedRows> ReadRowsAheadAsync(CancellationToken cancellation)
    {
        return _hash is null ? Mapped(cancellation) : ReadAhead.Of(HashedAsync, RowsAhead, cancellation);

        IAsyncEnumerable<MappedRows> Mapped(CancellationToken stop) => ReadAhead.Of(_rows.Read, RowsAhead, stop);

        async IAsyncEnumerable<MappedRows> HashedAsync([EnumeratorCancellation] CancellationToken stop)
        {
            await foreach (var rows in Mapped(stop).ConfigureAwait(false)) yield return rows.Hash(_hash);
        }
    }

    /// <summary>Takes rows in, and lets them go. Batches of people are handed on full, so that calls are as few as can be.</summary>
    public IEnumerable<IntakeBatch> Take(MappedRows rows)
    {
        using (rows)
        {
            _settled.AddRange(rows.Rejected);
            foreach (var row in rows.Mapped)
            {
                Take(row);
                if (_people.Count == BatchSize || _leaving.Count == BatchSize || IsFullOfSettled) yield return TakeFull();
            }

            // Rows that all are at fault name nobody.
            if (IsFullOfSettled) yield return TakeFull();
        }
    }

    /// <summary>Those who are left once all rows have been taken in.</summary>
    public IntakeBatch TakeRest()
    {
        PackUnchanged();
        return new IntakeBatch(_people, _leaving, _settled, _blocks) { ValuesLeftOut = LeftOut.TakeUncounted() };
    }

    /// <summary>Reads all rows for those that count and name certain members.</summary>
    /// <param name="members">The members by the keys of their identities.</param>
    /// <param name="cancellation">Ends it.</param>
    public List<Person> FindRows(ILookup<MemberKey, SnapshotMember> members, CancellationToken cancellation)
    {
        var found = new List<Person>();
        var seen = new HashSet<MemberKey>();
        foreach (var rows in ReadRows(cancellation))
        {
            using (rows)
            {
                foreach (var row in rows.Mapped)
                {
                    if (row.IsAtFault || _rows.IsOutdated(row)) continue;
                    var key = MemberTable.KeyOf(row.IdentityHash);
                    if (members.Contains(key) && seen.Add(key)) found.Add(PersonOf(row, new SnapshotMatch(members[key].First(), false), isAgain: true));
                }
            }
        }

        return found;
    }

    /// <summary>Reads all rows for those at certain places.</summary>
    /// <param name="places">Source and number of each.</param>
    /// <param name="cancellation">Ends it.</param>
    public List<Person> FindRows(IReadOnlySet<(int Source, long Row)> places, CancellationToken cancellation)
    {
        var found = new List<Person>(places.Count);
        foreach (var rows in ReadRows(cancellation))
        {
            using (rows) found.AddRange(rows.Mapped.Where(row => !row.IsAtFault && places.Contains((row.Source, row.Row))).Select(row => PersonOf(row, default)));
        }

        return found;
    }

    private IEnumerable<MappedRows> ReadRows(CancellationToken cancellation) =>
        _hash is null ? _rows.Read(cancellation) : _rows.Read(cancellation).Select(rows => rows.Hash(_hash));

    [MethodImpl(EveryRow.Compiled)]
    private void Take(in MappedRow row)
    {
        if (row.IsAtFault)
        {
            _snapshot!.NoteNamed(row.IdentityHash);
            return;
        }

        string? duplicate = WhyDuplicate(row, out var met);
        if (duplicate is null)
        {
            _named++;
            if (row.LeftOut is not null) LeftOut.Add(row.LeftOut);
        }

        if (row.IsEntered) return;
        if (duplicate is not null)
        {
            _settled.Add(new PersonEntry(
                row.Source, row.Row, row.Identity.ToString(), PersonOutcome.Duplicate, Code: "SameIdentity", Reason: duplicate));
        }
        else if (row.IsLeaving)
        {
            _leaving.Add(PersonOf(row, met));
        }
        else if (met.IsUnchanged)
        {
            if (!_unchanged.HasRoomFor(row.Source)) PackUnchanged();
            _unchanged.Add(row.Source, row.Row, row.Identity.Span, met.Member!.Value.MarketoId);
        }
        else
        {
            _people.Add(PersonOf(row, met));
        }
    }

    private string? WhyDuplicate(in MappedRow row, out SnapshotMatch met)
    {
        met = default;
        if (_rows.IsOutdated(row)) return MessageText.Say("A later row has the same identity, and counts.");
        bool isFirst = _hash is null
            ? _identities.Add(row.Identity.Span)
            : _snapshot!.TryName(row.IdentityHash, row.SentHash, row.IsLeaving, out met);
        return isFirst ? null : MessageText.Say("An earlier row has the same identity.");
    }

    private static Person PersonOf(in MappedRow row, in SnapshotMatch met, bool isAgain = false) => new(row.Source, row.Row, row.Identity.ToString(), row.Values.Copy())
    {
        IdentityHash = row.IdentityHash,
        SentHash = row.SentHash,
        MemberNumber = met.Member?.Number,
        MemberId = met.Member?.MarketoId,
        DoubtedMemberId = met.Member?.DoubtedId,
        Twins = met.NumbersOfTwins,
        IsLeaving = row.IsLeaving,
        IsMatchOnly = row.IsMatchOnly,
        IsAgain = isAgain,
    };

    private bool IsFullOfSettled => _settled.Count >= MaxSettled || _blocks.Count >= MaxBlocks;

    private IntakeBatch TakeFull()
    {
        bool isFull = _people.Count == BatchSize, isFullOfLeaving = _leaving.Count == BatchSize;
        bool isFullOfBlocks = _blocks.Count >= MaxBlocks;
        var batch = new IntakeBatch(isFull ? _people : [], isFullOfLeaving ? _leaving : [], _settled, isFullOfBlocks ? _blocks : [])
        {
            ValuesLeftOut = LeftOut.TakeUncounted(),
        };
        if (isFull) _people = new List<Person>(BatchSize);
        if (isFullOfLeaving) _leaving = [];
        _settled = [];
        if (isFullOfBlocks) _blocks = [];
        return batch;
    }

    // At once, so that as few rows as can be are in memory at a time.
    private void PackUnchanged()
    {
        if (_unchanged.Count > 0) _blocks.Add(_unchanged.Pack());
    }

    // Of several memberships nobody knows which one is that of the segment.
    private static int FindStatus(PushSource source) => SegmentMembership.FindUsual(source.Reader.Columns) is [var one] ? source.FindColumn(source.Reader.Columns[one]) : -1;

    // Semicolons part cells where the comma stands before a fraction, so that a point may stand between thousands there.
    private static MappingUse UseOf(PushSource source, MappingUse use) =>
        source.File?.Form.Dialect?.Delimiter == ';' ? use with { Values = use.Values with { IsPointUnclear = true } } : use;
}
